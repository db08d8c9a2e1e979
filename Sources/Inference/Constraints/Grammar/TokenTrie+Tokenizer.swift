import Tokenization

extension TokenTrie {
    /// The vocabulary of a tokenizer; special tokens spell nothing, since they never stand for text.
    public convenience init(_ tokenizer: Tokenizer, endTokens: Set<Int32>) {
        self.init(vocabularySize: tokenizer.vocabularySize, endTokens: endTokens) { token in
            tokenizer.isSpecial(token) ? nil : tokenizer.bytes(of: token)
        }
    }
}

extension ConstraintCompiler {
    /// A compiler for a model's tokenizer, whose vocabulary is read when the first constraint needs it.
    public convenience init(
        _ tokenizer: Tokenizer, endTokens: Set<Int32>, limits: ConstraintLimits = ConstraintLimits(), capacity: Int = 64
    ) {
        self.init(limits: limits, capacity: capacity) { TokenTrie(tokenizer, endTokens: endTokens) }
    }
}
