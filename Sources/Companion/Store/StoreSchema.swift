import GRDB

/// The tables of the memory file, and the steps that bring an older file up to date.
///
/// One full-text index covers facts, what was said, and notes, so that their scores can be compared. A row of it is
/// found by ``IndexKey``; triggers keep it in step with the tables, also when a session is deleted as a whole.
enum StoreSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 sessions, facts and notes") { database in
            try database.execute(sql: sessions + facts + notes)
        }
        migrator.registerMigration("1 index") { database in
            try database.create(virtualTable: "memoryIndex", using: FTS5()) { table in
                table.tokenizer = tokenizer
                table.column("text")
            }
            try database.execute(sql: "CREATE VIRTUAL TABLE memoryTerm USING fts5vocab(memoryIndex, row)")
            try database.execute(sql: triggers)
        }
        return migrator
    }

    /// Words without case, accents and endings: `Cafés` is found by `cafe`.
    static let tokenizer = FTS5TokenizerDescriptor.porter(wrapping: words)
    static let words = FTS5TokenizerDescriptor.unicode61(diacritics: .remove)

    private static let sessions = """
        CREATE TABLE session (
            id TEXT NOT NULL PRIMARY KEY,
            title TEXT NOT NULL,
            persona TEXT NOT NULL,
            startedAt INTEGER NOT NULL,
            updatedAt INTEGER NOT NULL
        );
        CREATE INDEX sessionByUpdate ON session(updatedAt);
        CREATE TABLE entry (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            session TEXT NOT NULL REFERENCES session(id) ON DELETE CASCADE,
            role TEXT NOT NULL,
            content TEXT NOT NULL,
            toolCalls TEXT,
            toolCallID TEXT,
            date INTEGER NOT NULL,
            isInterrupted INTEGER NOT NULL
        );
        CREATE INDEX entryBySession ON entry(session, role);

        """

    private static let facts = """
        CREATE TABLE fact (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            text TEXT NOT NULL,
            key TEXT NOT NULL UNIQUE,
            date INTEGER NOT NULL
        );

        """

    private static let notes = """
        CREATE TABLE note (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            title TEXT NOT NULL,
            text TEXT NOT NULL,
            date INTEGER NOT NULL
        );

        """

    /// What tools answered is not indexed: it is other people's text, and would come back as if it had been said.
    private static let triggers = """
        CREATE TRIGGER factAdded AFTER INSERT ON fact BEGIN
            INSERT INTO memoryIndex(rowid, text) VALUES (new.id * 4, new.text);
        END;
        CREATE TRIGGER factRemoved AFTER DELETE ON fact BEGIN
            DELETE FROM memoryIndex WHERE rowid = old.id * 4;
        END;
        CREATE TRIGGER entryAdded AFTER INSERT ON entry
        WHEN new.role IN ('user', 'assistant') AND new.content <> '' BEGIN
            INSERT INTO memoryIndex(rowid, text) VALUES (new.id * 4 + 1, new.content);
        END;
        CREATE TRIGGER entryRemoved AFTER DELETE ON entry BEGIN
            DELETE FROM memoryIndex WHERE rowid = old.id * 4 + 1;
        END;
        CREATE TRIGGER noteAdded AFTER INSERT ON note BEGIN
            INSERT INTO memoryIndex(rowid, text) VALUES (new.id * 4 + 2, new.title || char(10) || new.text);
        END;
        CREATE TRIGGER noteRemoved AFTER DELETE ON note BEGIN
            DELETE FROM memoryIndex WHERE rowid = old.id * 4 + 2;
        END;
        """
}

/// Which record a row of the full-text index stands for: four times the record's id, plus its kind.
struct IndexKey {
    enum Kind: Int64 { case fact = 0, entry = 1, note = 2 }

    let kind: Kind
    let id: Int64

    init?(row: Int64) {
        guard row >= 0, let kind = Kind(rawValue: row % 4) else { return nil }
        self.kind = kind
        id = row / 4
    }
}
