import Inference
import JSON

/// How a completion is written in JSON.
struct CompletionFormat: Sendable {
    let header: ReplyHeader
    let names: TokenNames
    let wantsTokens: Bool

    /// A chunk for an update.
    func chunk(_ update: CompletionUpdate, logprobs: JSONValue, usage: JSONValue?) -> JSONValue {
        var object = header.object("text_completion")
        object["choices"] = [.object(choice(update, logprobs: logprobs))]
        object["usage"] = usage
        return .object(object)
    }

    /// The chunk after the last choice, with the usage alone.
    func closing(usage: JSONValue) -> JSONValue {
        var object = header.object("text_completion")
        object["choices"] = []
        object["usage"] = usage
        return .object(object)
    }

    /// A choice, of a chunk or of a whole reply.
    func choice(_ update: CompletionUpdate, logprobs: JSONValue) -> JSONObject {
        var choice = JSONObject([
            ("index", .integer(update.choice)), ("text", .string(update.text)), ("logprobs", logprobs),
            ("finish_reason", update.ending.map { .string($0.name) } ?? .null),
            ("stop_reason", update.ending?.stopReason ?? .null),
        ])
        if wantsTokens { choice["token_ids"] = .array(update.tokens.map { .integer(Int($0)) }) }
        return choice
    }
}
