import Companion
import Testing

struct MemoryRecallTests {
    private func store(_ facts: String...) throws -> CompanionStore {
        let store = try CompanionStore.forTest()
        for fact in facts { _ = try store.remember(fact) }
        return store
    }

    @Test func whatBelongsToTheWordsIsRecalled() throws {
        let store = try store("Her dog is called Biscuit", "She is allergic to peanuts", "She works at a harbour")
        #expect(
            try MemoryRecall().facts(for: "can you suggest a walk with my dog", in: store) == [
                "Her dog is called Biscuit"
            ])
    }

    @Test func smallTalkRecallsNothing() throws {
        let store = try store("Her dog is called Biscuit", "She is allergic to peanuts")
        #expect(try MemoryRecall().facts(for: "how are you today", in: store).isEmpty)
    }

    @Test func turnsAndNotesAreNotRecalled() throws {
        let store = try store()
        try store.say(["the dog barks"], in: "a")
        _ = try store.saveNote(title: "dog", text: "dog food")
        #expect(try MemoryRecall().facts(for: "dog", in: store).isEmpty)
    }

    @Test func noMoreFactsThanAllowed() throws {
        let store = try store("Dog one is red", "Dog two is blue", "Dog three is green", "Dog four is black")
        #expect(try MemoryRecall(maximumFacts: 2).facts(for: "dog", in: store).count == 2)
        #expect(try MemoryRecall(maximumFacts: 0).facts(for: "dog", in: store).isEmpty)
    }

    @Test func aFactThatExceedsTheBudgetIsLeftOut() throws {
        let long = "The dog " + String(repeating: "wags its tail and ", count: 10) + "sleeps"
        let store = try store(long, "The dog is brown")
        #expect(try MemoryRecall(maximumTokens: 20).facts(for: "dog", in: store) == ["The dog is brown"])
    }

    @Test func aWeakMatchBesideAStrongOneIsLeftOut() throws {
        let store = try store(
            "Her dog Biscuit fears thunder", "She saw thunder clouds", "thunder one", "thunder two", "thunder three")
        #expect(try MemoryRecall(minimumShare: 0.6).facts(for: "my dog Biscuit and thunder", in: store).count == 1)
    }

    /// Stores of other kinds, fakes among them, need not know the shortcut.
    @Test func factsAreFoundAmongAllMatches() throws {
        let store = try store("Her dog is called Biscuit")
        try store.say(["the dog barks"], in: "a")
        #expect(try MemoryRecall().facts(for: "dog", in: Plain(store: store)) == ["Her dog is called Biscuit"])
    }
}

/// Knows no shortcut for facts.
private struct Plain: CompanionStoring {
    let store: CompanionStore

    func createSession(id: String, persona: String) throws -> SessionRecord {
        try store.createSession(id: id, persona: persona)
    }
    func sessions(limit: Int) throws -> [SessionRecord] { try store.sessions(limit: limit) }
    func session(_ id: String) throws -> SessionRecord? { try store.session(id) }
    func deleteSession(_ id: String) throws -> Bool { try store.deleteSession(id) }
    func transcript(of session: String) throws -> [TranscriptEntry] { try store.transcript(of: session) }
    func append(_ messages: [ChatMessage], to session: String, isInterrupted: Bool) throws -> [TranscriptEntry] {
        try store.append(messages, to: session, isInterrupted: isInterrupted)
    }
    func remember(_ text: String) throws -> FactRecord { try store.remember(text) }
    func facts(limit: Int) throws -> [FactRecord] { try store.facts(limit: limit) }
    func fact(_ id: Int64) throws -> FactRecord? { try store.fact(id) }
    func forgetFact(_ id: Int64) throws -> Bool { try store.forgetFact(id) }
    func search(_ query: String, limit: Int, excludedSession: String?) throws -> [MemoryMatch] {
        try store.search(query, limit: limit, excludedSession: excludedSession)
    }
    func saveNote(title: String, text: String) throws -> NoteRecord { try store.saveNote(title: title, text: text) }
    func notes() throws -> [NoteRecord] { try store.notes() }
    func deleteNote(_ id: Int64) throws -> Bool { try store.deleteNote(id) }
}
