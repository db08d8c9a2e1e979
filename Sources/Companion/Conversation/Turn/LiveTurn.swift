/// The turn that is being answered: all that becomes history, or nothing, when it ends.
struct LiveTurn {
    /// A round's message and how much of it was given out to be spoken.
    struct Round {
        var message: ChatMessage
        var results: [ChatMessage]
        var spokenCount: Int
    }

    /// Calls that are being run.
    struct RunningCalls {
        var message: ChatMessage
        var spokenCount: Int
        var started: Set<Int> = []
        var results: [Int: ToolResult] = [:]
    }

    /// How far it has come.
    enum Phase: Equatable {
        case running
        /// All has been said.
        case answered
        /// The reply went wrong twice, and this was said instead.
        case apologised(String)
        /// The model failed.
        case failed
    }

    let generation: Int
    let words: String
    let draft: TurnDraft
    let queue: ReplyEventQueue
    let started = ContinuousClock.now
    /// The user's message as sent.
    var message: ChatMessage
    var rounds: [Round] = []
    var text = RoundText()
    var running: RunningCalls?
    var phase = Phase.running
    var isCommitted = false
    /// Goes on when the turn is committed or over.
    var waiting: CheckedContinuation<Void, Never>?
    var task: Task<Void, Never>?
    /// Name and arguments of the calls made.
    var madeCalls: Set<String> = []
    var isRetry = false
    var firstToken: Double?
    var firstClause: Double?
    var usage = ChatModelSummary(finishReason: "")

    init(generation: Int, words: String, draft: TurnDraft, queue: ReplyEventQueue) {
        self.generation = generation
        self.words = words
        self.draft = draft
        self.queue = queue
        message = draft.message(words, remembering: [])
    }

    /// The turn's part of the prompt.
    var messages: [ChatMessage] { [message] + rounds.flatMap { [$0.message] + $0.results } }

    /// Text shown so far.
    var shownText: String {
        (rounds.map(\.message.content) + [text.shown]).filter { !$0.isEmpty }.joined(separator: " ")
    }

    var secondsSinceStart: Double {
        let passed = (ContinuousClock.now - started).components
        return Double(passed.seconds) + Double(passed.attoseconds) * 1e-18
    }

    /// Lets what waited for the turn's fate go on.
    mutating func release() {
        waiting?.resume()
        waiting = nil
    }
}

/// What stands before the user's words in their message, fixed when they begin to speak, so that it can be read ahead.
struct TurnDraft: Sendable {
    var lines: [String]
    /// Whether the clock is among them.
    var hasClock: Bool

    /// The message of these words.
    func message(_ words: String, remembering facts: [String]) -> ChatMessage {
        MessageContext.message(words, after: lines, remembering: facts)
    }
}
