import NIOCore
import NIOPosix
import Testing

/// A connection that does what a well-behaved client would not.
struct RawConnection {
    private var incoming: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outgoing: NIOAsyncChannelOutboundWriter<ByteBuffer>
    /// Everything received so far.
    private(set) var received = ""

    /// Connects, runs the body, and closes the connection.
    static func open<Value: Sendable>(
        port: Int, _ body: @Sendable (inout RawConnection) async throws -> Value
    ) async throws -> Value {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "localhost", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var connection = RawConnection(incoming: inbound.makeAsyncIterator(), outgoing: outbound)
            return try await body(&connection)
        }
    }

    private init(
        incoming: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        outgoing: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.incoming = incoming
        self.outgoing = outgoing
    }

    func send(_ text: String) async throws { try await outgoing.write(ByteBuffer(string: text)) }

    /// Sends a POST request.
    func post(_ path: String, _ body: String, headers: [String] = []) async throws {
        let head = ["POST \(path) HTTP/1.1", "Host: localhost", "Content-Type: application/json"]
        let lines = head + headers + ["Content-Length: \(body.utf8.count)", "", body]
        try await send(lines.joined(separator: "\r\n"))
    }

    /// Reads until a text has come.
    ///
    /// - Returns: False if the server closed the connection before.
    mutating func read(until text: String) async throws -> Bool {
        while !received.contains(text) {
            guard let buffer = try await incoming.next() else { return false }
            received += String(buffer: buffer)
        }
        return true
    }

    /// Reads until the server closes the connection.
    mutating func readToEnd() async throws {
        while let buffer = try await incoming.next() { received += String(buffer: buffer) }
    }
}
