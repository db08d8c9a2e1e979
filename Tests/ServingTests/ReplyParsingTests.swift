import Foundation
import Inference
import JSON
import Serving
import Testing

@Suite("Reasoning and calls in replies")
struct ReplyParsingTests {
    static let thinking: (String, JSONValue) = ("chat_template_kwargs", ["enable_thinking": true])

    @Test("reasoning stands apart, under both of its names", arguments: [1, 4, 1000])
    func reasoning(size: Int) async throws {
        let generator = ScriptedGenerator { _ in .init(pieces(of: "Let me see.</think>\n\nParis.", size: size)) }
        try await withServer(generator) { client in
            let whole = try await client.chat([Self.thinking])
            let message = try #require(whole.choice["message"])
            let reasoning = try #require(message["reasoning"]?.string)
            #expect(reasoning.hasPrefix("Let me see."))
            #expect(message["reasoning_content"]?.string == reasoning)
            #expect(message["content"]?.string?.hasSuffix("Paris.") == true)
            let stream = try await client.chat([Self.thinking, ("stream", true)])
            #expect(stream.streamedText("reasoning") == reasoning)
            #expect(stream.streamedText("reasoning_content") == reasoning)
            #expect(stream.streamedText() == message["content"]?.string)
        }
    }

    @Test("the rendered prompt decides, not the request", arguments: [true, false])
    func promptDecides(opensThinking: Bool) async throws {
        let field: (String, JSONValue) = ("chat_template_kwargs", ["enable_thinking": .bool(opensThinking)])
        let reply = try await withServer(ScriptedGenerator("no tag at all")) { try await $0.chat([field]) }
        let message = try #require(reply.choice["message"])
        #expect(message[opensThinking ? "reasoning" : "content"] == "no tag at all")
        #expect(message[opensThinking ? "content" : "reasoning"] == .null)
    }

    @Test("only the wanted field carries the reasoning", arguments: ReasoningFields.allCases)
    func fields(choice: ReasoningFields) async throws {
        let reply = try await withServer(
            ScriptedGenerator("a</think>b"), configure: { $0.chat.reasoningFields = choice }
        ) { try await $0.chat([Self.thinking]) }
        let message = try #require(reply.choice["message"]?.object)
        #expect(message.keys.contains("reasoning") == (choice != .reasoningContent))
        #expect(message.keys.contains("reasoning_content") == (choice != .reasoning))
    }

    @Test("reasoning can be left out")
    func excludedReasoning() async throws {
        let reply = try await withServer(ScriptedGenerator("a</think>b")) {
            try await $0.chat([Self.thinking, ("include_reasoning", false)])
        }
        #expect(reply.choice["message"]?["reasoning"] == .null)
        #expect(reply.choice["message"]?["content"] == "b")
    }

    @Test("without a parser, everything is content")
    func withoutParser() async throws {
        let reply = try await withServer(
            ScriptedGenerator("a</think>b"), configure: { $0.chat.reasoningParser = nil }
        ) { try await $0.chat([Self.thinking]) }
        #expect(reply.choice["message"]?["content"] == "a</think>b")
    }

    // MARK: Calls

    static let call = "<tool_call>\n{\"name\": \"ping\", \"arguments\": {\"a\": 1}}\n</tool_call>"

    @Test("a call the model decided on ends the reply with tool_calls", arguments: [1, 5, 1000])
    func automaticCall(size: Int) async throws {
        let generator = ScriptedGenerator { _ in .init(pieces(of: "Wait." + Self.call, size: size)) }
        try await withServer(generator) { client in
            let whole = try await client.chat([("tools", ForcedToolTests.tools)])
            #expect(whole.choice["finish_reason"] == "tool_calls")
            #expect(whole.choice["message"]?["content"] == "Wait.")
            let call = try #require(whole.choice["message"]?["tool_calls"]?[0])
            #expect(call["function"] == ["name": "ping", "arguments": "{\"a\": 1}"])
            #expect(call["id"]?.string?.hasPrefix("chatcmpl-tool-") == true)
            let stream = try await client.chat([("tools", ForcedToolTests.tools), ("stream", true)])
            #expect(streamedCalls(stream) == [StreamedCall(name: "ping", arguments: "{\"a\": 1}")])
            #expect(stream.streamedText() == "Wait.")
            #expect(stream.chunks.last?["choices"]?[0]?["finish_reason"] == "tool_calls")
        }
    }

    @Test("a call the model decided on is not constrained, and its tags reach the parser")
    func automaticRequest() async throws {
        let generator = ScriptedGenerator(Self.call)
        _ = try await withServer(generator) { try await $0.chat([("tools", ForcedToolTests.tools)]) }
        #expect(generator.requests[0].constraint == nil)
        #expect(!generator.requests[0].skipsSpecialTokens)
        #expect(Fixtures.tokenizer.decode(generator.requests[0].prompt).contains("\"name\": \"get_weather\""))
    }

    @Test("without tools, or with tool_choice none, tags are text", arguments: [true, false])
    func callsAsText(givesTools: Bool) async throws {
        let fields: [(String, JSONValue)] =
            givesTools ? [("tools", ForcedToolTests.tools), ("tool_choice", "none")] : []
        let reply = try await withServer(ScriptedGenerator(Self.call)) { try await $0.chat(fields) }
        #expect(reply.choice["message"]?["content"]?.string == Self.call)
        #expect(reply.choice["finish_reason"] == "stop")
    }

    @Test("an unfinished call is text, and is not held back for ever")
    func unfinishedCall() async throws {
        let reply = try await withServer(ScriptedGenerator("<tool_call>\n{\"name\"")) {
            try await $0.chat([("tools", ForcedToolTests.tools), ("stream", true)])
        }
        #expect(reply.streamedText() == "<tool_call>\n{\"name\"")
        #expect(reply.chunks.last?["choices"]?[0]?["finish_reason"] == "stop")
    }

    @Test("log-probabilities of tokens that a parser holds back are not lost")
    func heldBackLogprobs() async throws {
        let generator = ScriptedGenerator { _ in .init(pieces(of: Self.call, size: 6)) }
        let reply = try await withServer(generator) {
            try await $0.chat([("tools", ForcedToolTests.tools), ("stream", true), ("logprobs", true)])
        }
        let count = reply.chunks.compactMap { $0["choices"]?[0]?["logprobs"]?["content"]?.array?.count }.reduce(0, +)
        #expect(count == pieces(of: Self.call, size: 6).count)
    }

    @Test("every recorded hermes reply gives the same streamed as whole, however it is split", arguments: [1, 3, 11])
    func recordedCases(size: Int) async throws {
        let cases = try recorded()
        let tools = try #require(cases["tools"])
        var model = Fixtures.model
        model.contextLength = 8192
        for recording in try #require(cases["hermes"]?.array) {
            let text = try #require(recording["text"]?.string)
            let generator = ScriptedGenerator(model: model) { _ in .init(pieces(of: text, size: size)) }
            let parallel = recording["parallel_tool_calls"] ?? .null
            let fields: [(String, JSONValue)] = [("tools", tools), ("parallel_tool_calls", parallel)]
            try await withServer(generator) { client in
                let whole = try await client.chat(fields)
                let stream = try await client.chat(fields + [("stream", true)])
                let calls = whole.choice["message"]?["tool_calls"]?.array ?? []
                #expect(streamedCalls(stream).map(\.name) == calls.compactMap { $0["function"]?["name"]?.string })
                #expect(
                    streamedCalls(stream).map(\.arguments) == calls.compactMap { $0["function"]?["arguments"]?.string })
                #expect(stream.streamedText() == whole.choice["message"]?["content"]?.string ?? "")
                #expect(whole.choice["finish_reason"] == (calls.isEmpty ? "stop" : "tool_calls"))
                if let recorded = recording["calls"]?.array { #expect(calls.count == recorded.count) }
            }
        }
    }

    private func recorded() throws -> JSONValue {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.appending(path: "Fixtures/parsing/tool_parse_cases.json")
        return try JSONValue(parsing: Data(contentsOf: file))
    }

    @Test("a parser that does not exist is told before the server starts")
    func unknownParser() {
        var options = ServerOptions()
        options.chat.toolCallParser = "telepathy"
        #expect(throws: ReplyParserError.self) {
            try AnnieServer.makeApplication(slot: ModelSlot(), options: options, logger: .silent)
        }
    }
}
