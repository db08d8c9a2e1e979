import Companion
import Foundation
import Testing

struct SessionTests {
    @Test func aSessionIsFoundAgainAsItWasMade() throws {
        let store = try CompanionStore.forTest()
        let session = try store.createSession(id: "a", persona: "annie")
        #expect(try store.session("a") == session)
        #expect(try store.session("b") == nil)
    }

    @Test func aTakenIdIsRefused() throws {
        let store = try CompanionStore.forTest()
        _ = try store.createSession(id: "a", persona: "annie")
        #expect(throws: StoreError.sessionExists("a")) { try store.createSession(id: "a", persona: "annie") }
    }

    @Test func theSessionLastSpokenInComesFirst() throws {
        let store = try CompanionStore.forTest()
        for id in ["a", "b", "c"] { _ = try store.createSession(id: id, persona: "annie") }
        try store.say(["hello"], in: "a")
        #expect(try store.sessions(limit: 2).map(\.id) == ["a", "c"])
    }

    @Test func theTitleIsTheFirstWordsOfTheUser() throws {
        let store = try CompanionStore.forTest()
        try store.say(
            ["Good morning,\nAnnie.  What is on my list for the long weekend in Lisbon?", "Nothing."], in: "a")
        #expect(try store.session("a")?.title == "Good morning, Annie. What is on my list for the…")
        #expect(try store.session("a")?.turnCount == 1)
    }

    @Test func aGreetingDoesNotNameTheSession() throws {
        let store = try CompanionStore.forTest()
        _ = try store.createSession(id: "a", persona: "annie")
        _ = try store.append([ChatMessage(.assistant, "Hello!")], to: "a", isInterrupted: false)
        #expect(try store.session("a")?.title == "")
    }

    @Test func aTurnCutOutTakesItsTitleAlong() throws {
        let store = try CompanionStore.forTest()
        try store.say(["qwe qwe qwe", "qwe", "My dog is ill"], in: "a")
        let ids = try store.transcript(of: "a").prefix(2).map(\.id)
        try store.removeEntries(Array(ids), from: "a")
        #expect(try store.session("a")?.title == "My dog is ill")
        #expect(try store.transcript(of: "a").map(\.message.content) == ["My dog is ill"])
    }

    @Test func entriesOfAnotherSessionAreNotRemoved() throws {
        let store = try CompanionStore.forTest()
        try store.say(["one"], in: "a")
        try store.say(["two"], in: "b")
        try store.removeEntries(try store.transcript(of: "a").map(\.id), from: "b")
        #expect(try store.transcript(of: "a").count == 1)
    }

    @Test func aTranscriptKeepsCallsAndResults() throws {
        let store = try CompanionStore.forTest()
        _ = try store.createSession(id: "a", persona: "annie")
        let call = ToolCall(id: "c1", name: "web_search", arguments: #"{"query":"ü \"x\""}"#)
        let messages = [
            ChatMessage(.user, "search"), ChatMessage(.assistant, "", toolCalls: [call]),
            ChatMessage(.tool, "nothing", toolCallID: "c1"), ChatMessage(.assistant, "I found nothing."),
        ]
        let entries = try store.append(messages, to: "a", isInterrupted: false)
        #expect(try store.transcript(of: "a") == entries)
        #expect(entries.map(\.message) == messages)
    }

    @Test func onlyHerOwnWordsAreMarkedAsInterrupted() throws {
        let store = try CompanionStore.forTest()
        _ = try store.createSession(id: "a", persona: "annie")
        let messages = [ChatMessage(.user, "tell me"), ChatMessage(.assistant, "Once upon")]
        _ = try store.append(messages, to: "a", isInterrupted: true)
        #expect(try store.transcript(of: "a").map(\.isInterrupted) == [false, true])
    }

    @Test func nothingIsWrittenIntoASessionThatIsGone() throws {
        let store = try CompanionStore.forTest()
        #expect(throws: StoreError.sessionUnknown("a")) {
            try store.append([ChatMessage(.user, "hi")], to: "a", isInterrupted: false)
        }
        #expect(throws: StoreError.sessionUnknown("a")) { try store.transcript(of: "a") }
    }

    @Test func aDeletedSessionIsGoneFromMemoryToo() throws {
        let store = try CompanionStore.forTest()
        try store.say(["My piano is a Bechstein"], in: "a")
        #expect(try store.search("piano", limit: 5, excludedSession: nil).count == 1)
        #expect(try store.deleteSession("a"))
        #expect(try store.deleteSession("a") == false)
        #expect(try store.search("piano", limit: 5, excludedSession: nil).isEmpty)
    }

    @Test func idsAreNeverGivenTwice() throws {
        let store = try CompanionStore.forTest()
        try store.say(["one"], in: "a")
        let first = try store.transcript(of: "a")[0].id
        try store.removeEntries([first], from: "a")
        try store.say(["two"], in: "a")
        #expect(try store.transcript(of: "a")[0].id > first)
    }
}
