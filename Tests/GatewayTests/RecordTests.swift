import Companion
import JSON
import Testing

@Suite("What she keeps, over HTTP")
struct RecordTests {
    @Test func sessionsAreListedReadAndDeleted() async throws {
        let gateway = try GatewayFixture()
        _ = try gateway.store.createSession(id: "s1", persona: "Annie")
        _ = try gateway.store.append(
            [ChatMessage(.user, "Hello"), ChatMessage(.assistant, "Hi")], to: "s1", isInterrupted: false)
        try await gateway.serve { client in
            let list = try await client.send(.get, "/v1/sessions")
            #expect(list.json["sessions"]?.array?.count == 1)
            let session = try await client.send(.get, "/v1/sessions/s1").json
            #expect(session["messages"]?.array?.map { $0["content"] } == ["Hello", "Hi"])
            #expect(try await client.send(.delete, "/v1/sessions/s1").status == 204)
            #expect(try await client.send(.get, "/v1/sessions/s1").status == 404)
            #expect(try await client.send(.delete, "/v1/sessions/s1").status == 404)
        }
    }

    @Test func sessionsInWhichNothingWasSaidAreNotListed() async throws {
        let gateway = try GatewayFixture()
        try await gateway.serve { client in
            let start = try await client.send(.post, "/start", .object(JSONObject()))
            #expect(start.json["sessionId"]?.string != nil)
            let list = try await client.send(.get, "/v1/sessions")
            #expect(list.json["sessions"] == [])
        }
    }

    @Test func factsAreSearchedAndForgotten() async throws {
        let gateway = try GatewayFixture()
        let fact = try gateway.store.remember("My sister's birthday is on March third.")
        _ = try gateway.store.remember("I like tea.")
        try await gateway.serve { client in
            let all = try await client.send(.get, "/v1/memory")
            #expect(all.json["facts"]?.array?.count == 2)
            let found = try await client.send(.get, "/v1/memory?query=birthday").json["facts"]?.array
            #expect(found?.map { $0["id"] } == [.integer(Int(fact.id))])
            #expect(try await client.send(.delete, "/v1/memory/\(fact.id)").status == 204)
            #expect(try await client.send(.delete, "/v1/memory/\(fact.id)").status == 404)
            #expect(try await client.send(.delete, "/v1/memory/nonsense").status == 404)
        }
    }

    @Test func factsAreFoundWholeAlsoWhereManyTurnsHoldTheWord() async throws {
        let gateway = try GatewayFixture()
        let words = (0..<60).map { "word\($0)" }.joined(separator: " ")
        let fact = try gateway.store.remember("My birthday is in spring. \(words)")
        _ = try gateway.store.createSession(id: "s1", persona: "Annie")
        _ = try gateway.store.append(
            (0..<80).map { ChatMessage(.user, "birthday \($0)") }, to: "s1", isInterrupted: false)
        let found = try await gateway.serve { try await $0.send(.get, "/v1/memory?query=birthday").json["facts"] }
        #expect(found?.array?.map { $0["text"] } == [.string(fact.text)])
    }

    @Test func manyCallsWithoutAWordHideNoSession() async throws {
        let gateway = try GatewayFixture()
        _ = try gateway.store.createSession(id: "s1", persona: "Annie")
        _ = try gateway.store.append([ChatMessage(.user, "Hello")], to: "s1", isInterrupted: false)
        for number in 0..<210 { _ = try gateway.store.createSession(id: "empty \(number)", persona: "Annie") }
        let list = try await gateway.serve { try await $0.send(.get, "/v1/sessions").json["sessions"] }
        #expect(list?.array?.map { $0["id"] } == ["s1"])
    }

    @Test func notesAreReadAndDeleted() async throws {
        let gateway = try GatewayFixture()
        let note = try gateway.store.saveNote(title: "Shopping", text: "Milk")
        try await gateway.serve { client in
            let before = try await client.send(.get, "/v1/notes")
            #expect(before.json["notes"]?[0]?["title"] == "Shopping")
            #expect(try await client.send(.delete, "/v1/notes/\(note.id)").status == 204)
            let after = try await client.send(.get, "/v1/notes")
            #expect(after.json["notes"] == [])
        }
    }
}
