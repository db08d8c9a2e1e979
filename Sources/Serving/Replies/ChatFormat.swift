import Inference
import JSON

/// How a chat reply is written in JSON.
struct ChatFormat: Sendable {
    let header: ReplyHeader
    let names: TokenNames
    let role: String
    let reasoningFields: [String]
    let wantsLogprobs: Bool
    let wantsTokens: Bool

    // MARK: Chunks

    /// The first chunk of each choice.
    func opening(choice: Int, promptTokens: [Int32], usage: JSONValue?) -> JSONValue {
        let delta: JSONValue = ["role": .string(role), "content": ""]
        var chunk = self.chunk(choices: [choiceObject(choice, delta: delta)], usage: usage)
        if wantsTokens { chunk["prompt_token_ids"] = .array(promptTokens.map { .integer(Int($0)) }) }
        return .object(chunk)
    }

    /// A chunk for an update.
    func chunk(_ update: ChatUpdate, usage: JSONValue?) -> JSONValue {
        let delta = update.delta.map { self.delta($0) } ?? JSONObject()
        var choice = choiceObject(update.choice, delta: .object(delta)).object ?? JSONObject()
        if wantsLogprobs, !update.logprobs.isEmpty { choice["logprobs"] = logprobs(update.logprobs) }
        if let ending = update.ending {
            choice["finish_reason"] = .string(ending.reason)
            choice["stop_reason"] = ending.stop.stopReason
        }
        if wantsTokens { choice["token_ids"] = .array(update.tokens.map { .integer(Int($0)) }) }
        return .object(chunk(choices: [.object(choice)], usage: usage))
    }

    /// The chunk after the last choice, with the usage alone.
    func closing(usage: JSONValue) -> JSONValue { .object(chunk(choices: [], usage: usage)) }

    private func chunk(choices: [JSONValue], usage: JSONValue?) -> JSONObject {
        var chunk = header.object("chat.completion.chunk")
        chunk["choices"] = .array(choices)
        chunk["usage"] = usage
        return chunk
    }

    private func choiceObject(_ index: Int, delta: JSONValue) -> JSONValue {
        ["index": .integer(index), "delta": delta, "logprobs": .null, "finish_reason": .null]
    }

    private func delta(_ delta: ReplyDelta) -> JSONObject {
        switch delta {
        case .content(let text): JSONObject([("content", .string(text))])
        case .reasoning(let text): JSONObject(reasoningFields.map { ($0, .string(text)) })
        case .toolCallStart(let index, let id, let name):
            toolCall([
                "index": .integer(index), "id": .string(id), "type": "function",
                "function": ["name": .string(name), "arguments": ""],
            ])
        case .toolCallArguments(let index, let text):
            toolCall(["index": .integer(index), "function": ["arguments": .string(text)]])
        }
    }

    private func toolCall(_ call: JSONValue) -> JSONObject { JSONObject([("tool_calls", .array([call]))]) }

    func logprobs(_ entries: [TokenLogprobs]) -> JSONValue { ["content": .array(entries.map(names.chatEntry))] }
}
