import Inference
import JSON

/// The work of `/v1/chat/completions` without HTTP, for programs that hold the engine themselves.
///
/// ```swift
/// let chat = ChatRunner(slot: ModelSlot(engine), options: ServerOptions())
/// let body = JSONObject([("messages", [["role": "user", "content": "Hello"]])])
/// for try await case .delta(.content(let text)) in try chat.stream(body) { print(text, terminator: "") }
/// ```
public struct ChatRunner: Sendable {
    /// What a reply reports, in order; the end comes once, last.
    public enum Event: Sendable {
        /// A part of the reply.
        case delta(ReplyDelta)
        /// The end, with OpenAI's `finish_reason`.
        case finished(reason: String, GenerationSummary)
    }

    private let slot: ModelSlot
    private let options: ServerOptions

    /// A runner for the model in the slot.
    public init(slot: ModelSlot, options: ServerOptions) {
        self.slot = slot
        self.options = options
    }

    /// The prompt that a request comes to.
    ///
    /// - Throws: an error whose description says what is wrong with the request, or that no model is loaded.
    public func promptTokens(of body: JSONObject) throws -> [Int32] {
        let model = try slot.generator().model
        let chat = try ChatCompletionRequest(body, model: model, options: options)
        return try chat.conversation.render(for: model).tokens
    }

    /// Streams the reply to a request, of which `n` is taken as 1. Ending the iteration stops the model.
    ///
    /// - Throws: as ``promptTokens(of:)``, and `GenerationError`.
    public func stream(_ body: JSONObject) throws -> AsyncThrowingStream<Event, any Error> {
        let generator = try slot.generator()
        let chat = try ChatCompletionRequest(body, model: generator.model, options: options)
        let prompt = try chat.conversation.render(for: generator.model)
        let formats = ReplyFormats(options.chat, chat, prompt: prompt, model: generator.model)
        let stop = try chat.generation.stop.conditions(
            promptTokens: prompt.tokens.count, maximumTokens: chat.maximumTokens, field: chat.maximumTokensField,
            model: generator.model)
        var request = chat.generation.request(
            id: "chat-" + RequestIdentifier.random(), choice: 0, prompt: prompt.tokens, stop: stop, logprobs: nil,
            constraint: try formats.constraint(for: generator.model, slot: slot))
        // The tags of calls may be special tokens, and must reach the parser.
        if chat.conversation.tools.choice != .none { request.skipsSpecialTokens = false }
        let rules = ChatChoice.Rules(
            toolChoice: chat.conversation.tools.choice, includesReasoning: chat.includesReasoning)
        let choice = ChatChoice(index: 0, parser: try formats.parser(), rules: rules)
        return Self.fold(try generator.generate(request), into: choice)
    }

    private static func fold(
        _ events: AsyncThrowingStream<GenerationEvent, any Error>, into choice: ChatChoice
    ) -> AsyncThrowingStream<Event, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                var choice = choice
                do {
                    for try await event in events {
                        switch event {
                        case .prompt: break
                        case .token(let token):
                            for update in choice.receive(token) { yield(update) }
                        case .finished(let summary):
                            for update in choice.finish(summary) { yield(update, summary) }
                        }
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
                func yield(_ update: ChatUpdate, _ summary: GenerationSummary? = nil) {
                    if let delta = update.delta { continuation.yield(.delta(delta)) }
                    if let ending = update.ending, let summary {
                        continuation.yield(.finished(reason: ending.reason, summary))
                    }
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }
}
