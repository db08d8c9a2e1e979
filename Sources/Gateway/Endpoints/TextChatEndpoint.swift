import Companion
import Hummingbird
import JSON
import NIOCore
import Serving

/// `POST /v1/chat`: a typed turn, answered by server-sent events.
struct TextChatEndpoint: Sendable {
    let desk: SessionDesk

    func respond(_ request: Request) async throws -> Response {
        let object = try await request.jsonObject(upTo: Limits.body)
        guard let message = object["message"]?.string, !message.allSatisfy(\.isWhitespace) else {
            throw APIError.invalid("message", "must be a text that is not empty")
        }
        guard message.utf8.count <= Limits.message else {
            throw APIError.invalid("message", "is longer than \(Limits.message) bytes; send it in parts")
        }
        if let session = object["session_id"], !session.isNull, session.string == nil {
            throw APIError.invalid("session_id", "must be a string")
        }
        let (id, conversation) = try await desk.conversation(object["session_id"]?.string)
        let reply = try await conversation.begin(message)
        // The user's words are on the disk before the first byte of the answer says that they were taken.
        try await reply.commit()
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-cache",
                .init("X-Accel-Buffering")!: "no",
            ],
            body: ResponseBody { writer in
                await Self.tell(reply, session: id, to: &writer)
                try await writer.finish(nil)
            })
    }

    /// Tells the reply as it comes. When nobody reads any more, it ends where it was read.
    private static func tell(_ reply: any Reply, session: String, to writer: inout any ResponseBodyWriter) async {
        var shown = ""
        do {
            try await writer.write(event("session", ["session_id": .string(session)]))
            for await event in reply.events {
                if case .text(let delta) = event { shown += delta }
                if case .restarted = event { shown = "" }
                guard let (name, data) = describe(event) else { continue }
                try await writer.write(Self.event(name, data))
            }
            await reply.complete()
        } catch {
            await reply.interrupt(heard: shown)
        }
    }

    private static func describe(_ event: ReplyEvent) -> (String, JSONValue)? {
        switch event {
        case .text(let delta): ("text", ["delta": .string(delta)])
        case .clause: nil
        case .toolStarted(let call):
            (
                "tool",
                [
                    "phase": "started", "id": .string(call.id), "name": .string(call.name),
                    "arguments": .string(call.arguments),
                ]
            )
        case .toolFinished(let call, let result, let isError):
            (
                "tool",
                [
                    "phase": "finished", "id": .string(call.id), "name": .string(call.name),
                    "arguments": .string(call.arguments), "result": .string(result), "is_error": .bool(isError),
                ]
            )
        case .restarted: ("restarted", .object(JSONObject()))
        case .finished(let summary): ("done", ["text": .string(summary.text), "timings": timings(summary)])
        case .failed(let message): ("error", ["message": .string(message)])
        }
    }

    /// Milliseconds, as the page shows them.
    private static func timings(_ summary: ReplySummary) -> JSONValue {
        func milliseconds(_ seconds: Double?) -> JSONValue {
            seconds.map { .integer(Int(($0 * 1000).rounded())) } ?? .null
        }
        func count(_ tokens: Int?) -> JSONValue { tokens.map { .integer($0) } ?? .null }
        return [
            "first_token": milliseconds(summary.firstToken), "first_clause": milliseconds(summary.firstClause),
            "total": milliseconds(summary.total), "prompt_tokens": count(summary.promptTokens),
            "cached_tokens": count(summary.cachedTokens), "completion_tokens": count(summary.completionTokens),
        ]
    }

    private static func event(_ name: String, _ data: JSONValue) -> ByteBuffer {
        ByteBuffer(string: "event: \(name)\ndata: \(data.text(.compact))\n\n")
    }
}

/// Bounds on what one request may bring.
enum Limits {
    static let body = 1 << 20, message = 32 << 10, offer = 256 << 10
}
