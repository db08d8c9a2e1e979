import Inference

/// One reply, as far as it has come.
package struct ChatReply: Sendable {
    /// The text so far.
    package private(set) var text = ""
    /// How it went; nil if it was stopped.
    package private(set) var summary: GenerationSummary?
    private var tokens = 0

    package init() {}

    /// Takes an event in, and returns the text it brings.
    package mutating func take(_ event: GenerationEvent) -> String {
        var piece = ""
        switch event {
        case .prompt: break
        case .token(let token):
            tokens += 1
            piece = token.text
        case .finished(let summary):
            self.summary = summary
            piece = summary.trailingText
        }
        text += piece
        return piece
    }

    /// The line under the reply.
    package var statistics: String {
        guard let summary else { return "stopped after \(tokens) tokens" }
        var parts = ["\(summary.completionTokens) tokens"]
        if summary.completionTokens > 1, summary.decodeSeconds > 0 {
            parts.append("\(Int(Double(summary.completionTokens - 1) / summary.decodeSeconds)) tok/s")
        }
        parts.append("first token \(Int((summary.queueSeconds + summary.prefillSeconds) * 1000)) ms")
        parts.append(
            "prompt \(summary.promptTokens)" + (summary.cachedTokens > 0 ? " (\(summary.cachedTokens) cached)" : ""))
        if summary.reason == .length { parts.append("cut at the limit") }
        return parts.joined(separator: ", ")
    }
}

/// What a session's replies come to.
package struct ChatTotals: Sendable {
    private var replies = 0, promptTokens = 0, cachedTokens = 0, completionTokens = 0
    private var prefillSeconds = 0.0, decodeSeconds = 0.0

    package init() {}

    package mutating func add(_ reply: ChatReply) {
        guard let summary = reply.summary else { return }
        replies += 1
        promptTokens += summary.promptTokens
        cachedTokens += summary.cachedTokens
        completionTokens += summary.completionTokens
        prefillSeconds += summary.prefillSeconds
        decodeSeconds += summary.decodeSeconds
    }

    package var text: String {
        guard replies > 0 else { return "No replies yet." }
        let read = promptTokens - cachedTokens
        let reading = prefillSeconds > 0 ? ", read at \(Int(Double(read) / prefillSeconds)) tok/s" : ""
        let writing =
            decodeSeconds > 0 ? ", written at \(Int(Double(completionTokens - replies) / decodeSeconds)) tok/s" : ""
        return "\(replies) replies; \(promptTokens) prompt tokens, \(cachedTokens) of them from the cache\(reading); "
            + "\(completionTokens) reply tokens\(writing)."
    }
}
