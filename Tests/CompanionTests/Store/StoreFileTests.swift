import Companion
import Foundation
import Testing

struct StoreFileTests {
    private func open(_ file: URL) throws -> CompanionStore {
        try CompanionStore(path: file.path, clock: { Date() }, maximumPages: nil, busyTimeout: 0.05)
    }

    @Test func whatWasWrittenIsThereWhenTheFileIsOpenedAgain() throws {
        try withFolder { folder in
            let file = folder.appending(path: "a/b/annie.db")
            let fact = try open(file).remember("Her dog is Biscuit")
            #expect(try open(file).facts(limit: 5) == [fact])
        }
    }

    @Test func onlyTheOwnerCanReadTheFile() throws {
        try withFolder { folder in
            let file = folder.appending(path: "annie.db")
            let store = try open(file)
            _ = try store.remember("secret")
            for name in ["annie.db", "annie.db-wal"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: folder.appending(path: name).path)
                #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
            }
        }
    }

    @Test func theFileIsInTheUsersDataFolder() {
        #expect(CompanionStore.defaultPath(environment: ["XDG_DATA_HOME": "/data"]) == "/data/annie/annie.db")
        #expect(
            CompanionStore.defaultPath(environment: ["HOME": "/home/a", "XDG_DATA_HOME": "relative"])
                == "/home/a/.local/share/annie/annie.db")
    }

    @Test func anotherProgramSeesWhatWasAcknowledged() throws {
        try withFolder { folder in
            let file = folder.appending(path: "annie.db")
            let (one, two) = (try open(file), try open(file))
            try one.say(["hello"], in: "a")
            #expect(try two.transcript(of: "a").count == 1)
        }
    }

    @Test func aFileThatIsNoDatabaseIsLeftAsItIs() throws {
        try withFolder { folder in
            let file = folder.appending(path: "annie.db")
            let bytes = Data(String(repeating: "my diary\n", count: 1000).utf8)
            try bytes.write(to: file)
            let error = #expect(throws: StoreError.self) { try open(file) }
            guard case .damaged = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try Data(contentsOf: file) == bytes)
        }
    }

    @Test(arguments: 0..<12)
    func damageIsAnErrorNeverACrash(seed: Int) throws {
        try withFolder { folder in
            let file = folder.appending(path: "annie.db")
            try fill(file)
            var bytes = try Data(contentsOf: file)
            var random = SeededGenerator(seed: UInt64(seed))
            for _ in 0..<200 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            try bytes.write(to: file)
            do {
                let store = try open(file)
                for session in try store.sessions(limit: 100) { _ = try store.transcript(of: session.id) }
                _ = try store.search("number", limit: 10, excludedSession: nil)
                try store.say(["more"], in: "new")
            } catch let error as StoreError {
                #expect(!error.description.isEmpty)
            }
        }
    }

    private func fill(_ file: URL) throws {
        let store = try open(file)
        for number in 0..<30 {
            try store.say(["Line number \(number) \(String(repeating: "x", count: 500))"], in: "s\(number)")
        }
        try RawDatabase(file).checkpoint()
    }

    @Test func aFileOfANewerVersionIsRefused() throws {
        try withFolder { folder in
            let file = folder.appending(path: "annie.db")
            _ = try open(file).remember("kept")
            let other = try RawDatabase(file)
            try other.execute("INSERT INTO grdb_migrations VALUES ('99 from the future')")
            #expect(throws: StoreError.newerSchema(path: file.path)) { try open(file) }
            #expect(try other.integer("SELECT count(*) FROM fact") == 1)
        }
    }

    @Test func aLockedFileIsReportedAndUsableAfterwards() throws {
        try withFolder { folder in
            let file = folder.appending(path: "annie.db")
            let store = try open(file)
            let other = try RawDatabase(file)
            try other.execute("BEGIN EXCLUSIVE")
            #expect(throws: StoreError.busy(path: file.path)) { try store.remember("fact") }
            try other.execute("COMMIT")
            #expect(try store.facts(limit: 5).isEmpty)
            _ = try store.remember("fact")
            #expect(try store.facts(limit: 5).count == 1)
        }
    }

    @Test func whatWasForgottenIsNotInTheFilesAnyMore() throws {
        try withFolder { folder in
            let store = try open(folder.appending(path: "annie.db"))
            let fact = try store.remember("The code is zanzibar")
            let note = try store.saveNote(title: "", text: "honolulu")
            try store.say(["timbuktu"], in: "a")
            _ = try store.forgetFact(fact.id)
            _ = try store.deleteNote(note.id)
            _ = try store.deleteSession("a")
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                let bytes = try Data(contentsOf: folder.appending(path: name))
                for word in ["zanzibar", "honolulu", "timbuktu"] {
                    #expect(bytes.range(of: Data(word.utf8)) == nil, "\(word) in \(name)")
                }
            }
        }
    }

    @Test func aFolderThatCannotBeMadeIsReported() throws {
        try withFolder { folder in
            let blocker = folder.appending(path: "file")
            try Data().write(to: blocker)
            let error = #expect(throws: StoreError.self) { try open(blocker.appending(path: "annie.db")) }
            guard case .notAccessible = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test func aFullFileTakesAllOfAnAppendOrNothing() throws {
        try withFolder { folder in
            let file = folder.appending(path: "annie.db")
            let store = try CompanionStore(path: file.path, clock: { Date() }, maximumPages: 40)
            _ = try store.createSession(id: "a", persona: "annie")
            var written = 0
            #expect(throws: StoreError.diskFull(path: file.path)) {
                for _ in 0..<200 {
                    let big = ChatMessage(.user, String(repeating: "word ", count: 400))
                    _ = try store.append([big, big], to: "a", isInterrupted: false)
                    written += 2
                }
            }
            #expect(written > 0)
            #expect(try store.transcript(of: "a").count == written)
            #expect(try open(file).transcript(of: "a").count == written)
        }
    }
}
