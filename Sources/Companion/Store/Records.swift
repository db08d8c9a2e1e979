import Foundation

/// A conversation that can be resumed.
public struct SessionRecord: Sendable, Equatable {
    /// Unique.
    public var id: String
    /// The first words of the user, to recognise it by; empty until something was said.
    public var title: String
    /// The persona it is held with.
    public var persona: String
    /// When it began, and when something was last said.
    public var startedAt: Date, updatedAt: Date
    /// User turns in it.
    public var turnCount: Int

    /// A record with these parts.
    public init(id: String, title: String, persona: String, startedAt: Date, updatedAt: Date, turnCount: Int) {
        self.id = id
        self.title = title
        self.persona = persona
        self.startedAt = startedAt
        self.updatedAt = updatedAt
        self.turnCount = turnCount
    }
}

/// A message of a session's transcript.
public struct TranscriptEntry: Sendable, Equatable {
    /// Rises with time; assigned by the store.
    public var id: Int64
    /// What was said.
    public var message: ChatMessage
    /// When.
    public var date: Date
    /// Whether the user broke in: `message.content` is then what was heard.
    public var isInterrupted: Bool

    /// An entry with these parts.
    public init(id: Int64, message: ChatMessage, date: Date, isInterrupted: Bool = false) {
        self.id = id
        self.message = message
        self.date = date
        self.isInterrupted = isInterrupted
    }
}

/// Something remembered of the user.
public struct FactRecord: Sendable, Equatable {
    /// Assigned by the store.
    public var id: Int64
    /// One sentence.
    public var text: String
    /// When it was learned.
    public var date: Date

    /// A record with these parts.
    public init(id: Int64, text: String, date: Date) {
        self.id = id
        self.text = text
        self.date = date
    }
}

/// A note the user had written down.
public struct NoteRecord: Sendable, Equatable {
    /// Assigned by the store.
    public var id: Int64
    /// What to find it by.
    public var title: String
    /// The note.
    public var text: String
    /// When it was written.
    public var date: Date

    /// A record with these parts.
    public init(id: Int64, title: String, text: String, date: Date) {
        self.id = id
        self.title = title
        self.text = text
        self.date = date
    }
}

/// Something found in memory.
public struct MemoryMatch: Sendable, Equatable {
    /// Where it comes from.
    public enum Source: Sendable, Equatable {
        /// A remembered fact.
        case fact(Int64)
        /// What was said in a session, and by whom.
        case turn(session: String, role: ChatMessage.Role)
        /// A note.
        case note(Int64)
    }

    /// Where it comes from.
    public var source: Source
    /// The text, shortened around what matched.
    public var text: String
    /// When it was said or written.
    public var date: Date
    /// BM25's score, larger is better.
    public var score: Double

    /// A match with these parts.
    public init(source: Source, text: String, date: Date, score: Double) {
        self.source = source
        self.text = text
        self.date = date
        self.score = score
    }
}
