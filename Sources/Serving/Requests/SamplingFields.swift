import Inference
import JSON

/// The fields that say how tokens are chosen, shared by both kinds of completion.
enum SamplingFields {
    /// Reads the fields over the defaults.
    static func read(
        _ fields: inout RequestFields, defaults: SamplingParameters, model: ServedModel
    ) throws(APIError) -> SamplingParameters {
        var sampling = defaults
        func set<Value>(_ target: WritableKeyPath<SamplingParameters, Value>, _ value: Value?) {
            if let value { sampling[keyPath: target] = value }
        }
        set(\.temperature, try fields.number("temperature", where: { $0 >= 0 }, "0 or more"))
        set(\.topP, try fields.number("top_p", where: { $0 > 0 && $0 <= 1 }, "above 0 and at most 1"))
        // -1 is vLLM's other way to say "all".
        set(\.topK, try fields.integer("top_k", in: -1 ... .max).map { max($0, 0) })
        set(\.minP, try fields.number("min_p", where: { (0...1).contains($0) }, "from 0 to 1"))
        set(\.repetitionPenalty, try fields.number("repetition_penalty", where: { $0 > 0 }, "above 0"))
        set(\.presencePenalty, try fields.number("presence_penalty", where: { abs($0) <= 2 }, "from -2 to 2"))
        set(\.frequencyPenalty, try fields.number("frequency_penalty", where: { abs($0) <= 2 }, "from -2 to 2"))
        if let seed = try fields.integer("seed", in: .min ... .max) { sampling.seed = UInt64(bitPattern: Int64(seed)) }
        set(\.logitBias, try logitBias(&fields, vocabularySize: model.vocabularySize))
        if let allowed = try fields.tokens("allowed_token_ids") {
            try checkVocabulary(allowed, model, field: "allowed_token_ids")
            guard !allowed.isEmpty else { throw .invalid("allowed_token_ids", "must not be empty") }
            sampling.allowedTokens = Set(allowed)
        }
        set(\.badWords, try badWords(&fields, model: model))
        fields.ignore("length_penalty", "early_stopping", "spaces_between_special_tokens")
        if try fields.bool("use_beam_search") == true {
            throw .notImplemented("use_beam_search: beam search is not available.", parameter: "use_beam_search")
        }
        return sampling
    }

    private static func logitBias(
        _ fields: inout RequestFields, vocabularySize: Int
    ) throws(APIError) -> [Int32: Float]? {
        guard let object = try fields.object("logit_bias") else { return nil }
        var bias: [Int32: Float] = [:]
        for (key, value) in object {
            guard let token = Int32(key), token >= 0, Int(token) < vocabularySize else {
                throw .invalid("logit_bias", "'\(key.prefix(20))' is not a token id below \(vocabularySize)")
            }
            guard let amount = value.double else {
                throw .invalid("logit_bias", "the bias of \(token) must be a number")
            }
            bias[token] = Float(min(max(amount, -100), 100))
        }
        return bias
    }

    /// A word is forbidden where it starts a text and where it follows a space.
    private static func badWords(_ fields: inout RequestFields, model: ServedModel) throws(APIError) -> [[Int32]]? {
        guard let words = try fields.strings("bad_words") else { return nil }
        guard let tokenizer = model.tokenizer else { throw .needsTokenizer("bad_words") }
        return words.flatMap { word in
            ["", " "].map { tokenizer.encode($0 + word, parsesSpecialTokens: false) }.filter { !$0.isEmpty }
        }
    }

    static func checkVocabulary(_ tokens: [Int32], _ model: ServedModel, field: String) throws(APIError) {
        for token in tokens where Int(token) >= model.vocabularySize {
            throw .invalid(field, "token id \(token) is outside the vocabulary of \(model.vocabularySize) tokens")
        }
    }
}

extension APIError {
    static func needsTokenizer(_ field: String) -> APIError {
        .invalid(
            field,
            "this checkpoint has no tokenizer, so it takes token ids only. Send 'prompt' as an array of token ids")
    }
}
