import Companion
import Foundation
import JSON
import Locking

/// A store in memory, which can be made to fail.
final class FakeStore: CompanionStoring {
    struct Full: Error {}

    private struct State {
        var sessions: [String: SessionRecord] = [:]
        var entries: [String: [TranscriptEntry]] = [:]
        var nextID: Int64 = 1
        var isFull = false
        var log: [String] = []
    }

    private let state = Locked(State())

    var isFull: Bool {
        get { state.withLock { $0.isFull } }
        set { state.withLock { $0.isFull = newValue } }
    }

    /// `role: content` of each entry of the session, with a `~` where it was cut short.
    func lines(_ session: String) -> [String] {
        state.withLock { state in
            (state.entries[session] ?? []).map {
                "\($0.message.role.rawValue)\($0.isInterrupted ? "~" : ""): \($0.message.content)"
            }
        }
    }

    func createSession(id: String, persona: String) throws -> SessionRecord {
        try state.withLock { state in
            guard state.sessions[id] == nil, !state.isFull else { throw Full() }
            let record = SessionRecord(
                id: id, title: "", persona: persona, startedAt: .now, updatedAt: .now, turnCount: 0)
            state.sessions[id] = record
            return record
        }
    }

    func sessions(limit: Int) throws -> [SessionRecord] { state.withLock { Array($0.sessions.values.prefix(limit)) } }
    func session(_ id: String) throws -> SessionRecord? { state.withLock { $0.sessions[id] } }
    func deleteSession(_ id: String) throws -> Bool { state.withLock { $0.sessions.removeValue(forKey: id) != nil } }
    func transcript(of session: String) throws -> [TranscriptEntry] { state.withLock { $0.entries[session] ?? [] } }

    func append(_ messages: [ChatMessage], to session: String, isInterrupted: Bool) throws -> [TranscriptEntry] {
        try state.withLock { state in
            guard state.sessions[session] != nil, !state.isFull else { throw Full() }
            var new: [TranscriptEntry] = []
            for message in messages {
                new.append(
                    TranscriptEntry(id: state.nextID, message: message, date: .now, isInterrupted: isInterrupted))
                state.nextID += 1
            }
            state.entries[session, default: []] += new
            return new
        }
    }

    func remember(_ text: String) throws -> FactRecord { FactRecord(id: 1, text: text, date: .now) }
    func facts(limit: Int) throws -> [FactRecord] { [] }
    func fact(_ id: Int64) throws -> FactRecord? { nil }
    func forgetFact(_ id: Int64) throws -> Bool { false }
    func search(_ query: String, limit: Int, excludedSession: String?) throws -> [MemoryMatch] { [] }
    func saveNote(title: String, text: String) throws -> NoteRecord {
        NoteRecord(id: 1, title: title, text: text, date: .now)
    }
    func notes() throws -> [NoteRecord] { [] }
    func deleteNote(_ id: Int64) throws -> Bool { false }
}

/// Tools that a test closes gates before: `look` and `find` change nothing, `save` does.
final class FakeTools: ToolRunning {
    let gates: [String: Gate]
    private let state = Locked([String]())

    init(gates: [String: Gate] = [:]) { self.gates = gates }

    /// The names of the tools that were begun, and with a `.` those that have ended.
    var log: [String] { state.withLock { $0 } }

    var definitions: [ToolDefinition] {
        ["look", "find", "save"].map {
            ToolDefinition(name: $0, description: "Does \($0).", parameters: ["type": "object"])
        }
    }

    func hasSideEffects(_ name: String) -> Bool { name == "save" }

    func run(_ call: ToolCall, context: ToolRunContext) async -> ToolResult {
        state.withLock { $0.append(call.name) }
        // A tool that does not hear of its cancellation.
        if let gate = gates[call.name] { await Task { await gate.wait() }.value }
        state.withLock { $0.append(call.name + ".") }
        return ToolResult(text: "\(call.name) of \(call.arguments)", summary: "did \(call.name)")
    }
}

/// A session with fakes all round.
struct Scene {
    let store = FakeStore()
    let model: ScriptedChatModel
    let conversation: Conversation
    let setup: ConversationSetup

    init(
        _ model: ScriptedChatModel, tools: any ToolRunning = NoTools(), recall: [String] = [],
        change: (inout ConversationSetup) -> Void = { _ in }
    ) throws {
        self.model = model
        var persona = Persona.annie
        persona.tools = nil
        persona.temperature = 0.7
        var setup = ConversationSetup(
            model: model, store: store, persona: persona, tools: tools, recall: { _ in recall },
            now: { Date(timeIntervalSince1970: 1_772_527_500) }, timeZone: TimeZone(secondsFromGMT: 0) ?? .current)
        change(&setup)
        self.setup = setup
        conversation = try Conversation.start(id: "s", setup)
    }

    var lines: [String] { store.lines("s") }

    /// A whole turn that the user hears to its end.
    @discardableResult
    func say(_ text: String) async throws -> [ReplyEvent] {
        let reply = try await conversation.begin(text)
        try await reply.commit()
        let events = await reply.events.all()
        await reply.complete()
        return events
    }
}

extension AsyncStream<ReplyEvent> {
    /// All that comes.
    func all() async -> [ReplyEvent] {
        var events: [ReplyEvent] = []
        for await event in self { events.append(event) }
        return events
    }

    /// The events up to the first that fits.
    func until(_ fits: (ReplyEvent) -> Bool) async -> [ReplyEvent] {
        var events: [ReplyEvent] = []
        for await event in self {
            events.append(event)
            if fits(event) { break }
        }
        return events
    }
}

extension [ReplyEvent] {
    /// The text that stands in the end.
    var text: String {
        reduce(into: "") { text, event in
            switch event {
            case .text(let more): text += more
            case .restarted: text = ""
            case .failed(let message): text = "FAILED " + message
            default: break
            }
        }
    }

    var clauses: [String] {
        compactMap { event in
            guard case .clause(let clause) = event else { return nil }
            return clause
        }
    }

    var restarts: Int { count { $0 == .restarted } }
}
