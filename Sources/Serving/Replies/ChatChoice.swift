import Inference

/// Something to tell a chat client about one choice.
struct ChatUpdate {
    var choice: Int
    var delta: ChatDelta?
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
        var allowsParallelCalls = true
        var includesReasoning = true
    }

    private let index: Int
    private let rules: Rules
    private var reader: any ReplyReader
    private var hasCalls = false
    private var tokens: [Int32] = []
    private var logprobs: [TokenLogprobs] = []

    init(index: Int, reader: any ReplyReader, rules: Rules) {
        self.index = index
        self.reader = reader
        self.rules = rules
    }

    mutating func receive(_ token: GeneratedToken) -> [ChatUpdate] {
        tokens.append(token.id)
        if let entry = token.logprobs { logprobs.append(entry) }
        return updates(for: reader.read(token.text))
    }

    mutating func finish(_ summary: GenerationSummary) -> [ChatUpdate] {
        var deltas = summary.trailingText.isEmpty ? [] : reader.read(summary.trailingText)
        deltas += reader.finish()
        var updates = updates(for: deltas)
        var last = takeUpdate()
        last.ending = ReplyEnding(reason: reason(summary.reason), stop: summary.reason)
        updates.append(last)
        return updates
    }

    private mutating func updates(for deltas: [ChatDelta]) -> [ChatUpdate] {
        var updates: [ChatUpdate] = []
        for delta in deltas where isAllowed(delta) {
            if case .toolCallStart = delta { hasCalls = true }
            var update = takeUpdate()
            update.delta = delta
            updates.append(update)
        }
        return updates
    }

    private func isAllowed(_ delta: ChatDelta) -> Bool {
        switch delta {
        case .reasoning: rules.includesReasoning
        case .content: true
        case .toolCallStart(let index, _, _), .toolCallArguments(let index, _): rules.allowsParallelCalls || index == 0
        }
    }

    private mutating func takeUpdate() -> ChatUpdate {
        defer { (tokens, logprobs) = ([], []) }
        return ChatUpdate(choice: index, tokens: tokens, logprobs: logprobs)
    }

    /// A named tool was not the model's decision, so its reply just stops.
    private func reason(_ reason: FinishReason) -> String {
        guard reason != .length else { return "length" }
        switch rules.toolChoice {
        case .automatic, .required: return hasCalls ? "tool_calls" : "stop"
        case .none, .named: return "stop"
        }
    }
}
