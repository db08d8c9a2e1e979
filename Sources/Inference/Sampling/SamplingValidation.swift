extension SamplingParameters {
    /// Below this temperature sampling is greedy, as in vLLM.
    package var isGreedy: Bool { temperature < 1e-5 }

    /// Checks every range.
    ///
    /// - Parameter vocabularySize: Bounds the token ids in biases, allowed tokens and bad words; nil leaves them unchecked.
    /// - Throws: ``GenerationError/invalidParameter(name:message:)`` with vLLM's wording.
    public func validate(vocabularySize: Int? = nil) throws(GenerationError) {
        try require(temperature >= 0 && temperature.isFinite, "temperature", "must be non-negative", temperature)
        try require(topP > 0 && topP <= 1, "top_p", "must be in (0, 1]", topP)
        try require(topK >= -1, "top_k", "must be 0 or -1 (disable), or at least 1", topK)
        try require(minP >= 0 && minP <= 1, "min_p", "must be in [0, 1]", minP)
        try require(
            repetitionPenalty > 0 && repetitionPenalty.isFinite, "repetition_penalty", "must be greater than zero",
            repetitionPenalty)
        try require(abs(presencePenalty) <= 2, "presence_penalty", "must be in [-2, 2]", presencePenalty)
        try require(abs(frequencyPenalty) <= 2, "frequency_penalty", "must be in [-2, 2]", frequencyPenalty)
        for bias in logitBias.values {
            try require(abs(bias) <= 100, "logit_bias", "values must be in [-100, 100]", bias)
        }
        if let allowedTokens {
            try require(!allowedTokens.isEmpty, "allowed_token_ids", "must not be empty", "[]")
        }
        for word in badWords { try require(!word.isEmpty, "bad_words", "must not hold an empty word", "[]") }
        guard let vocabularySize else { return }
        try checkTokens(Array(logitBias.keys), "logit_bias", vocabularySize)
        try checkTokens(Array(allowedTokens ?? []), "allowed_token_ids", vocabularySize)
        for word in badWords { try checkTokens(word, "bad_words", vocabularySize) }
    }
}

extension StopConditions {
    /// Checks every range.
    ///
    /// - Throws: ``GenerationError/invalidParameter(name:message:)`` with vLLM's wording.
    public func validate() throws(GenerationError) {
        try require(maximumTokens >= 1, "max_tokens", "must be at least 1", maximumTokens)
        try require(minimumTokens >= 0, "min_tokens", "must be greater than or equal to 0", minimumTokens)
        try require(
            minimumTokens <= maximumTokens, "min_tokens", "must be less than or equal to max_tokens=\(maximumTokens)",
            minimumTokens)
        try require(!strings.contains(""), "stop", "cannot contain an empty string", "\"\"")
    }
}

private func require(
    _ condition: Bool, _ name: String, _ rule: String, _ found: some CustomStringConvertible
) throws(GenerationError) {
    guard condition else {
        throw .invalidParameter(name: name, message: "\(name) \(rule), got \(found).")
    }
}

private func checkTokens(_ tokens: [Int32], _ name: String, _ vocabularySize: Int) throws(GenerationError) {
    // The smallest offender, so that the message does not depend on a set's order.
    guard let token = tokens.filter({ $0 < 0 || $0 >= vocabularySize }).min() else { return }
    throw .invalidParameter(
        name: name,
        message: "\(name) contains token id \(token), which is out of vocabulary; ids are 0 to \(vocabularySize - 1).")
}
