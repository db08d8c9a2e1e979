/// What an import brought, and what it could not read.
public struct ImportReport: Sendable, Equatable {
    /// New sessions, their messages, new facts and new notes.
    public var sessions = 0, messages = 0, facts = 0, notes = 0
    /// Sessions, facts and notes that were there already.
    public var known = 0
    /// Conversations without a word in them.
    public var empty = 0
    /// What was skipped, and why.
    public var problems: [Problem] = []

    /// An entry that was skipped.
    public struct Problem: Sendable, Equatable, CustomStringConvertible {
        /// Its place: `conversation 12 of conversations.json`. Counted from 1.
        public var place: String
        /// What was found and what was expected.
        public var reason: String

        /// A problem with these parts.
        public init(place: String, reason: String) {
            self.place = place
            self.reason = reason
        }

        /// One line.
        public var description: String { "\(place): \(reason)" }
    }

    /// A report with these parts.
    public init(
        sessions: Int = 0, messages: Int = 0, facts: Int = 0, notes: Int = 0, known: Int = 0, empty: Int = 0,
        problems: [Problem] = []
    ) {
        (self.sessions, self.messages, self.facts, self.notes) = (sessions, messages, facts, notes)
        (self.known, self.empty, self.problems) = (known, empty, problems)
    }
}

/// Why a conversation could not be read; said beside its number.
struct MalformedConversation: Error, Equatable {
    let reason: String
}
