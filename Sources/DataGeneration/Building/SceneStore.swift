import Companion
import Foundation
import JSON
import Locking

/// A memory with just what a scene needs, so that the real tools give their results in their own words.
final class SceneStore: CompanionStoring {
    private struct State {
        var notes: [NoteRecord] = []
        var nextNote: Int64 = 1
        var matches: [MemoryMatch] = []
        var now = Date(timeIntervalSince1970: 0)
    }

    private let state = Locked(State())

    func set(now: Date) { state.withLock { $0.now = now } }
    /// What the next search finds.
    func set(matches: [MemoryMatch]) { state.withLock { $0.matches = matches } }
    func set(nextNote: Int64) { state.withLock { $0.nextNote = nextNote } }

    func add(title: String, text: String, date: Date) {
        state.withLock { state in
            state.notes.insert(NoteRecord(id: state.nextNote, title: title, text: text, date: date), at: 0)
            state.nextNote += 1
        }
    }

    func createSession(id: String, persona: String) throws -> SessionRecord {
        SessionRecord(id: id, title: "", persona: persona, startedAt: Date(), updatedAt: Date(), turnCount: 0)
    }
    func sessions(limit: Int) -> [SessionRecord] { [] }
    func session(_ id: String) -> SessionRecord? { nil }
    func deleteSession(_ id: String) -> Bool { false }
    func transcript(of session: String) -> [TranscriptEntry] { [] }
    func append(_ messages: [ChatMessage], to session: String, isInterrupted: Bool) -> [TranscriptEntry] { [] }
    func fact(_ id: Int64) -> FactRecord? { nil }
    func remember(_ text: String) -> FactRecord { FactRecord(id: 1, text: text, date: Date()) }
    func facts(limit: Int) -> [FactRecord] { [] }
    func forgetFact(_ id: Int64) -> Bool { false }

    func search(_ query: String, limit: Int, excludedSession: String?) -> [MemoryMatch] {
        state.withLock { Array($0.matches.prefix(limit)) }
    }

    func saveNote(title: String, text: String) -> NoteRecord {
        state.withLock { state in
            let note = NoteRecord(id: state.nextNote, title: title, text: text, date: state.now)
            state.notes.insert(note, at: 0)
            state.nextNote += 1
            return note
        }
    }

    func notes() -> [NoteRecord] { state.withLock { $0.notes } }

    func deleteNote(_ id: Int64) -> Bool {
        state.withLock { state in
            guard let index = state.notes.firstIndex(where: { $0.id == id }) else { return false }
            state.notes.remove(at: index)
            return true
        }
    }
}

/// A search whose answer is known beforehand; nil is a machine on which none is set up.
struct ScriptedSearch: Tool {
    let definition: ToolDefinition
    let answer: String?
    let hasSideEffects = false
    let timeLimit = Duration.seconds(5)

    init(answer: String?) {
        self.answer = answer
        definition = WebSearchTool(service: nil).definition
    }

    func run(arguments: JSONObject, context: ToolContext) async throws -> String {
        guard let answer else {
            return try await WebSearchTool(service: nil).run(arguments: arguments, context: context)
        }
        return answer
    }
}
