import Foundation
import Testing
import annie

@Suite("Where the server listens")
struct ListeningTests {
    @Test("loopback addresses are told from those that others can reach")
    func loopback() {
        for host in ["127.0.0.1", "127.8.9.1", "localhost", "LOCALHOST", "::1"] { #expect(isLoopback(host)) }
        for host in ["0.0.0.0", "::", "192.168.1.4", "127.example.org", "127.0.0.1.example.org", ""] {
            #expect(!isLoopback(host))
        }
    }

    @Test("a port that is taken is an error that names it, and a free one is returned")
    func taken() throws {
        let port = try freePort(host: "127.0.0.1", port: 0)
        #expect(try freePort(host: "127.0.0.1", port: port) == port)
        let holder = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(holder) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(holder, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(bound == 0 && listen(holder, 1) == 0)
        #expect(throws: PortError.inUse(host: "127.0.0.1", port: port)) {
            try freePort(host: "127.0.0.1", port: port)
        }
    }

    @Test("an address that is not this machine's cannot be listened on")
    func foreign() {
        #expect(throws: PortError.self) { try freePort(host: "203.0.113.7", port: 0) }
        #expect(throws: PortError.self) { try freePort(host: "no such host", port: 0) }
    }
}
