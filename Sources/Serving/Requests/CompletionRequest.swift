import Inference
import JSON

/// A request to `/v1/completions`.
struct CompletionRequest {
    /// One prompt, as the client gave it.
    enum Prompt: Equatable {
        case text(String)
        case tokens([Int32])
    }

    var generation: GenerationFields
    var prompts: [Prompt]
    /// Nil means the rest of the context; 0 is allowed with `echo`.
    var maximumTokens: Int?
    /// Report log-probabilities with that many alternatives.
    var logprobs: Int?
    var echoes: Bool
    var addsSpecialTokens: Bool
    var unknownFields: [String]

    init(_ object: JSONObject, model: ServedModel, options: ServerOptions) throws(APIError) {
        var fields = RequestFields(object)
        generation = try GenerationFields(&fields, model: model, options: options)
        prompts = try Self.prompts(&fields, limit: options.limits.prompts)
        logprobs = try fields.integer("logprobs", in: 0...options.limits.logprobs)
        echoes = try fields.bool("echo") ?? false
        maximumTokens = try fields.integer("max_tokens", in: (echoes ? 0 : 1) ... .max)
        addsSpecialTokens = try fields.bool("add_special_tokens") ?? true
        if let suffix = try fields.string("suffix"), !suffix.isEmpty {
            throw .invalid("suffix", "is not supported")
        }
        if let best = try fields.integer("best_of", in: 1 ... .max), best != generation.choices {
            throw .invalid("best_of", "can only be equal to n (\(generation.choices)), got \(best)")
        }
        if fields.value("prompt_embeds") != nil {
            throw .notImplemented("prompt_embeds is not available.", parameter: "prompt_embeds")
        }
        let total = prompts.count * generation.choices
        guard total <= options.limits.prompts else {
            throw .invalid("n", "prompts times n may be at most \(options.limits.prompts), got \(total)")
        }
        unknownFields = fields.unknown
        if echoes, model.tokenizer == nil { throw .needsTokenizer("echo") }
    }

    private static func prompts(_ fields: inout RequestFields, limit: Int) throws(APIError) -> [Prompt] {
        guard let value = fields.value("prompt") else { throw .invalid("prompt", "is needed") }
        if let text = value.string { return [.text(text)] }
        guard let elements = value.array, let first = elements.first else {
            throw .invalid("prompt", "must be a text, an array of token ids, or an array of either; and not empty")
        }
        if first.integer != nil, let tokens = RequestFields.tokens(value) { return [.tokens(tokens)] }
        guard elements.count <= limit else {
            throw .invalid("prompt", "at most \(limit) prompts, got \(elements.count)")
        }
        var prompts: [Prompt] = []
        for element in elements {
            if let text = element.string {
                prompts.append(.text(text))
            } else if let tokens = RequestFields.tokens(element) {
                prompts.append(.tokens(tokens))
            } else {
                throw .invalid("prompt", "must be a text, an array of token ids, or an array of either")
            }
        }
        return prompts
    }

    /// A prompt's tokens.
    func tokens(of prompt: Prompt, model: ServedModel) throws(APIError) -> [Int32] {
        switch prompt {
        case .tokens(let tokens):
            try SamplingFields.checkVocabulary(tokens, model, field: "prompt")
            return generation.truncated(tokens, model: model)
        case .text(let text):
            guard let tokenizer = model.tokenizer else { throw .needsTokenizer("prompt") }
            let tokens =
                addsSpecialTokens ? tokenizer.encode(text, addsSpecialTokens: true) : tokenizer.encode(text)
            return generation.truncated(tokens, model: model)
        }
    }
}
