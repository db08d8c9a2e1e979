import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// A request's body took too long.
struct BodyTimeout: Error {}

/// Watches one connection: a client that leaves, a body that drips, a reply that is not read, and the server's stop.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let table: ConnectionTable
    private let gate: RequestGate
    private let bodyBytes: Int
    private let bodyLimit: TimeAmount, writeLimit: TimeAmount
    private var bodyTimer: Scheduled<Void>?, writeTimer: Scheduled<Void>?

    init(table: ConnectionTable, gate: RequestGate, limits: ServerLimits) {
        self.table = table
        self.gate = gate
        bodyBytes = limits.bodyBytes
        bodyLimit = TimeAmount(.seconds(limits.bodySeconds))
        writeLimit = TimeAmount(.seconds(limits.stalledWriteSeconds))
    }

    func handlerAdded(context: ChannelHandlerContext) { table.add(context.channel) }

    func handlerRemoved(context: ChannelHandlerContext) { leave(context) }

    func channelInactive(context: ChannelHandlerContext) {
        leave(context)
        context.fireChannelInactive()
    }

    private func leave(_ context: ChannelHandlerContext) {
        bodyTimer?.cancel()
        writeTimer?.cancel()
        table.remove(context.channel)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let request):
            startBodyTimer(context)
            inviteBody(of: request, context)
        case .body: break
        case .end:
            bodyTimer?.cancel()
            bodyTimer = nil
        }
        context.fireChannelRead(data)
    }

    private func startBodyTimer(_ context: ChannelHandlerContext) {
        bodyTimer?.cancel()
        bodyTimer = context.eventLoop.assumeIsolated().scheduleTask(in: bodyLimit) {
            context.fireErrorCaught(BodyTimeout())
        }
    }

    /// Clients with a large body ask first, and wait a second for an answer that nobody else gives.
    private func inviteBody(of request: HTTPRequest, _ context: ChannelHandlerContext) {
        guard request.headerFields[.expect]?.lowercased() == "100-continue" else { return }
        let length = request.headerFields[.contentLength].flatMap { Int($0) } ?? 0
        guard length <= bodyBytes else { return }
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        writeTimer?.cancel()
        writeTimer = nil
        if !context.channel.isWritable {
            writeTimer = context.eventLoop.assumeIsolated().scheduleTask(in: writeLimit) { context.close(promise: nil) }
        }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed: table.clientLeft(context.channel)
        case is ChannelShouldQuiesceEvent: gate.drain { [table] in table.closeAll() }
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}
