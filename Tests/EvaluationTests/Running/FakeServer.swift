import Foundation
import JSON
import Locking
import NIOCore
import NIOHTTP1
import NIOPosix

/// An OpenAI-compatible server on loopback with a personality.
final class FakeServer: Sendable {
    /// What it does with a request.
    enum Reply: Sendable {
        /// Streams this, word by word.
        case says(String)
        /// Streams a call, its arguments in two parts, after saying this.
        case calls(String, String, saying: String = "")
        /// Streams this and stops at the limit of tokens.
        case isCutOff(String)
        /// Fails with a status.
        case status(Int)
        /// Begins and hangs up.
        case breaksOff
        /// Never answers.
        case stalls
        /// A whole JSON body, for what does not stream.
        case json(JSONValue)
    }

    private let channel: any Channel
    private let received: Locked<[JSONValue]>
    /// The bodies it got, in their order.
    var requests: [JSONValue] { received.withLock { $0 } }
    var url: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)/v1" }

    /// - Parameter personality: Answers a request's path and body.
    init(_ personality: @escaping @Sendable (String, JSONValue) -> Reply) async throws {
        let received = Locked([JSONValue]())
        self.received = received
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Answerer(received, personality))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    func stop() async { try? await channel.close() }

    /// A server that answers chats alone, by the last message and the whole body.
    static func chat(_ reply: @escaping @Sendable (JSONValue) -> Reply) async throws -> FakeServer {
        try await FakeServer { path, body in
            path.hasSuffix("/models") ? .json(["data": [["id": "fake"]]]) : reply(body)
        }
    }
}

private final class Answerer: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let received: Locked<[JSONValue]>
    private let personality: @Sendable (String, JSONValue) -> FakeServer.Reply
    private var path = "", body = ""

    init(_ received: Locked<[JSONValue]>, _ personality: @escaping @Sendable (String, JSONValue) -> FakeServer.Reply) {
        self.received = received
        self.personality = personality
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): (path, body) = (head.uri, "")
        case .body(let buffer): body += String(buffer: buffer)
        case .end:
            let json = (try? JSONValue(parsing: body)) ?? .null
            if json != .null { received.withLock { $0.append(json) } }
            answer(personality(path, json), context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ reply: FakeServer.Reply, _ context: ChannelHandlerContext) {
        switch reply {
        case .says(let text): stream(words(text) + [end("stop")], context)
        case .isCutOff(let text): stream(words(text) + [end("length")], context)
        case .calls(let name, let arguments, let text):
            let half = arguments.prefix(arguments.count / 2)
            let first: JSONValue = [
                "index": 0, "id": "x", "type": "function",
                "function": ["name": .string(name), "arguments": .string(String(half))],
            ]
            let second: JSONValue = [
                "index": 0, "function": ["arguments": .string(String(arguments.dropFirst(half.count)))],
            ]
            stream(
                words(text) + [chunk(["tool_calls": [first]]), chunk(["tool_calls": [second]]), end("tool_calls")],
                context)
        case .status(let code):
            whole(["error": ["message": "no"]], status: HTTPResponseStatus(statusCode: code), context)
        case .json(let value): whole(value, status: .ok, context)
        case .breaksOff:
            write(head(.ok, "text/event-stream"), chunk(["content": "I am"]), context)
            context.close(promise: nil)
        case .stalls: break
        }
    }

    private func words(_ text: String) -> [String] {
        text.split(separator: " ", omittingEmptySubsequences: false).enumerated().map {
            chunk(["content": .string(($0 > 0 ? " " : "") + $1)])
        }
    }

    private func chunk(_ delta: JSONValue) -> String {
        "data: " + (["choices": [["index": 0, "delta": delta, "finish_reason": nil]]] as JSONValue).text() + "\n\n"
    }

    private func end(_ reason: String) -> String {
        let last: JSONValue = ["choices": [["index": 0, "delta": [:], "finish_reason": .string(reason)]]]
        let usage: JSONValue = ["choices": [], "usage": ["prompt_tokens": 10, "completion_tokens": 5]]
        return "data: \(last.text())\n\ndata: \(usage.text())\n\ndata: [DONE]\n\n"
    }

    private func head(_ status: HTTPResponseStatus, _ type: String) -> HTTPResponseHead {
        HTTPResponseHead(version: .http1_1, status: status, headers: ["Content-Type": type, "Connection": "close"])
    }

    private func stream(_ events: [String], _ context: ChannelHandlerContext) {
        write(head(.ok, "text/event-stream"), events.joined(), context)
        finish(context)
    }

    private func whole(_ value: JSONValue, status: HTTPResponseStatus, _ context: ChannelHandlerContext) {
        write(head(status, "application/json"), value.text(), context)
        finish(context)
    }

    private func write(_ head: HTTPResponseHead, _ text: String, _ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
    }

    private func finish(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in bound.value.close(promise: nil) }
    }
}
