import Foundation
import GRDB
import JSON

extension CompanionStore {
    /// Begins a session. - Throws: ``StoreError/sessionExists(_:)`` when the id is taken.
    public func createSession(id: String, persona: String) throws -> SessionRecord {
        let now = now()
        return try write { database in
            guard try !Self.hasSession(id, database) else { throw StoreError.sessionExists(id) }
            let date = Self.date(now)
            let session = SessionRecord(
                id: id, title: "", persona: persona, startedAt: date, updatedAt: date, turnCount: 0)
            try Self.insert(session, database)
            return session
        }
    }

    /// Those in which the user has said something, the one last spoken in first.
    public func sessions(limit: Int) throws -> [SessionRecord] {
        try read { database in
            let sql = Self.selectSession + " WHERE turnCount > 0 ORDER BY updatedAt DESC, rowid DESC LIMIT ?"
            return try Row.fetchAll(database, sql: sql, arguments: [max(0, limit)]).map(Self.session)
        }
    }

    /// Nil when there is none of that id.
    public func session(_ id: String) throws -> SessionRecord? {
        try read { database in
            try Row.fetchOne(database, sql: Self.selectSession + " WHERE id = ?", arguments: [id]).map(Self.session)
        }
    }

    /// Forgets the session and its transcript; false when there was none.
    public func deleteSession(_ id: String) throws -> Bool {
        try forget { database in
            try database.execute(sql: "DELETE FROM session WHERE id = ?", arguments: [id])
            return database.changesCount > 0
        }
    }

    /// Oldest first. - Throws: ``StoreError/sessionUnknown(_:)``.
    public func transcript(of session: String) throws -> [TranscriptEntry] {
        try read { database in
            guard try Self.hasSession(session, database) else { throw StoreError.sessionUnknown(session) }
            let sql = "SELECT * FROM entry WHERE session = ? ORDER BY id"
            return try Row.fetchAll(database, sql: sql, arguments: [session]).map(Self.entry)
        }
    }

    /// Writes messages at the transcript's end, all or none. - Throws: ``StoreError/sessionUnknown(_:)``.
    public func append(
        _ messages: [ChatMessage], to session: String, isInterrupted: Bool
    ) throws -> [TranscriptEntry] {
        let now = now()
        return try write { database in
            guard try Self.hasSession(session, database) else { throw StoreError.sessionUnknown(session) }
            let entries = try messages.map { message in
                // Only she can be broken in upon.
                let isCut = isInterrupted && message.role == .assistant
                return try Self.insert(message, Self.date(now), isCut, into: session, database)
            }
            if !messages.isEmpty {
                try database.execute(
                    sql: "UPDATE session SET updatedAt = max(updatedAt, ?) WHERE id = ?", arguments: [now, session])
            }
            try Self.fillTitle(of: session, database)
            return entries
        }
    }
}

// MARK: Rows

extension CompanionStore {
    static func hasSession(_ id: String, _ database: Database) throws -> Bool {
        try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM session WHERE id = ?)", arguments: [id]) ?? false
    }

    static func insert(_ session: SessionRecord, _ database: Database) throws {
        try database.execute(
            sql: "INSERT INTO session (id, title, persona, startedAt, updatedAt) VALUES (?, ?, ?, ?, ?)",
            arguments: [
                session.id, session.title, session.persona, milliseconds(session.startedAt),
                milliseconds(session.updatedAt),
            ])
    }

    @discardableResult
    static func insert(
        _ message: ChatMessage, _ date: Date, _ isInterrupted: Bool, into session: String, _ database: Database
    ) throws -> TranscriptEntry {
        let calls = message.toolCalls.isEmpty ? nil : JSONValue.array(message.toolCalls.map(\.json)).text()
        try database.execute(
            sql: """
                INSERT INTO entry (session, role, content, toolCalls, toolCallID, date, isInterrupted)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                session, message.role.rawValue, message.content, calls, message.toolCallID, milliseconds(date),
                isInterrupted,
            ])
        return TranscriptEntry(
            id: database.lastInsertedRowID, message: message, date: date, isInterrupted: isInterrupted)
    }

    private static let selectSession = """
        SELECT id, title, persona, startedAt, updatedAt,
            (SELECT count(*) FROM entry WHERE entry.session = session.id AND role = 'user') AS turnCount
        FROM session
        """

    private static func session(_ row: Row) -> SessionRecord {
        SessionRecord(
            id: row["id"], title: row["title"], persona: row["persona"], startedAt: date(row["startedAt"]),
            updatedAt: date(row["updatedAt"]), turnCount: row["turnCount"])
    }

    private static func entry(_ row: Row) -> TranscriptEntry {
        var message = ChatMessage(ChatMessage.Role(rawValue: row["role"]) ?? .system, row["content"])
        message.toolCallID = row["toolCallID"]
        if let text: String = row["toolCalls"], let calls = try? JSONValue(parsing: text).array {
            message.toolCalls = calls.compactMap(ToolCall.init(json:))
        }
        return TranscriptEntry(
            id: row["id"], message: message, date: date(row["date"]), isInterrupted: row["isInterrupted"])
    }
}

// MARK: Titles

extension CompanionStore {
    private static func fillTitle(of session: String, _ database: Database) throws {
        let sql = "SELECT content FROM entry WHERE session = ? AND role = 'user' ORDER BY id LIMIT 1"
        guard let words = try String.fetchOne(database, sql: sql, arguments: [session]) else { return }
        try database.execute(
            sql: "UPDATE session SET title = ? WHERE id = ? AND title = ''", arguments: [shortTitle(words), session])
    }

    /// The first words, as many as a list has room for.
    static func shortTitle(_ text: String) -> String {
        let limit = 48
        var title = ""
        for word in text.prefix(400).split(whereSeparator: \.isWhitespace) {
            guard title.count + word.count < limit else {
                return (title.isEmpty ? String(word.prefix(limit)) : title) + "…"
            }
            title += (title.isEmpty ? "" : " ") + word
        }
        return title
    }
}

extension ToolCall {
    /// Reads what ``json`` writes; nil for anything else.
    init?(json: JSONValue) {
        guard let id = json["id"]?.string, let name = json["function"]?["name"]?.string,
            let arguments = json["function"]?["arguments"]?.string
        else { return nil }
        self.init(id: id, name: name, arguments: arguments)
    }
}
