import Companion
import Testing

struct SearchTests {
    private func texts(_ store: CompanionStore, _ query: String, excluding session: String? = nil) throws -> [String] {
        try store.search(query, limit: 10, excludedSession: session).map(\.text)
    }

    @Test func wordsAreFoundWhateverTheirEndingCaseAndAccents() throws {
        let store = try CompanionStore.forTest()
        _ = try store.remember("She enjoys running past the Café Müller")
        for query in ["runs", "CAFE", "muller", "enjoyed"] { #expect(try texts(store, query).count == 1, "\(query)") }
    }

    @Test func littleWordsNeitherFindNorHinder() throws {
        let store = try CompanionStore.forTest()
        _ = try store.remember("The cat is on the mat")
        _ = try store.remember("Her dog is Biscuit")
        #expect(try texts(store, "What is the name of my dog?") == ["Her dog is Biscuit"])
    }

    @Test func aNameOfLittleWordsIsFoundAsItIs() throws {
        let store = try CompanionStore.forTest()
        _ = try store.remember("Her band is The Who")
        _ = try store.remember("Who is the man")
        #expect(try texts(store, "the who") == ["Her band is The Who"])
    }

    @Test func scoresStayUsefulInASmallMemory() throws {
        let store = try CompanionStore.forTest()
        _ = try store.remember("Her dog is Biscuit")
        #expect(try store.search("dog", limit: 1, excludedSession: nil)[0].score > 0.2, "SQLite gives 0.000001")
    }

    @Test func theRarerWordWeighsMore() throws {
        let store = try CompanionStore.forTest()
        for number in 0..<20 { try store.say(["The garden needs water, \(number)"], in: "s\(number)") }
        try store.say(["The tortoise is asleep"], in: "t")
        #expect(try texts(store, "garden tortoise").first == "The tortoise is asleep")
    }

    @Test func aFactStandsBeforeATurnThatMatchesAsWell() throws {
        let store = try CompanionStore.forTest()
        try store.say(["My sister lives in Porto"], in: "a")
        _ = try store.remember("Your sister lives in Porto")
        try store.say(["Mine sister lives in Porto"], in: "a")
        let sources = try store.search("sister", limit: 3, excludedSession: nil).map(\.source)
        guard case .fact = sources.first else {
            Issue.record("\(sources)")
            return
        }
    }

    @Test func theRunningSessionIsLeftOut() throws {
        let store = try CompanionStore.forTest()
        try store.say(["I play the cello"], in: "now")
        try store.say(["The cello was dear"], in: "before")
        #expect(try texts(store, "cello", excluding: "now") == ["The cello was dear"])
        #expect(try texts(store, "cello").count == 2)
    }

    @Test func whatAToolAnsweredIsNotAMemory() throws {
        let store = try CompanionStore.forTest()
        _ = try store.createSession(id: "a", persona: "annie")
        let messages = [ChatMessage(.system, "zebra"), ChatMessage(.tool, "zebra", toolCallID: "c")]
        _ = try store.append(messages, to: "a", isInterrupted: false)
        #expect(try texts(store, "zebra").isEmpty)
    }

    @Test func aMatchSaysWhoSaidIt() throws {
        let store = try CompanionStore.forTest()
        try store.say(["hello", "The comet returns in 2061"], in: "a")
        #expect(
            try store.search("comet", limit: 1, excludedSession: nil)[0].source == .turn(session: "a", role: .assistant)
        )
    }

    @Test func aLongTextIsShortenedAroundTheMatch() throws {
        let store = try CompanionStore.forTest()
        let filler = Array(repeating: "lorem ipsum dolor", count: 100).joined(separator: " ")
        _ = try store.saveNote(title: "long", text: "\(filler) the anchor weighs two tons \(filler)")
        let text = try texts(store, "anchor")[0]
        #expect(text.contains("anchor weighs"))
        #expect(text.count < 400)
        #expect(text.hasPrefix("…") && text.hasSuffix("…"))
    }

    @Test func theSameWordsOnFiveDaysAreOneMatch() throws {
        let store = try CompanionStore.forTest()
        for number in 0..<5 { try store.say(["Where is my umbrella?"], in: "s\(number)") }
        let matches = try store.search("umbrella", limit: 10, excludedSession: nil)
        #expect(matches.map(\.source) == [.turn(session: "s4", role: .user)])
    }

    @Test(arguments: ["", "  ", "?!", "🐶", "\u{0}", "\"", "*", "NEAR(", "AND OR NOT", "-", "^", "{text}:"])
    func aQueryWithoutWordsFindsNothing(query: String) throws {
        let store = try CompanionStore.forTest()
        _ = try store.remember("Her dog is Biscuit")
        #expect(try texts(store, query).isEmpty)
    }

    /// Users' text never is query syntax: whatever surrounds a word, it is found, and nothing throws.
    @Test func anyTextIsAValidQuery() throws {
        let store = try CompanionStore.forTest()
        _ = try store.remember("Her dog is Biscuit")
        var random = SeededGenerator(seed: 7)
        let pieces = [
            "\"", "'", "*", "^", "(", ")", "{", "}", ":", "-", "+", ",", "AND", "OR", "NOT", "NEAR", "NEAR(a b, 2)",
            "text:",
            "memoryIndex", "\\", ";", "--", "%", "\u{0}", "\u{FFFD}", "é", "日本", "🐶", "\n", " ", "x", "9", "rank",
            "rowid",
        ]
        for _ in 0..<500 {
            let count = Int.random(in: 0..<12, using: &random)
            let noise = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }
            let place = Int.random(in: 0...count, using: &random)
            let query = noise[..<place].joined() + " biscuit " + noise[place...].joined()
            #expect(try !store.search(query, limit: 3, excludedSession: nil).isEmpty, "\(query.debugDescription)")
        }
    }

    @Test func aNoLongerQueryThanNeededIsAsked() throws {
        let store = try CompanionStore.forTest()
        _ = try store.remember("Her dog is Biscuit")
        let query = "dog " + (0..<5000).map { "w\($0)" }.joined(separator: " ")
        #expect(try texts(store, query) == ["Her dog is Biscuit"])
    }

    @Test func aLimitOfNothingFindsNothing() throws {
        let store = try CompanionStore.forTest()
        _ = try store.remember("Her dog is Biscuit")
        #expect(try store.search("dog", limit: -1, excludedSession: nil).isEmpty)
    }
}
