import Inference

/// Something to tell a chat client about one choice.
struct ChatUpdate {
    var choice: Int
    var delta: ReplyDelta?
    /// Tokens since the choice's last update, and their log-probabilities if asked for.
    var tokens: [Int32] = []
    var logprobs: [TokenLogprobs] = []
    var ending: ReplyEnding?
}

/// How a choice ended, in OpenAI's words.
struct ReplyEnding: Equatable {
    /// `stop`, `length` or `tool_calls`.
    var reason: String
    /// The stop string or token that ended it.
    var stop: FinishReason
}

/// One choice of a chat reply in the making.
struct ChatChoice {
    /// What the request lets through.
    struct Rules {
        var toolChoice = ToolChoice.none
        var includesReasoning = true
    }

    private let index: Int
    private let rules: Rules
    private var parser: ReplyParser
    private var tokens: [Int32] = []
    private var logprobs: [TokenLogprobs] = []

    init(index: Int, parser: ReplyParser, rules: Rules) {
        self.index = index
        self.parser = parser
        self.rules = rules
    }

    mutating func receive(_ token: GeneratedToken) -> [ChatUpdate] {
        tokens.append(token.id)
        if let entry = token.logprobs { logprobs.append(entry) }
        return updates(for: parser.append(token.text))
    }

    mutating func finish(_ summary: GenerationSummary) -> [ChatUpdate] {
        let deltas = parser.append(summary.trailingText) + parser.finish(truncated: summary.reason == .length)
        var updates = updates(for: deltas)
        var last = takeUpdate()
        last.ending = ReplyEnding(reason: reason(summary.reason), stop: summary.reason)
        updates.append(last)
        return updates
    }

    private mutating func updates(for deltas: [ReplyDelta]) -> [ChatUpdate] {
        var updates: [ChatUpdate] = []
        for delta in deltas {
            if case .reasoning = delta, !rules.includesReasoning { continue }
            var update = takeUpdate()
            update.delta = delta
            updates.append(update)
        }
        return updates
    }

    private mutating func takeUpdate() -> ChatUpdate {
        defer { (tokens, logprobs) = ([], []) }
        return ChatUpdate(choice: index, tokens: tokens, logprobs: logprobs)
    }

    /// A named tool was not the model's decision, so its reply just stops.
    private func reason(_ reason: FinishReason) -> String {
        guard reason != .length else { return "length" }
        switch rules.toolChoice {
        case .automatic, .required: return parser.toolCallCount > 0 ? "tool_calls" : "stop"
        case .none, .named: return "stop"
        }
    }
}
