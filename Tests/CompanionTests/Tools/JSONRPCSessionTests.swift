import Companion
import Foundation
import JSON
import Testing

struct JSONRPCSessionTests {
    private func receive(_ session: JSONRPCSession, _ text: String) throws -> [String] {
        try session.receive(Data(text.utf8))
    }

    @Test func answersFindTheirRequestsInWhateverOrder() async throws {
        let session = JSONRPCSession()
        let (first, second) = (session.open(), session.open())
        #expect(try receive(session, #"{"jsonrpc": "2.0", "id": \#(second), "result": "two"}"#).isEmpty)
        #expect(try receive(session, #"{"jsonrpc": "2.0", "id": \#(first), "result": "one"}"#).isEmpty)
        #expect(try await session.answer(to: first) == "one")
        #expect(try await session.answer(to: second) == "two")
    }

    @Test func pingsAreAnsweredWithTheirOwnId() throws {
        let session = JSONRPCSession()
        let reply = try receive(session, #"{"jsonrpc": "2.0", "id": "a", "method": "ping"}"#)
        #expect(reply == [#"{"jsonrpc":"2.0","id":"a","result":{}}"#])
    }

    @Test func notificationsAreIgnored() throws {
        #expect(try receive(JSONRPCSession(), #"{"jsonrpc": "2.0", "method": "notifications/message"}"#).isEmpty)
    }

    @Test func whoWaitsWhenItClosesIsToldWhy() async throws {
        let session = JSONRPCSession()
        let (before, id) = (session.open(), session.open())
        let waiting = Task { try await session.answer(to: before) }
        session.close("gone")
        await #expect(throws: ToolError("gone")) { try await waiting.value }
        await #expect(throws: ToolError("gone")) { try await session.answer(to: id) }
        await #expect(throws: ToolError("gone")) { try await session.answer(to: session.open()) }
    }

    /// Whatever arrives, no other request is answered by it, and nothing crashes.
    @Test func damagedMessagesNeverCrash() async throws {
        let messages = [
            #"{"jsonrpc": "2.0", "id": 2, "result": {"content": [{"type": "text", "text": "x"}]}}"#,
            #"{"jsonrpc": "2.0", "id": "p", "method": "ping"}"#, #"[{"id": 3, "error": {"code": 1, "message": "m"}}]"#,
            #"{"id": -9223372036854775808, "result": null}"#, #"{"id": 1e300, "method": "x"}"#,
        ].map { Array($0.utf8) }
        var random = SeededGenerator(seed: 11)
        let session = JSONRPCSession()
        let id = session.open()
        #expect(id == 1)
        for _ in 0..<2000 {
            var bytes = messages.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 0..<4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] =
                    Array("{}[]\":,0x\\".utf8).randomElement(using: &random) ?? 0
            }
            // None of them is an answer to request 1, unless the damage makes it one.
            if (try? JSONValue(parsing: bytes))?["id"]?.integer == 1 { continue }
            _ = try session.receive(Data(bytes.prefix(Int.random(in: 0...bytes.count, using: &random))))
        }
        _ = try receive(session, #"{"id": 1, "result": "mine"}"#)
        #expect(try await session.answer(to: id) == "mine")
    }
}
