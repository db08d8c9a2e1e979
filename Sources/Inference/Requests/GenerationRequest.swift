/// One prompt to continue.
public struct GenerationRequest: Sendable {
    /// Names the request in logs and cancellation; unique.
    public var id: String
    /// The prompt's tokens; at least one.
    public var prompt: [Int32]
    /// How tokens are chosen.
    public var sampling: SamplingParameters
    /// When the reply ends.
    public var stop: StopConditions
    /// Report each reply token's log-probability and that many alternatives.
    public var logprobs: Int?
    /// Report each prompt token's log-probability and that many alternatives.
    public var promptLogprobs: Int?
    /// What the reply's tokens must spell, such as a JSON schema.
    public var constraint: (any TokenConstraint)?
    /// Leave special tokens out of the text.
    public var skipsSpecialTokens = true
    /// Only requests with the same salt share cached prefixes.
    public var cacheSalt: String?
    /// Positions of the prompt where turns begin; nil finds them by the tokens that begin turns. A model with recurrent
    /// layers keeps its state there for later prompts that begin the same way.
    public var turnStarts: [Int]?

    /// A request with vLLM's defaults.
    public init(
        id: String, prompt: [Int32], sampling: SamplingParameters = SamplingParameters(), stop: StopConditions
    ) {
        self.id = id
        self.prompt = prompt
        self.sampling = sampling
        self.stop = stop
    }
}

/// A rule for the reply's tokens, compiled once and shared by any number of replies.
public protocol TokenConstraint: Sendable {
    /// A matcher at the start of a reply.
    func makeMatcher() -> any TokenMatcher
}

/// Where one reply stands in its constraint.
public protocol TokenMatcher: Sendable {
    /// Clears the bits of tokens that may not come next. `mask` has a bit per token of the vocabulary, all set on entry.
    /// End-of-sequence tokens stay set only where the reply may end.
    mutating func apply(to mask: inout TokenMask)
    /// Goes on by one token.
    mutating func accept(_ token: Int32)
    /// Whether the reply is whole: no token but an end token can follow.
    var isComplete: Bool { get }
}

/// A bit per token of the vocabulary.
public struct TokenMask: Sendable, Equatable {
    /// 64 tokens a word, lowest bit first.
    public var words: [UInt64]
    /// The size of the vocabulary.
    public let count: Int

    /// A mask that allows every token, or none.
    public init(count: Int, allowingAll: Bool) {
        self.count = count
        words = Array(repeating: allowingAll ? ~0 : 0, count: (count + 63) / 64)
    }

    /// Whether the token may be chosen.
    public subscript(token: Int) -> Bool {
        get { words[token >> 6] >> UInt64(token & 63) & 1 == 1 }
        set {
            let bit: UInt64 = 1 << UInt64(token & 63)
            if newValue { words[token >> 6] |= bit } else { words[token >> 6] &= ~bit }
        }
    }
}
