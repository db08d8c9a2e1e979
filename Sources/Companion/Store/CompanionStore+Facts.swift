import Foundation
import GRDB

extension CompanionStore {
    /// Remembers a fact; the same words twice are one fact. - Throws: ``StoreError/emptyText``.
    public func remember(_ text: String) throws -> FactRecord {
        let now = now()
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty else { throw StoreError.emptyText }
        return try write { database in
            try Self.insertFact(text, at: now, database)
            let sql = Self.selectFact + " WHERE key = ?"
            guard let row = try Row.fetchOne(database, sql: sql, arguments: [Self.factKey(text)]) else {
                throw StoreError.failed(path: path, reason: "a fact was written but is not there")
            }
            return Self.fact(row)
        }
    }

    /// Newest first.
    public func facts(limit: Int) throws -> [FactRecord] {
        try read { database in
            let sql = Self.selectFact + " ORDER BY date DESC, id DESC LIMIT ?"
            return try Row.fetchAll(database, sql: sql, arguments: [max(0, limit)]).map(Self.fact)
        }
    }

    /// Nil when there is none of that id.
    public func fact(_ id: Int64) throws -> FactRecord? {
        try read { database in
            try Row.fetchOne(database, sql: Self.selectFact + " WHERE id = ?", arguments: [id]).map(Self.fact)
        }
    }

    /// False when there was none.
    public func forgetFact(_ id: Int64) throws -> Bool {
        try forget { database in
            try database.execute(sql: "DELETE FROM fact WHERE id = ?", arguments: [id])
            return database.changesCount > 0
        }
    }

    /// Writes a note; without a title, its first words are the title. - Throws: ``StoreError/emptyText``.
    public func saveNote(title: String, text: String) throws -> NoteRecord {
        let date = Self.date(now())
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let title = title.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty || !title.isEmpty else { throw StoreError.emptyText }
        return try write { database in
            let title = title.isEmpty ? Self.shortTitle(text) : title
            try Self.insertNote(title: title, text: text, at: date, database)
            return NoteRecord(id: database.lastInsertedRowID, title: title, text: text, date: date)
        }
    }

    /// Newest first.
    public func notes() throws -> [NoteRecord] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM note ORDER BY date DESC, id DESC").map { row in
                NoteRecord(id: row["id"], title: row["title"], text: row["text"], date: Self.date(row["date"]))
            }
        }
    }

    /// False when there was none.
    public func deleteNote(_ id: Int64) throws -> Bool {
        try forget { database in
            try database.execute(sql: "DELETE FROM note WHERE id = ?", arguments: [id])
            return database.changesCount > 0
        }
    }
}

extension CompanionStore {
    private static let selectFact = "SELECT id, text, date FROM fact"

    private static func fact(_ row: Row) -> FactRecord {
        FactRecord(id: row["id"], text: row["text"], date: date(row["date"]))
    }

    /// Writes the fact unless it is known; whether it was new.
    @discardableResult
    static func insertFact(_ text: String, at milliseconds: Int64, _ database: Database) throws -> Bool {
        try database.execute(
            sql: "INSERT OR IGNORE INTO fact (text, key, date) VALUES (?, ?, ?)",
            arguments: [text, factKey(text), milliseconds])
        return database.changesCount > 0
    }

    static func insertNote(title: String, text: String, at date: Date, _ database: Database) throws {
        try database.execute(
            sql: "INSERT INTO note (title, text, date) VALUES (?, ?, ?)",
            arguments: [title, text, milliseconds(date)])
    }

    /// What makes two facts the same: the words, whatever their case, spacing and full stop.
    private static func factKey(_ text: String) -> String {
        let words = text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let trimmed = words.trimmingCharacters(in: CharacterSet(charactersIn: ".!?,; "))
        return trimmed.isEmpty ? words : trimmed
    }
}
