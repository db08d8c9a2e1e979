import Inference
import JSON

/// How a chat request's reply is written by the model: what reads it, and what it is held to.
struct ReplyFormats {
    private let options: ChatOptions
    private let chat: ChatCompletionRequest
    /// The rendered prompt: it knows whether the model starts by reasoning, a request's flags may not be heeded.
    private let prompt: String

    init(_ options: ChatOptions, _ chat: ChatCompletionRequest, prompt: RenderedPrompt, model: ServedModel) {
        self.options = options.resolved(for: model)
        self.chat = chat
        self.prompt = prompt.text
    }

    /// A parser at the start of a reply.
    func parser() throws -> ReplyParser {
        let tools = chat.conversation.tools
        let calls: (any ToolCallParser)? =
            switch tools.choice {
            case .named(let name): ConstrainedToolCallParser.named(name)
            case .required: ConstrainedToolCallParser.required
            case .automatic:
                try options.toolCallParser.map { try ToolCallFormat(named: $0).makeParser(tools: tools.source ?? []) }
            case .none: nil
            }
        return ReplyParser(
            reasoning: try options.reasoningParser.map { try ReasoningParser(named: $0, prompt: prompt) }, tools: calls,
            allowsParallelToolCalls: tools.allowsParallelCalls)
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
        let startsInReasoning = options.reasoningParser != nil && ReasoningParser.endsInReasoning(prompt)
        guard startsInReasoning, let closing = model.tokenizer?.id(of: "</think>") else { return constraint }
        return AfterReasoning(constraint: constraint, closingToken: closing, endTokens: model.endTokens)
    }
}
