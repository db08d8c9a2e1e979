import Foundation
import JSON

extension CompanionStore {
    private static let format = "annie-memory"
    private static let version = 1

    /// Everything in the store as one JSON object, readable by people and by ``importBackup(_:)``.
    public func exportBackup() throws -> JSONValue {
        let sessions = try self.sessions(limit: .max).reversed().compactMap { session -> JSONValue? in
            do { return Backup.json(session, try transcript(of: session.id)) } catch StoreError.sessionUnknown {
                // Deleted since it was listed: then there is nothing to export.
                return .none
            }
        }
        return [
            "format": .string(Self.format),
            "version": .integer(Self.version),
            "exported_at": .string(Backup.text(Self.date(now()))),
            "facts": .array(try facts(limit: .max).reversed().map(Backup.json)),
            "notes": .array(try notes().reversed().map(Backup.json)),
            "sessions": .array(Array(sessions)),
        ]
    }

    /// Adds what a backup holds and the store does not; doing it twice adds nothing.
    ///
    /// - Returns: What was new, what was known, and which entries could not be read.
    /// - Throws: ``StoreError/invalidBackup(reason:)`` when it is something else than a backup.
    public func importBackup(_ json: JSONValue) throws -> ImportReport {
        guard json["format"]?.string == Self.format else {
            throw StoreError.invalidBackup(reason: "expected an object with \"format\": \"\(Self.format)\"")
        }
        guard let version = json["version"]?.integer, (1...Self.version).contains(version) else {
            throw StoreError.invalidBackup(
                reason: "its version is not \(Self.version), the one this annie knows; update annie")
        }
        var report = ImportReport()
        let facts = Backup.read(json["facts"], "fact", Backup.fact, &report)
        let notes = Backup.read(json["notes"], "note", Backup.note, &report)
        let sessions = Backup.read(json["sessions"], "session", Backup.session, &report)
        try add(facts: facts, notes: notes, to: &report)
        try add(sessions, to: &report)
        return report
    }
}

/// The backup's JSON, record by record.
private enum Backup {
    /// ISO 8601 with milliseconds, in UTC.
    static func text(_ date: Date) -> String { date.formatted(style) }

    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    private static func date(_ json: JSONValue?) throws -> Date {
        guard let text = json?.string, let date = try? style.parse(text) else {
            throw MalformedConversation(reason: "expected a date such as 2026-05-03T14:05:00.000Z")
        }
        return date
    }

    private static func string(_ json: JSONValue, _ key: String) throws -> String {
        guard let text = json[key]?.string else {
            throw MalformedConversation(reason: "expected a text as \"\(key)\"")
        }
        return text
    }

    static func read<Record>(
        _ json: JSONValue?, _ name: String, _ record: (JSONValue) throws -> Record, _ report: inout ImportReport
    ) -> [Record] {
        var records: [Record] = []
        for (position, element) in (json?.array ?? []).enumerated() {
            do { records.append(try record(element)) } catch {
                let reason = (error as? MalformedConversation)?.reason ?? "\(error)"
                report.problems.append(.init(place: "\(name) \(position + 1)", reason: reason))
            }
        }
        return records
    }

    // MARK: Facts and notes

    static func json(_ fact: FactRecord) -> JSONValue {
        ["text": .string(fact.text), "date": .string(text(fact.date))]
    }

    static func fact(_ json: JSONValue) throws -> FactRecord {
        FactRecord(id: 0, text: try string(json, "text"), date: try date(json["date"]))
    }

    static func json(_ note: NoteRecord) -> JSONValue {
        ["title": .string(note.title), "text": .string(note.text), "date": .string(text(note.date))]
    }

    static func note(_ json: JSONValue) throws -> NoteRecord {
        NoteRecord(
            id: 0, title: try string(json, "title"), text: try string(json, "text"), date: try date(json["date"]))
    }

    // MARK: Sessions

    static func json(_ session: SessionRecord, _ entries: [TranscriptEntry]) -> JSONValue {
        [
            "id": .string(session.id), "title": .string(session.title), "persona": .string(session.persona),
            "started_at": .string(text(session.startedAt)), "updated_at": .string(text(session.updatedAt)),
            "transcript": .array(entries.map(json)),
        ]
    }

    private static func json(_ entry: TranscriptEntry) -> JSONValue {
        guard case .object(var object) = entry.message.json else { return .null }
        object["date"] = .string(text(entry.date))
        if entry.isInterrupted { object["interrupted"] = true }
        return .object(object)
    }

    static func session(_ json: JSONValue) throws -> (record: SessionRecord, entries: [TranscriptEntry]) {
        let record = SessionRecord(
            id: try string(json, "id"), title: try string(json, "title"), persona: try string(json, "persona"),
            startedAt: try date(json["started_at"]), updatedAt: try date(json["updated_at"]), turnCount: 0)
        guard !record.id.isEmpty, let transcript = json["transcript"]?.array else {
            throw MalformedConversation(reason: "expected an \"id\" and a list as \"transcript\"")
        }
        return (record, try transcript.map(entry))
    }

    private static func entry(_ json: JSONValue) throws -> TranscriptEntry {
        guard let role = ChatMessage.Role(rawValue: try string(json, "role")) else {
            throw MalformedConversation(reason: "expected system, user, assistant or tool as \"role\"")
        }
        let calls = json["tool_calls"]?.array ?? []
        let message = ChatMessage(
            role, try string(json, "content"), toolCalls: calls.compactMap(ToolCall.init(json:)),
            toolCallID: json["tool_call_id"]?.string)
        guard message.toolCalls.count == calls.count else {
            throw MalformedConversation(reason: "a call in \"tool_calls\" has no id, name or arguments")
        }
        return TranscriptEntry(
            id: 0, message: message, date: try date(json["date"]), isInterrupted: json["interrupted"]?.bool ?? false)
    }
}
