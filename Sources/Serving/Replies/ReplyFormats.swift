import Inference
import JSON

/// How a chat request's reply is written by the model: what reads it, and what it is held to.
struct ReplyFormats {
    private let options: ChatOptions
    private let chat: ChatCompletionRequest
    /// Whether the prompt ends inside the model's reasoning. The prompt knows; the request's flags may not be heeded.
    private let startsInReasoning: Bool

    init(_ options: ChatOptions, _ chat: ChatCompletionRequest, prompt: RenderedPrompt) {
        self.options = options
        self.chat = chat
        startsInReasoning = options.reasoningParser != nil && prompt.text.trimmed.hasSuffix("<think>")
    }

    /// A reader for one choice.
    func reader() throws(APIError) -> any ReplyReader {
        switch chat.conversation.tools.choice {
        case .named(let name): return NamedToolReader(name: name)
        case .required: return RequiredToolReader()
        case .automatic, .none: return PlainReplyReader()
        }
    }

    /// What the reply's tokens must spell, if anything.
    func constraint(for model: ServedModel, slot: ModelSlot) throws(APIError) -> (any TokenConstraint)? {
        let compiler = ReplyConstraints(slot: slot)
        let tools = try compiler.constraint(for: chat.conversation.tools)
        let output: (any TokenConstraint)? =
            if let output = chat.generation.output {
                try compiler.constraint(for: output)
            } else {
                nil
            }
        guard let constraint = tools ?? output else { return nil }
        guard startsInReasoning, let closing = model.tokenizer?.id(of: "</think>") else { return constraint }
        return AfterReasoning(constraint: constraint, closingToken: closing, endTokens: model.endTokens)
    }
}
