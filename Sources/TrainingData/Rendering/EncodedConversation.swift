/// A document to train on: the tokens a checkpoint's template makes of a conversation, and which of them are learned.
///
/// `lossMask[i]` says whether token `i` is a target, that is: whether the prediction made at token `i - 1` counts. A
/// target is a token the served model would have had to write itself: the assistant's words and calls with the token
/// that ends the turn, never the generation prompt before them or the line break after them.
public struct EncodedConversation: Sendable, Equatable {
    /// The whole document.
    public var tokens: [Int32]
    /// As long as `tokens`.
    public var lossMask: [Bool]
    /// The line of the conversation; several documents may come from one.
    public var line: Int
    /// The conversation's category.
    public var category: String?
    /// Tokens that reach over the edge of an assistant's text and are therefore not learned; almost always 0.
    public var straddlingTokens: Int

    /// A document with these parts.
    ///
    /// - Precondition: `tokens` and `lossMask` are equally long.
    public init(
        tokens: [Int32], lossMask: [Bool], line: Int = 0, category: String? = nil, straddlingTokens: Int = 0
    ) {
        precondition(tokens.count == lossMask.count, "a mask must be as long as its tokens")
        self.tokens = tokens
        self.lossMask = lossMask
        self.line = line
        self.category = category
        self.straddlingTokens = straddlingTokens
    }

    /// How many tokens are learned.
    public var targetCount: Int { lossMask.reduce(0) { $0 + ($1 ? 1 : 0) } }
    /// Where the first target is; the document's length if there is none.
    public var firstTarget: Int { lossMask.firstIndex(of: true) ?? tokens.count }
}
