import Inference
import JSON

/// A whole choice, gathered from the updates that a stream would have sent.
struct ChatMessageFold {
    private struct Call {
        var id: String, name: String
        var arguments = ""
    }

    private var content: String
    private var reasoning = ""
    private var calls: [Call] = []
    private var tokens: [Int32] = []
    private var logprobs: [TokenLogprobs] = []
    private var ending: ReplyEnding?

    /// - Parameter echo: text that stands before the reply's own.
    init(echo: String) { content = echo }

    mutating func add(_ update: ChatUpdate) {
        tokens += update.tokens
        logprobs += update.logprobs
        ending = update.ending ?? ending
        switch update.delta {
        case .content(let text): content += text
        case .reasoning(let text): reasoning += text
        case .toolCallStart(_, let id, let name): calls.append(Call(id: id, name: name))
        case .toolCallArguments(let index, let text) where calls.indices.contains(index): calls[index].arguments += text
        case .toolCallArguments, nil: break
        }
    }

    /// The choice in JSON.
    func object(index: Int, format: ChatFormat) -> JSONValue {
        var choice = JSONObject([
            ("index", .integer(index)), ("message", message(format)),
            ("logprobs", format.wantsLogprobs ? format.logprobs(logprobs) : .null),
            ("finish_reason", ending.map { .string($0.reason) } ?? .null),
            ("stop_reason", ending?.stop.stopReason ?? .null),
        ])
        if format.wantsTokens { choice["token_ids"] = .array(tokens.map { .integer(Int($0)) }) }
        return .object(choice)
    }

    private func message(_ format: ChatFormat) -> JSONValue {
        let saysOtherThings = !reasoning.isEmpty || !calls.isEmpty
        var message = JSONObject([
            ("role", .string(format.role)),
            ("content", content.isEmpty && saysOtherThings ? .null : .string(content)), ("refusal", .null),
        ])
        for name in format.reasoningFields { message[name] = reasoning.isEmpty ? .null : .string(reasoning) }
        message["tool_calls"] = .array(
            calls.map { call in
                [
                    "id": .string(call.id), "type": "function",
                    "function": ["name": .string(call.name), "arguments": .string(call.arguments)],
                ]
            })
        return .object(message)
    }
}
