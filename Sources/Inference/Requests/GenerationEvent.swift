/// What a generation reports, in order: the prompt once, tokens, the end once.
public enum GenerationEvent: Sendable {
    /// The prompt has been read.
    case prompt(PromptReport)
    /// A token of the reply.
    case token(GeneratedToken)
    /// The reply has ended; nothing follows.
    case finished(GenerationSummary)
}

/// What reading the prompt came to.
public struct PromptReport: Sendable {
    /// Tokens in the prompt.
    public var tokenCount: Int
    /// How many of them were taken from the cache.
    public var cachedTokenCount: Int
    /// For each prompt token but the first, its log-probability and the alternatives asked for; empty if not asked for.
    public var logprobs: [TokenLogprobs]

    /// A value with these parts.
    public init(tokenCount: Int, cachedTokenCount: Int, logprobs: [TokenLogprobs] = []) {
        self.tokenCount = tokenCount
        self.cachedTokenCount = cachedTokenCount
        self.logprobs = logprobs
    }
}

/// One token of a reply.
public struct GeneratedToken: Sendable {
    /// The token.
    public var id: Int32
    /// The text that became certain with it: whole characters only, and nothing that may yet be part of a stop string.
    public var text: String
    /// Present if the request asked for it.
    public var logprobs: TokenLogprobs?

    /// A value with these parts.
    public init(id: Int32, text: String, logprobs: TokenLogprobs? = nil) {
        self.id = id
        self.text = text
        self.logprobs = logprobs
    }
}

/// A token's natural-log probability, and the most likely alternatives.
public struct TokenLogprobs: Sendable, Equatable {
    /// A token and how likely it was.
    public struct Entry: Sendable, Equatable {
        /// The token.
        public var token: Int32
        /// Its natural-log probability.
        public var logprob: Float
        /// 1 for the most likely token of the vocabulary.
        public var rank: Int

        /// A value with these parts.
        public init(token: Int32, logprob: Float, rank: Int) {
            self.token = token
            self.logprob = logprob
            self.rank = rank
        }
    }

    /// The token that stands there.
    public var chosen: Entry
    /// The most likely tokens, best first.
    public var top: [Entry]

    /// A value with these parts.
    public init(chosen: Entry, top: [Entry]) {
        self.chosen = chosen
        self.top = top
    }
}

/// Why a reply ended.
public enum FinishReason: Sendable, Equatable {
    /// An end token of the model.
    case endOfSequence
    /// One of the request's stop tokens.
    case stopToken(Int32)
    /// One of the request's stop strings.
    case stopString(String)
    /// The token limit or the context's end.
    case length
}

/// How a generation went.
public struct GenerationSummary: Sendable {
    /// Why it ended.
    public var reason: FinishReason
    /// Text held back until the end, to be appended.
    public var trailingText: String
    /// Tokens in the prompt, and how many of them came from the cache.
    public var promptTokens: Int, cachedTokens: Int
    /// Tokens in the reply, an end token included.
    public var completionTokens: Int
    /// Seconds from arrival to the first prefill step, from there to the first token, and from there to the end.
    public var queueSeconds: Double, prefillSeconds: Double, decodeSeconds: Double

    /// A value with these parts.
    public init(
        reason: FinishReason, trailingText: String = "", promptTokens: Int, cachedTokens: Int = 0,
        completionTokens: Int, queueSeconds: Double = 0, prefillSeconds: Double = 0, decodeSeconds: Double = 0
    ) {
        self.reason = reason
        self.trailingText = trailingText
        self.promptTokens = promptTokens
        self.cachedTokens = cachedTokens
        self.completionTokens = completionTokens
        self.queueSeconds = queueSeconds
        self.prefillSeconds = prefillSeconds
        self.decodeSeconds = decodeSeconds
    }
}
