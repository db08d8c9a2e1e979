import Foundation
import Locking
import NIOCore
import NIOHTTP1
import NIOPosix

/// An HTTP server on the loopback interface that answers every request in one way, and remembers what it was asked.
final class LocalServer: Sendable {
    /// What a request is answered with.
    enum Answer: Sendable {
        case json(String)
        case status(Int, headers: [String: String] = [:])
        /// Nothing at all.
        case silence
        /// A head, and then nothing.
        case headOnly
        /// Bytes without end.
        case flood
        /// A closed connection.
        case close
    }

    struct Request: Sendable {
        var method: String
        var path: String
        var headers: [String: String]
        var body: String
    }

    private let channel: any Channel
    private let log: RequestLog

    var url: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)" }
    var requests: [Request] { log.requests.withLock { $0 } }

    init(_ answer: Answer) async throws {
        let log = RequestLog()
        self.log = log
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(AnswerHandler(log: log, answer: answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    func stop() async { try? await channel.close() }
}

private final class RequestLog: Sendable {
    let requests = Locked<[LocalServer.Request]>([])
}

private final class AnswerHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let log: RequestLog
    private let answer: LocalServer.Answer
    private var request = LocalServer.Request(method: "", path: "", headers: [:], body: "")

    init(log: RequestLog, answer: LocalServer.Answer) {
        self.log = log
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            let headers = Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { $1 }
            request = .init(method: head.method.rawValue, path: head.uri, headers: headers, body: "")
        case .body(let buffer): request.body += String(buffer: buffer)
        case .end:
            let request = request
            log.requests.withLock { $0.append(request) }
            respond(context)
        }
    }

    private func respond(_ context: ChannelHandlerContext) {
        switch answer {
        case .silence: break
        case .close: context.close(promise: nil)
        case .json(let text): write(context, 200, ["Content-Type": "application/json"], text)
        case .status(let status, let headers): write(context, status, headers, "<html>no</html>")
        case .headOnly: writeHead(context, 200, ["Content-Length": "100"])
        case .flood:
            writeHead(context, 200, ["Transfer-Encoding": "chunked"])
            flood(context)
        }
    }

    private func write(_ context: ChannelHandlerContext, _ status: Int, _ headers: [String: String], _ text: String) {
        writeHead(context, status, headers.merging(["Content-Length": "\(text.utf8.count)"]) { $1 })
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    private func writeHead(_ context: ChannelHandlerContext, _ status: Int, _ headers: [String: String]) {
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: status),
            headers: HTTPHeaders(headers.map { ($0.key, $0.value) }))
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    private func flood(_ context: ChannelHandlerContext) {
        let body = HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(repeating: 0x20, count: 1 << 16)))
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(body)).whenSuccess {
            let (handler, context) = bound.value
            handler.flood(context)
        }
    }
}
