import Inference
import JSON

/// Something to tell a completion client about one choice.
struct CompletionUpdate {
    var choice: Int
    var text = ""
    var tokens: [Int32] = []
    var ending: FinishReason?
}

/// One choice of a completion in the making.
struct CompletionChoice {
    let index: Int
    let prompt: [Int32]
    private let echo: String?
    private let wantsLogprobs: Bool
    /// Whether only the prompt was asked about.
    let discardsReply: Bool
    private var logprobs: LegacyLogprobs
    private(set) var promptReport: PromptReport?

    /// - Parameters:
    ///   - echo: the prompt's text, if the reply starts with it.
    ///   - discardsReply: whether only the prompt was asked about.
    init(index: Int, prompt: [Int32], echo: String?, wantsLogprobs: Bool, discardsReply: Bool, names: TokenNames) {
        self.index = index
        self.prompt = prompt
        self.echo = echo
        self.wantsLogprobs = wantsLogprobs
        self.discardsReply = discardsReply
        logprobs = LegacyLogprobs(names: names)
    }

    mutating func receive(_ report: PromptReport) -> CompletionUpdate? {
        promptReport = report
        guard let echo else { return nil }
        if wantsLogprobs, let first = prompt.first {
            logprobs.append(first)
            for position in report.logprobs { logprobs.append(position) }
        }
        return CompletionUpdate(choice: index, text: echo)
    }

    mutating func receive(_ token: GeneratedToken) -> CompletionUpdate? {
        guard !discardsReply else { return nil }
        if wantsLogprobs, let entry = token.logprobs { logprobs.append(entry) }
        return CompletionUpdate(choice: index, text: token.text, tokens: [token.id])
    }

    func finish(_ summary: GenerationSummary) -> CompletionUpdate {
        CompletionUpdate(choice: index, text: discardsReply ? "" : summary.trailingText, ending: summary.reason)
    }

    /// The log-probabilities since the last call, or null if there are none.
    mutating func takeLogprobs() -> JSONValue { logprobs.isEmpty ? .null : logprobs.take() }
}
