import Inference
import JSON

/// Turns the events of a chat request into chunks, and into the whole reply.
struct ChatAssembler: ReplyAssembler {
    let format: ChatFormat
    let stream: StreamFields
    let promptTokens: [Int32]
    /// Text that stands before each choice's own.
    let echo: String
    var ledger: ReplyLedger
    private var choices: [ChatChoice]
    private var folds: [ChatMessageFold]
    private var isOpen = false
    private var promptReport: PromptReport?

    init(
        format: ChatFormat, stream: StreamFields, promptTokens: [Int32], echo: String, ledger: ReplyLedger,
        choices: [ChatChoice]
    ) {
        self.format = format
        self.stream = stream
        self.promptTokens = promptTokens
        self.echo = echo
        self.ledger = ledger
        self.choices = choices
        folds = choices.map { _ in ChatMessageFold(echo: echo) }
    }

    // MARK: Streaming

    mutating func receive(_ event: ChoiceEvent) -> [JSONValue] {
        let updates = updates(for: event)
        let usage = ledger.runningUsage(stream)
        return opening(usage: usage) + updates.map { format.chunk($0, usage: usage) }
    }

    mutating func finish() -> [JSONValue] { stream.includesUsage ? [format.closing(usage: ledger.usage)] : [] }

    func fail(_ error: any Error) { ledger.noteFailure(error) }

    private mutating func opening(usage: JSONValue?) -> [JSONValue] {
        guard !isOpen else { return [] }
        isOpen = true
        return choices.indices.flatMap { choice in
            let opening = format.opening(choice: choice, promptTokens: promptTokens, usage: usage)
            guard !echo.isEmpty else { return [opening] }
            return [opening, format.chunk(ChatUpdate(choice: choice, delta: .content(echo)), usage: usage)]
        }
    }

    private mutating func updates(for event: ChoiceEvent) -> [ChatUpdate] {
        ledger.note(event)
        switch event.event {
        case .prompt(let report):
            if event.choice == 0 { promptReport = report }
            return []
        case .token(let token): return choices[event.choice].receive(token)
        case .finished(let summary): return choices[event.choice].finish(summary)
        }
    }

    // MARK: Whole

    /// Takes an event into the whole reply.
    mutating func fold(_ event: ChoiceEvent) {
        for update in updates(for: event) { folds[update.choice].add(update) }
    }

    /// The whole reply.
    func reply(wantsPromptLogprobs: Bool) -> JSONValue {
        var reply = format.header.object("chat.completion")
        reply["choices"] = .array(folds.enumerated().map { $1.object(index: $0, format: format) })
        reply["usage"] = ledger.usage
        reply["system_fingerprint"] = .null
        if wantsPromptLogprobs, let promptReport {
            reply["prompt_logprobs"] = format.names.promptLogprobs(promptReport)
        }
        if format.wantsTokens { reply["prompt_token_ids"] = .array(promptTokens.map { .integer(Int($0)) }) }
        return .object(reply)
    }
}
