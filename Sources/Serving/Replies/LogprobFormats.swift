import Inference
import JSON

extension TokenNames {
    /// One entry of a chat reply's `logprobs.content`.
    func chatEntry(_ logprobs: TokenLogprobs) -> JSONValue {
        var entry = chatToken(logprobs.chosen)
        entry["top_logprobs"] = .array(logprobs.top.map { .object(chatToken($0)) })
        return .object(entry)
    }

    private func chatToken(_ entry: TokenLogprobs.Entry) -> JSONObject {
        JSONObject([
            ("token", .string(name(entry.token))), ("logprob", Self.value(entry.logprob)),
            ("bytes", bytes(entry.token).map { .array($0.map { .integer(Int($0)) }) } ?? .null),
        ])
    }

    /// vLLM's `prompt_logprobs`: null for the first token, then for each the chosen one and the alternatives by id.
    func promptLogprobs(_ report: PromptReport) -> JSONValue {
        .array(
            [.null]
                + report.logprobs.map { position in
                    let entries = [position.chosen] + position.top.filter { $0.token != position.chosen.token }
                    return .object(JSONObject(entries.map { (String($0.token), promptEntry($0)) }))
                })
    }

    private func promptEntry(_ entry: TokenLogprobs.Entry) -> JSONValue {
        [
            "logprob": Self.value(entry.logprob), "rank": .integer(entry.rank),
            "decoded_token": .string(name(entry.token)),
        ]
    }
}

/// The older form of log-probabilities, in `/v1/completions`: four parallel arrays.
struct LegacyLogprobs {
    private let names: TokenNames
    private var offset = 0
    private var offsets: [JSONValue] = [], tokens: [JSONValue] = [], logprobs: [JSONValue] = [], top: [JSONValue] = []

    init(names: TokenNames) { self.names = names }

    var isEmpty: Bool { tokens.isEmpty }

    /// A token without a probability: the first of a prompt.
    mutating func append(_ token: Int32) { append(name: names.name(token), logprob: .null, top: .null) }

    mutating func append(_ token: TokenLogprobs) {
        var alternatives = JSONObject()
        for entry in token.top + [token.chosen] where alternatives[names.name(entry.token)] == nil {
            alternatives[names.name(entry.token)] = TokenNames.value(entry.logprob)
        }
        append(
            name: names.name(token.chosen.token), logprob: TokenNames.value(token.chosen.logprob),
            top: .object(alternatives))
    }

    private mutating func append(name: String, logprob: JSONValue, top alternatives: JSONValue) {
        offsets.append(.integer(offset))
        offset += name.unicodeScalars.count
        tokens.append(.string(name))
        logprobs.append(logprob)
        top.append(alternatives)
    }

    /// The arrays since the last call; offsets go on.
    mutating func take() -> JSONValue {
        defer { (offsets, tokens, logprobs, top) = ([], [], [], []) }
        return [
            "text_offset": .array(offsets), "token_logprobs": .array(logprobs), "tokens": .array(tokens),
            "top_logprobs": .array(top),
        ]
    }
}
