import Companion
import JSON
import Testing

@Suite("Typed turns")
struct TextChatTests {
    private static let summary = ReplySummary(text: "Hello there.", firstToken: 0.01, firstClause: 0.02, total: 0.03)

    @Test func aTurnIsWrittenDownBeforeItIsAnsweredAndCompletedAfter() async throws {
        let gateway = try GatewayFixture()
        gateway.conversation.script([.text("Hello "), .text("there."), .finished(Self.summary)])
        let answer = try await gateway.serve { try await $0.send(.post, "/v1/chat", ["message": "Hi"]) }
        #expect(answer.status == 200)
        #expect(answer.events.map(\.name) == ["session", "text", "text", "done"])
        #expect(answer.events.last?.data["text"] == "Hello there.")
        #expect(answer.events.last?.data["timings"]?["first_token"] == 10)
        #expect(gateway.conversation.log == ["begin Hi", "commit", "complete"])
    }

    @Test func toolsAreTold() async throws {
        let gateway = try GatewayFixture()
        let call = ToolCall(id: "c1", name: "current_time", arguments: "{}")
        gateway.conversation.script([
            .toolStarted(call), .toolFinished(call, result: "noon", isError: false), .finished(Self.summary),
        ])
        let answer = try await gateway.serve { try await $0.send(.post, "/v1/chat", ["message": "What time is it?"]) }
        let tools = answer.events.filter { $0.name == "tool" }.map(\.data)
        #expect(tools.map { $0["phase"] } == ["started", "finished"])
        #expect(tools.last?["result"] == "noon")
    }

    @Test func aSessionGoesOn() async throws {
        let gateway = try GatewayFixture()
        gateway.conversation.script([.finished(Self.summary)])
        try await gateway.serve { client in
            let first = try await client.send(.post, "/v1/chat", ["message": "One"])
            let id = try #require(first.events.first?.data["session_id"]?.string)
            let second = try await client.send(.post, "/v1/chat", ["message": "Two", "session_id": .string(id)])
            #expect(second.events.first?.data["session_id"]?.string == id)
        }
    }

    @Test func anUnknownSessionIsRefused() async throws {
        let gateway = try GatewayFixture()
        let answer = try await gateway.serve {
            try await $0.send(.post, "/v1/chat", ["message": "Hi", "session_id": "nobody"])
        }
        #expect(answer.status == 404)
        #expect(gateway.conversation.log.isEmpty)
    }

    @Test(
        arguments: [
            (StoreError.diskFull(path: "annie.db"), 507), (ConversationError.superseded, 409),
            (StoreError.sessionUnknown("s"), 404),
        ] as [(any Error & CustomStringConvertible, Int)])
    func aTurnThatCannotBeWrittenDownSaysWhy(error: any Error & CustomStringConvertible, status: Int) async throws {
        let gateway = try GatewayFixture()
        gateway.conversation.fail(error)
        let answer = try await gateway.serve { try await $0.send(.post, "/v1/chat", ["message": "Hi"]) }
        #expect(answer.status == status)
        #expect(answer.message == error.description)
    }

    @Test(
        arguments: [
            .object(JSONObject()), ["message": ""], ["message": " \n"], ["message": 5],
            ["message": .string(String(repeating: "a", count: 40_000))], ["message": "Hi", "session_id": 5],
        ] as [JSONValue])
    func whatIsNoTurnIsRefused(body: JSONValue) async throws {
        let gateway = try GatewayFixture()
        let answer = try await gateway.serve { try await $0.send(.post, "/v1/chat", body) }
        #expect(answer.status == 400)
        #expect(!answer.message.isEmpty)
    }
}
