import Inference
import Logging
import NIOPosix
import Serving
import Testing

@Suite("Starting the server", .timeLimit(.minutes(1)))
struct StartTests {
    @Test("a port in use is told, with what to do")
    func portInUse() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let other = try await ServerBootstrap(group: group).bind(host: "127.0.0.1", port: 0).get()
        var options = ServerOptions()
        options.port = try #require(other.localAddress?.port)
        await #expect(throws: ServerStartError.addressInUse(host: "127.0.0.1", port: options.port)) {
            try await AnnieServer.run(slot: ModelSlot(), options: options, logger: .silent)
        }
        try await other.close()
    }

    @Test("an address that is not this machine's is told", arguments: ["192.0.2.1", "no such host.invalid"])
    func foreignAddress(host: String) async throws {
        var options = ServerOptions()
        options.host = host
        options.port = 0
        await #expect(throws: ServerStartError.noSuchAddress(host: host, port: 0)) {
            try await AnnieServer.run(slot: ModelSlot(), options: options, logger: .silent)
        }
    }
}
