import Companion
import DataGeneration
import Foundation

/// What a conversation is to be about, and what is known in it: drawn by us, so that conversations vary however little the
/// teacher's ideas do.
public struct Setting: Sendable, Equatable {
    /// Something written down.
    public struct Note: Sendable, Equatable {
        /// What it is found by, and what it says.
        public var title: String, text: String

        /// A note.
        public init(title: String, text: String) {
            self.title = title
            self.text = text
        }
    }

    /// Who the user is.
    public var profile: Profile
    /// When it is, and where.
    public var now: Date, timeZone: TimeZone
    /// Whether the clock stands in the first message.
    public var tellsTime = true
    /// What the talk turns around, one after the other.
    public var subjects: [String]
    /// How often the user speaks.
    public var turns: Int
    /// Tools that must be called, each at least once; no other may be.
    public var tools: [String] = []
    /// What the user has written down.
    public var notes: [Note] = []
    /// The number of the first note.
    public var firstNote = 1
    /// What the memory holds.
    public var memories: [String] = []
    /// What the user asks for though nobody ever told her.
    public var forgotten: String?
    /// What else the teacher should know, a sentence.
    public var hint: String?

    /// A setting without tools, notes and memories.
    public init(
        profile: Profile, now: Date, timeZone: TimeZone, tellsTime: Bool = true, subjects: [String], turns: Int
    ) {
        self.profile = profile
        self.now = now
        self.timeZone = timeZone
        self.tellsTime = tellsTime
        self.subjects = subjects
        self.turns = turns
    }

    /// As the teacher is told.
    public func text(number: Int, name: String) -> String {
        var lines = ["Conversation \(number), of \(turns) turn\(turns == 1 ? "" : "s"):"]
        if subjects.count == turns {
            lines += subjects.enumerated().map { "- Turn \($0.offset + 1): the user speaks of \($0.element)." }
        } else {
            lines.append("- The user speaks of \(subjects.joined(separator: ", then of ")).")
        }
        lines.append("- What \(name) knows of the user, who does not say it: \(Self.text(of: profile))")
        if tellsTime {
            lines.append("- Now: \(MessageContext.clock(at: now, in: timeZone).filter { !"[]".contains($0) })")
        }
        if !notes.isEmpty {
            let list = notes.enumerated().map {
                "number \(firstNote + $0.offset) \"\($0.element.title)\": \($0.element.text)"
            }
            lines.append("- The user's notes: \(list.joined(separator: "; "))")
        }
        if forgotten != nil {
            lines.append(
                "- \(name)'s memory holds nothing of it, so \(name) says \"I don't remember\" and does not guess.")
        } else if !memories.isEmpty {
            lines.append("- \(name)'s memory holds: \(memories.joined(separator: " "))")
        }
        lines.append(
            tools.isEmpty
                ? "- No tool is called." : "- \(name) calls \(tools.joined(separator: " and ")) and no other tool.")
        if let hint { lines.append("- \(hint)") }
        return lines.joined(separator: "\n")
    }

    private static func text(of profile: Profile) -> String {
        var parts: [String] = []
        if !profile.name.isEmpty { parts.append("name \(profile.name)") }
        if !profile.city.isEmpty { parts.append("lives in \(profile.city)") }
        if !profile.languages.isEmpty { parts.append("speaks \(profile.languages.joined(separator: " and "))") }
        parts += profile.preferences
        return parts.isEmpty ? "nothing is known, not even a name" : parts.joined(separator: "; ")
    }

    /// The tools as they answer in this conversation.
    func stage(for persona: Persona) -> StageTools {
        StageTools(
            persona: persona, notes: notes.map { ($0.title, $0.text) }, firstNote: firstNote, memories: memories,
            now: now, timeZone: timeZone)
    }
}
