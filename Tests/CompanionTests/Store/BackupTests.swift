import Companion
import Foundation
import JSON
import Testing

struct BackupTests {
    private func filled() throws -> CompanionStore {
        let store = try CompanionStore.forTest()
        _ = try store.remember("Her dog is Biscuit")
        _ = try store.saveNote(title: "shopping", text: "milk\n\"bread\"")
        try store.say(["hello", "hi there"], in: "a")
        let call = ToolCall(id: "c1", name: "list_notes", arguments: "{}")
        let messages = [ChatMessage(.assistant, "", toolCalls: [call]), ChatMessage(.tool, "none", toolCallID: "c1")]
        _ = try store.append(messages, to: "a", isInterrupted: true)
        try store.say(["and 日本"], in: "b")
        return store
    }

    @Test func aBackupBringsEverythingBack() throws {
        let (old, new) = (try filled(), try CompanionStore.forTest())
        let text = try old.exportBackup().text(.pretty)
        let report = try new.importBackup(JSONValue(parsing: text))
        #expect(report == ImportReport(sessions: 2, messages: 5, facts: 1, notes: 1))
        #expect(try new.sessions(limit: 9) == old.sessions(limit: 9))
        for session in try old.sessions(limit: 9) {
            let (before, after) = (try old.transcript(of: session.id), try new.transcript(of: session.id))
            #expect(before.map(\.message) == after.map(\.message))
            #expect(before.map(\.date) == after.map(\.date))
            #expect(before.map(\.isInterrupted) == after.map(\.isInterrupted))
        }
        #expect(try new.notes() == old.notes())
        #expect(try new.search("biscuit", limit: 1, excludedSession: nil).count == 1)
    }

    @Test func aBackupReadTwiceAddsNothing() throws {
        let store = try filled()
        let backup = try store.exportBackup()
        let report = try store.importBackup(backup)
        #expect(report == ImportReport(known: 4))
        #expect(try store.exportBackup()["sessions"] == backup["sessions"])
        #expect(try store.exportBackup()["facts"] == backup["facts"])
    }

    @Test func somethingElseIsRefused() throws {
        let store = try CompanionStore.forTest()
        for json: JSONValue in [nil, [], ["format": "annie-memory"], ["format": "annie-memory", "version": 99]] {
            #expect(throws: StoreError.self) { try store.importBackup(json) }
        }
    }

    @Test func brokenEntriesAreReportedByNumberAndSkipped() throws {
        let store = try CompanionStore.forTest()
        let report = try store.importBackup([
            "format": "annie-memory", "version": 1,
            "facts": [["text": "good", "date": "2026-05-03T14:05:00.000Z"], ["text": 3], "x"],
            "notes": [["title": "a", "text": "b", "date": "yesterday"]],
            "sessions": [["id": "a"]],
        ])
        #expect(report.facts == 1)
        #expect(report.problems.map(\.place) == ["fact 2", "fact 3", "note 1", "session 1"])
    }
}
