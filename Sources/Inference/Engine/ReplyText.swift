import Tokenization

/// Turns a reply's tokens into text: whole characters only, and nothing that may yet be part of a stop string.
struct ReplyText {
    private var detokenizer: IncrementalDetokenizer?
    private var stops: StopMatcher

    init(tokenizer: Tokenizer?, request: GenerationRequest) {
        detokenizer = tokenizer.map { IncrementalDetokenizer($0, skipsSpecialTokens: request.skipsSpecialTokens) }
        stops = StopMatcher(request.stop.strings, includesStopString: request.stop.includesStopString)
    }

    /// The text that became certain with a token, and the stop string it completed, if any.
    mutating func append(_ token: Int32) -> StopMatcher.Step {
        stops.append(detokenizer?.append(token) ?? "")
    }

    /// What was held back, when no more tokens come.
    mutating func finish() -> StopMatcher.Step {
        var step = stops.append(detokenizer?.finish() ?? "")
        if step.stop == nil { step.text += stops.finish() }
        return step
    }
}
