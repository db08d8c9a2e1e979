import Foundation
import Locking
import NIOCore
import NIOHTTP1
import NIOPosix

/// A request as the server saw it.
struct HubRequest: Sendable {
    let path: String
    /// Names in lower case.
    let headers: [String: String]
}

/// What the server answers.
struct HubResponse: Sendable {
    var status = 200
    var headers: [String: String] = [:]
    var body: [UInt8] = []
    /// Closes the connection after so many bytes of the body.
    var cutAfter: Int?
}

/// An HTTP server on the loopback interface that answers as it is told and remembers what it was asked.
final class HubServer: Sendable {
    private let channel: any Channel
    private let log: RequestLog

    /// `http://127.0.0.1:PORT`
    var endpoint: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)" }
    /// All requests so far.
    var requests: [HubRequest] { log.requests.withLock { $0 } }

    init(_ respond: @escaping @Sendable (HubRequest) -> HubResponse) async throws {
        let log = RequestLog()
        self.log = log
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(HubHandler(log: log, respond: respond))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    func stop() async { try? await channel.close() }
}

private final class RequestLog: Sendable {
    let requests = Locked<[HubRequest]>([])
}

private final class HubHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let log: RequestLog
    private let respond: @Sendable (HubRequest) -> HubResponse
    private var head: HTTPRequestHead?

    init(log: RequestLog, respond: @escaping @Sendable (HubRequest) -> HubResponse) {
        self.log = log
        self.respond = respond
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            guard let head else { return }
            let headers = Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { $1 }
            let request = HubRequest(path: head.uri, headers: headers)
            log.requests.withLock { $0.append(request) }
            write(respond(request), context)
        }
    }

    private func write(_ response: HubResponse, _ context: ChannelHandlerContext) {
        var headers = HTTPHeaders(response.headers.map { ($0.key, $0.value) })
        headers.replaceOrAdd(name: "Content-Length", value: "\(response.body.count)")
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: response.status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let sent = response.body.prefix(response.cutAfter ?? response.body.count)
        let body = HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: sent)))
        guard response.cutAfter == nil else {
            let channel = context.channel
            channel.writeAndFlush(body).whenComplete { _ in channel.close(promise: nil) }
            return
        }
        context.write(wrapOutboundOut(body), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
