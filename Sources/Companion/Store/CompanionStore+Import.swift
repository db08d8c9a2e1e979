import Foundation
import GRDB

extension CompanionStore {
    /// Writes sessions that came from elsewhere, those with known ids excepted, all or none of them.
    ///
    /// - Parameter sessions: Records with their entries; the entries' ids are given anew.
    func add(_ sessions: [(record: SessionRecord, entries: [TranscriptEntry])], to report: inout ImportReport) throws {
        var result = report
        try write { database in
            for session in sessions {
                guard try !Self.hasSession(session.record.id, database) else {
                    result.known += 1
                    continue
                }
                try Self.insert(session.record, database)
                for entry in session.entries {
                    try Self.insert(
                        entry.message, entry.date, entry.isInterrupted, into: session.record.id, database)
                }
                result.sessions += 1
                result.messages += session.entries.count
            }
        }
        report = result
    }

    func add(facts: [FactRecord], notes: [NoteRecord], to report: inout ImportReport) throws {
        var result = report
        try write { database in
            for fact in facts {
                let isNew = try Self.insertFact(fact.text, at: Self.milliseconds(fact.date), database)
                if isNew { result.facts += 1 } else { result.known += 1 }
            }
            for note in notes {
                let sql = "SELECT EXISTS (SELECT 1 FROM note WHERE title = ? AND text = ? AND date = ?)"
                let arguments: StatementArguments = [note.title, note.text, Self.milliseconds(note.date)]
                if try Bool.fetchOne(database, sql: sql, arguments: arguments) ?? false {
                    result.known += 1
                } else {
                    try Self.insertNote(title: note.title, text: note.text, at: note.date, database)
                    result.notes += 1
                }
            }
        }
        report = result
    }
}
