import Locking
import NIOCore
import NIOPosix

/// A server on loopback that takes one request a connection and answers with bytes as a test cuts them.
final class RawServer: Sendable {
    /// What it sends, in order.
    enum Step: Sendable {
        case bytes([UInt8])
        /// Waits, so that what was sent before travels alone.
        case pause
        /// Hangs up.
        case close
        /// Resets the connection.
        case abort
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

    /// Runs `body` with a server that answers every request with these steps.
    static func with(_ steps: [Step], _ body: (RawServer) async throws -> Void) async throws {
        let received = Locked([String]())
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Answerer(steps: steps, received: received))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = RawServer(channel: channel, received: received)
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

        private let steps: [Step]
        private let received: Locked<[String]>
        private var request = ""
        private var isAnswering = false

        init(steps: [Step], received: Locked<[String]>) {
            self.steps = steps
            self.received = received
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            request += String(buffer: unwrapInboundIn(data))
            guard !isAnswering, isWhole else { return }
            isAnswering = true
            received.withLock { [request] in $0.append(request) }
            send(steps[...], context.channel)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private var isWhole: Bool {
            guard let head = request.firstRange(of: "\r\n\r\n") else { return false }
            let lines = request[..<head.lowerBound].lowercased().split(separator: "\r\n")
            let length = lines.first { $0.hasPrefix("content-length:") }.flatMap { Int($0.split(separator: " ")[1]) }
            return request[head.upperBound...].utf8.count >= length ?? 0
        }

        private func send(_ steps: ArraySlice<Step>, _ channel: any Channel) {
            guard let step = steps.first else { return }
            let rest = steps.dropFirst()
            switch step {
            case .bytes(let bytes):
                channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
                send(rest, channel)
            case .pause:
                let loop = channel.eventLoop
                let sender = NIOLoopBound(self, eventLoop: loop)
                loop.scheduleTask(in: .milliseconds(2)) { sender.value.send(rest, channel) }
            case .close: channel.close(promise: nil)
            case .abort:
                let linger = (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                (linger ?? channel.eventLoop.makeSucceededVoidFuture()).whenComplete { _ in
                    channel.close(promise: nil)
                }
            }
        }
    }
}

extension [RawServer.Step] {
    /// A stream of events, its bytes cut after every `cut` of them.
    static func stream(_ text: String, cut: Int = .max, ending: RawServer.Step = .close) -> [RawServer.Step] {
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
        var steps: [RawServer.Step] = [.bytes([UInt8](head.utf8)), .pause]
        var rest = [UInt8](text.utf8)[...]
        while !rest.isEmpty {
            steps += [.bytes([UInt8](rest.prefix(cut))), .pause]
            rest = rest.dropFirst(cut)
        }
        return steps + [ending]
    }

    /// A whole answer.
    static func answer(_ status: String, _ body: String, type: String = "application/json") -> [RawServer.Step] {
        let head =
            "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n"
        return [.bytes([UInt8]((head + body).utf8)), .close]
    }
}
