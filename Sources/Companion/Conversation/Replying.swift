/// A conversation as the voice sees it: turns begun early, kept or thrown away, and cut off where they were heard.
public protocol Replying: Sendable {
    /// Reads ahead what the user has said so far of a turn that goes on.
    func prepare(partial text: String) async
    /// Starts to answer `text`. Until ``Reply/commit()``, nothing is recorded and no tool runs: the reply may be a guess
    /// made while the user could still go on speaking.
    func begin(_ text: String) async throws -> any Reply
}

/// One answer of the companion.
public protocol Reply: Sendable {
    /// What becomes of it, in order; iterated once.
    var events: AsyncStream<ReplyEvent> { get }
    /// The turn stands: the user's words are written down before this returns, and tools may run.
    func commit() async throws
    /// The turn never was: the model stops and nothing is left.
    func discard() async
    /// The user broke in: the model and tools stop, and the history keeps what was heard (empty: nothing was).
    func interrupt(heard: String) async
    /// The user has heard all of it.
    func complete() async
}

/// What a reply reports.
public enum ReplyEvent: Sendable, Equatable {
    /// More text, as the page shows it: free of thinking and tool markup.
    case text(String)
    /// A piece to be spoken as one: a first clause, then sentences; free of all that cannot be read aloud.
    case clause(String)
    /// A tool begins.
    case toolStarted(ToolCall)
    /// A tool has ended. `summary` is short and fit to be shown.
    case toolFinished(ToolCall, result: String, isError: Bool)
    /// A spoiled reply was cut out and is being tried again: text and clauses so far are void.
    case restarted
    /// The end.
    case finished(ReplySummary)
    /// The reply failed; the text can be shown and spoken.
    case failed(String)
}

/// How a reply went.
public struct ReplySummary: Sendable, Equatable {
    /// The whole text shown.
    public var text: String
    /// Seconds from `begin` to the first token, to the first clause, and to the end.
    public var firstToken: Double?, firstClause: Double?, total: Double
    /// Tokens in the last prompt, how many were in the cache, and tokens of all replies; nil where not told.
    public var promptTokens: Int?, cachedTokens: Int?, completionTokens: Int?

    /// A summary with these parts.
    public init(
        text: String, firstToken: Double?, firstClause: Double?, total: Double, promptTokens: Int? = nil,
        cachedTokens: Int? = nil, completionTokens: Int? = nil
    ) {
        self.text = text
        self.firstToken = firstToken
        self.firstClause = firstClause
        self.total = total
        self.promptTokens = promptTokens
        self.cachedTokens = cachedTokens
        self.completionTokens = completionTokens
    }
}
