/// How the next token is chosen from the logits; the names and defaults are vLLM's.
public struct SamplingParameters: Sendable, Equatable {
    /// 0 is greedy; larger is more varied.
    public var temperature: Float = 1
    /// Keep only the k most likely tokens; 0 keeps all.
    public var topK = 0
    /// Keep the smallest set of tokens whose probability reaches this.
    public var topP: Float = 1
    /// Drop tokens less likely than this share of the most likely one.
    public var minP: Float = 0
    /// Divides (or multiplies, when negative) the logits of tokens in prompt or reply.
    public var repetitionPenalty: Float = 1
    /// Subtracted once from the logit of every token already in the reply.
    public var presencePenalty: Float = 0
    /// Subtracted for each time a token is already in the reply.
    public var frequencyPenalty: Float = 0
    /// Added to the logits of these tokens before anything else.
    public var logitBias: [Int32: Float] = [:]
    /// When set, no other token may be chosen.
    public var allowedTokens: Set<Int32>?
    /// Token sequences that may never be completed.
    public var badWords: [[Int32]] = []
    /// Same seed, same text; nil draws one.
    public var seed: UInt64?

    /// vLLM's defaults.
    public init() {}

    /// Always the most likely token.
    public static var greedy: SamplingParameters {
        var parameters = SamplingParameters()
        parameters.temperature = 0
        return parameters
    }
}

/// When a reply ends.
public struct StopConditions: Sendable, Equatable {
    /// At most this many tokens.
    public var maximumTokens: Int
    /// End and stop tokens are not chosen before this many.
    public var minimumTokens = 0
    /// Tokens that end the reply, beside the model's own end tokens.
    public var tokens: Set<Int32> = []
    /// Texts that end the reply.
    public var strings: [String] = []
    /// Whether the text that stopped the reply is part of it.
    public var includesStopString = false
    /// Go on after the model's own end tokens.
    public var ignoresEndOfSequence = false

    /// Ends after that many tokens, or at the model's end token.
    public init(maximumTokens: Int) { self.maximumTokens = maximumTokens }
}
