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
        for id in ["a", "b", "c", "a"] { try store.say(["hello"], in: id) }
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

    @Test func sessionsInWhichNothingWasSaidHideNoOthers() throws {
        let store = try CompanionStore.forTest()
        try store.say(["My dog is ill"], in: "spoken")
        for number in 0..<5 { _ = try store.createSession(id: "silent \(number)", persona: "annie") }
        #expect(try store.sessions(limit: 3).map(\.id) == ["spoken"])
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
        #expect(try store.deleteSession("a"))
        try store.say(["two"], in: "a")
        #expect(try store.transcript(of: "a")[0].id > first)
    }
}
