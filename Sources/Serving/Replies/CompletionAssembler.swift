import Inference
import JSON

/// Turns the events of a completion request into chunks, and into the whole reply.
struct CompletionAssembler: ReplyAssembler {
    private let format: CompletionFormat
    private let stream: StreamFields
    private let wantsPromptLogprobs: Bool
    private var ledger: ReplyLedger
    private var choices: [CompletionChoice]
    private var folds: [CompletionUpdate]

    init(
        format: CompletionFormat, stream: StreamFields, wantsPromptLogprobs: Bool, ledger: ReplyLedger,
        choices: [CompletionChoice]
    ) {
        self.format = format
        self.stream = stream
        self.wantsPromptLogprobs = wantsPromptLogprobs
        self.ledger = ledger
        self.choices = choices
        folds = choices.map { CompletionUpdate(choice: $0.index) }
    }

    mutating func receive(_ event: ChoiceEvent) -> [JSONValue] {
        guard let update = update(for: event) else { return [] }
        let logprobs = choices[event.choice].takeLogprobs()
        let saysNothing = update.text.isEmpty && logprobs.isNull && update.ending == nil
        if saysNothing && !format.wantsTokens { return [] }
        return [format.chunk(update, logprobs: logprobs, usage: ledger.runningUsage(stream))]
    }

    mutating func finish() -> [JSONValue] { stream.includesUsage ? [format.closing(usage: ledger.usage)] : [] }

    func fail(_ error: any Error) { ledger.noteFailure(error) }

    private mutating func update(for event: ChoiceEvent) -> CompletionUpdate? {
        guard let event = choices[event.choice].discardsReply ? withoutReply(event) : event else { return nil }
        ledger.note(event)
        switch event.event {
        case .prompt(let report): return choices[event.choice].receive(report)
        case .token(let token): return choices[event.choice].receive(token)
        case .finished(let summary): return choices[event.choice].finish(summary)
        }
    }

    /// The token that was made only because an engine must make one does not count.
    private func withoutReply(_ event: ChoiceEvent) -> ChoiceEvent? {
        switch event.event {
        case .prompt: return event
        case .token: return nil
        case .finished(var summary):
            summary.completionTokens = 0
            return ChoiceEvent(choice: event.choice, event: .finished(summary))
        }
    }

    /// Takes an event into the whole reply.
    mutating func fold(_ event: ChoiceEvent) {
        guard let update = update(for: event) else { return }
        folds[event.choice].text += update.text
        folds[event.choice].tokens += update.tokens
        folds[event.choice].ending = update.ending
    }

    /// The whole reply.
    mutating func reply() -> JSONValue {
        var reply = format.header.object("text_completion")
        reply["choices"] = .array(choices.indices.map { .object(object($0)) })
        reply["usage"] = ledger.usage
        return .object(reply)
    }

    private mutating func object(_ index: Int) -> JSONObject {
        var object = format.choice(folds[index], logprobs: choices[index].takeLogprobs())
        if wantsPromptLogprobs, let report = choices[index].promptReport {
            object["prompt_logprobs"] = format.names.promptLogprobs(report)
        }
        if format.wantsTokens { object["prompt_token_ids"] = .array(choices[index].prompt.map { .integer(Int($0)) }) }
        return object
    }
}
