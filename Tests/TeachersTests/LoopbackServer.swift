import Locking
import NIOCore
import NIOPosix

/// A server on loopback that answers each request as a test says.
final class LoopbackServer: Sendable {
    /// What becomes of a request.
    enum Answer: Sendable {
        case json(String, status: String = "200 OK", headers: String = "")
        /// Part of an answer, and then the connection is closed.
        case broken
        /// An answer of which a byte comes now and then, without end.
        case dripping
        /// Nothing, ever.
        case silence
    }

    private let channel: any Channel
    private let received: Locked<[String]>

    /// The requests so far, head and body.
    var requests: [String] { received.withLock { $0 } }
    var url: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)" }

    private init(channel: any Channel, received: Locked<[String]>) {
        self.channel = channel
        self.received = received
    }

    /// Runs `body` with a server that answers the request of each number, counted from 0.
    static func with(
        _ answer: @escaping @Sendable (Int) -> Answer, _ body: (LoopbackServer) async throws -> Void
    ) async throws {
        try await with(answering: { number, _ in answer(number) }, body)
    }

    /// Runs `body` with a server that answers by number and by what was sent, head and body.
    static func with(
        answering answer: @escaping @Sendable (Int, String) -> Answer, _ body: (LoopbackServer) async throws -> Void
    ) async throws {
        let received = Locked([String]())
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Answerer(answer: answer, received: received))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = LoopbackServer(channel: channel, received: received)
        do {
            try await body(server)
            try await channel.close()
        } catch {
            try? await channel.close()
            throw error
        }
    }

    private final class Answerer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let answer: @Sendable (Int, String) -> Answer
        private let received: Locked<[String]>
        private var request = ""
        private var isAnswered = false

        init(answer: @escaping @Sendable (Int, String) -> Answer, received: Locked<[String]>) {
            self.answer = answer
            self.received = received
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            request += String(buffer: unwrapInboundIn(data))
            guard !isAnswered, isWhole else { return }
            isAnswered = true
            let number = received.withLock { [request] list in
                list.append(request)
                return list.count - 1
            }
            switch answer(number, request) {
            case .json(let body, let status, let headers):
                let head =
                    "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\n\(headers)Content-Length:"
                    + " \(body.utf8.count)\r\nConnection: close\r\n\r\n"
                send(head + body, context.channel)
            case .broken:
                send(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{\"cho",
                    context.channel)
            case .dripping: drip(context.channel)
            case .silence: break
            }
        }

        private func drip(_ channel: any Channel) {
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{"
            channel.writeAndFlush(ByteBuffer(string: head), promise: nil)
            channel.eventLoop.scheduleRepeatedTask(initialDelay: .milliseconds(50), delay: .milliseconds(50)) { task in
                guard channel.isActive else { return task.cancel() }
                channel.writeAndFlush(ByteBuffer(string: " "), promise: nil)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func send(_ text: String, _ channel: any Channel) {
            channel.writeAndFlush(ByteBuffer(string: text)).whenComplete { _ in channel.close(promise: nil) }
        }

        private var isWhole: Bool {
            guard let head = request.firstRange(of: "\r\n\r\n") else { return false }
            let lines = request[..<head.lowerBound].lowercased().split(separator: "\r\n")
            let length = lines.first { $0.hasPrefix("content-length:") }.flatMap { Int($0.split(separator: " ")[1]) }
            return request[head.upperBound...].utf8.count >= length ?? 0
        }
    }
}
