import Inference
import JSON

/// Keeps a reply's accounts: tokens for the client, times for the metrics, both for the log.
struct ReplyLedger {
    private struct Choice {
        var tokens = 0
        var lastToken: ContinuousClock.Instant?
        var isFinished = false
    }

    private let arrival: ContinuousClock.Instant
    /// Choices that share a prompt.
    private let choicesPerPrompt: Int
    private let metrics: ServerMetrics
    private let record: RequestRecord
    private var choices: [Choice]
    private(set) var promptTokens = 0, cachedTokens = 0

    init(
        arrival: ContinuousClock.Instant, choices: Int, choicesPerPrompt: Int, metrics: ServerMetrics,
        record: RequestRecord
    ) {
        self.arrival = arrival
        self.choicesPerPrompt = choicesPerPrompt
        self.metrics = metrics
        self.record = record
        self.choices = Array(repeating: Choice(), count: choices)
    }

    /// Tokens written so far.
    var completionTokens: Int { choices.reduce(0) { $0 + $1.tokens } }

    mutating func note(_ event: ChoiceEvent) {
        switch event.event {
        case .prompt(let report): note(report, choice: event.choice)
        case .token: noteToken(choice: event.choice)
        case .finished(let summary): note(summary, choice: event.choice)
        }
    }

    private mutating func note(_ report: PromptReport, choice: Int) {
        // One prompt is paid for once, however many replies it gets.
        guard choice % choicesPerPrompt == 0 else { return }
        promptTokens += report.tokenCount
        cachedTokens += report.cachedTokenCount
        metrics.promptTokens.observe(Double(report.tokenCount))
        record.update { [promptTokens, cachedTokens] in
            $0.promptTokens = promptTokens
            $0.cachedTokens = cachedTokens
        }
    }

    private mutating func noteToken(choice: Int) {
        let now = ContinuousClock.now
        choices[choice].tokens += 1
        if let last = choices[choice].lastToken {
            metrics.interTokenLatency.observe((now - last).seconds)
        } else {
            metrics.timeToFirstToken.observe((now - arrival).seconds)
        }
        choices[choice].lastToken = now
    }

    private mutating func note(_ summary: GenerationSummary, choice: Int) {
        choices[choice].tokens = summary.completionTokens
        choices[choice].isFinished = true
        metrics.generationTokens.observe(Double(summary.completionTokens))
        metrics.endToEnd.observe((ContinuousClock.now - arrival).seconds)
        metrics.queue.observe(summary.queueSeconds)
        metrics.prefill.observe(summary.prefillSeconds)
        metrics.decode.observe(summary.decodeSeconds)
        metrics.inference.observe(summary.prefillSeconds + summary.decodeSeconds)
        if summary.completionTokens > 1 {
            metrics.timePerToken.observe(summary.decodeSeconds / Double(summary.completionTokens - 1))
        }
        let reason = summary.reason == .length ? "length" : "stop"
        metrics.countFinished(reason)
        record.update { [completionTokens] in
            $0.completionTokens = completionTokens
            $0.finishReasons.append(reason)
        }
    }

    /// The reply could not be finished.
    func noteFailure(_ error: any Error) {
        let reason = error is StopSignal.Reason || error is CancellationError ? "abort" : "error"
        for choice in choices where !choice.isFinished { metrics.countFinished(reason) }
        record.update { [completionTokens] in
            $0.completionTokens = completionTokens
            $0.finishReasons.append(reason)
            $0.lateStatus = APIError(describing: error).status.code
        }
    }

    /// The account so far, for streams that want it in every chunk.
    func runningUsage(_ stream: StreamFields) -> JSONValue? {
        guard stream.continuousUsage else { return nil }
        return usage
    }

    /// OpenAI's account of the tokens.
    var usage: JSONValue {
        [
            "prompt_tokens": .integer(promptTokens), "total_tokens": .integer(promptTokens + completionTokens),
            "completion_tokens": .integer(completionTokens),
            "prompt_tokens_details": ["cached_tokens": .integer(cachedTokens)],
        ]
    }
}
