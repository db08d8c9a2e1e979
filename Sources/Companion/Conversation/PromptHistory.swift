/// What the model is shown of the conversation: the system prompt, and the turns since the last trimming as they were sent.
///
/// A turn once in it is never changed, only dropped whole, so the prompt of a turn begins with that of the turn before.
/// Two things differ by intent: a turn that got no answer (nothing was heard of it, or the model failed) has the user's
/// next words added to its own, because templates want the roles to alternate; and a turn that ended in an apology is left
/// out, because what confused the model once does so again.
struct PromptHistory: Sendable {
    /// The user's message and what came of it.
    struct Turn: Sendable {
        /// The user's words, as spoken.
        var words: String
        /// The user's message as sent, then the assistant's and the tools'.
        var messages: [ChatMessage]

        var isAnswered: Bool { messages.count > 1 }
        /// What the assistant said in the end.
        var answer: String? { messages.last.flatMap { $0.role == .assistant ? $0.content : nil } }
    }

    let system: String
    private(set) var turns: [Turn] = []
    /// Rises with every change.
    private(set) var version = 0

    init(system: String) { self.system = system }

    /// The user's message that is still to be answered, if the last turn's is.
    var unanswered: String? {
        guard let last = turns.last, !last.isAnswered else { return nil }
        return last.messages[0].content
    }

    /// The turns that stand before a new one.
    private var standing: ArraySlice<Turn> { unanswered == nil ? turns[...] : turns.dropLast() }

    /// The messages of a prompt that ends with `current`.
    ///
    /// - Parameter dropped: Leaves out so many of the oldest turns.
    func messages(endingWith current: [ChatMessage], dropping dropped: Int = 0) -> [ChatMessage] {
        [ChatMessage(.system, system)] + standing.dropFirst(dropped).flatMap(\.messages) + current
    }

    /// Turns that trimming may drop.
    var count: Int { standing.count }

    /// Adds a turn; it takes the place of one that got no answer, whose words it holds.
    mutating func append(_ turn: Turn) {
        turns = standing + [turn]
        version += 1
    }

    mutating func dropOldest(_ count: Int) {
        turns.removeFirst(min(count, turns.count))
        version += 1
    }

    mutating func removeAll(where isSpoiled: (Turn) -> Bool) {
        turns.removeAll(where: isSpoiled)
        version += 1
    }
}

extension PromptHistory {
    /// The history of a session that is resumed: the transcript's words, without the notes that were sent with them.
    ///
    /// - Parameter isSpoiled: Leaves out turns with such an answer; what is written down may come from a time or a
    ///   program that kept them.
    init(system: String, transcript: [TranscriptEntry], isSpoiled: (String) -> Bool) {
        self.init(system: system)
        var turn: Turn?
        for message in transcript.map(\.message) {
            if message.role == .user {
                if let open = turn { append(open) }
                let words = [unanswered, message.content].compactMap { $0 }.joined(separator: "\n")
                turn = Turn(words: message.content, messages: [ChatMessage(.user, words)])
            } else if message.role != .system {
                // What stands before the user's first words is a greeting, which templates do not expect.
                turn?.messages.append(message)
            }
        }
        if let turn { append(turn) }
        turns.removeAll { turn in
            turn.messages.contains { $0.role == .assistant && !$0.content.isEmpty && isSpoiled($0.content) }
                || !Self.callsAreAnswered(turn.messages)
        }
    }

    private static func callsAreAnswered(_ messages: [ChatMessage]) -> Bool {
        let called = messages.flatMap(\.toolCalls).map(\.id)
        let answered = messages.filter { $0.role == .tool }.compactMap(\.toolCallID)
        return called.sorted() == answered.sorted()
    }
}
