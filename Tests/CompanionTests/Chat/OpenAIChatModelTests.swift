import Companion
import JSON
import Testing

@Suite("A model behind an OpenAI-compatible endpoint")
struct OpenAIChatModelTests {
    private func collect(_ model: OpenAIChatModel, _ prompt: ChatPrompt? = nil) async throws -> [ChatModelEvent] {
        var events: [ChatModelEvent] = []
        for try await event in model.reply(to: prompt ?? ChatPrompt(messages: [ChatMessage(.user, "hi")])) {
            events.append(event)
        }
        return events
    }

    private func error(_ steps: [RawServer.Step], silenceLimit: Double = 20) async throws -> ChatModelError? {
        var found: ChatModelError?
        try await RawServer.with(steps) { server in
            do {
                let model = OpenAIChatModel(url: server.url, model: "m", key: "secret", silenceLimit: silenceLimit)
                _ = try await collect(model)
            } catch let error as ChatModelError { found = error }
        }
        return found
    }

    private static let chunks = """
        : a comment\r\n\r\ndata: {"choices":[{"delta":{"role":"assistant","content":""}}]}\r\n\r
        data: {"choices":[{"delta":{"reasoning_content":"hm"}}]}\n\ndata:{"choices":[{"delta":{"content":"Grüß "}}]}\r\r\
        event: x\ndata: {"choices":[{"delta":\ndata: {"content":"dich \u{1F44B}"}}]}\n\n\
        data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":""}}]}}]}\n\n\
        data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\\"q\\":"}}]}}]}\n\n\
        data: {"choices":[{"delta":{"tool_calls":[{"index":1,"id":"b","function":{"name":"find","arguments":"{}"}}]}}]}\n\n\
        data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}}]}\n\n\
        data: {"choices":[{"delta":{},"finish_reason":"tool_calls"}]}\n\n\
        data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":3}}}\n\n\
        data: [DONE]\n\n
        """
    private static let events: [ChatModelEvent] = [
        .reasoning("hm"), .text("Grüß "), .text("dich \u{1F44B}"),
        .toolCall(ToolCall(id: "a", name: "look", arguments: "{\"q\":1}")),
        .toolCall(ToolCall(id: "b", name: "find", arguments: "{}")),
        .finished(
            ChatModelSummary(finishReason: "tool_calls", promptTokens: 7, cachedTokens: 3, completionTokens: 5)),
    ]

    @Test("A stream is read alike however its bytes are cut", arguments: [1, 2, 3, 7, 64, 100_000])
    func cuts(cut: Int) async throws {
        try await RawServer.with(.stream(Self.chunks, cut: cut)) { server in
            let events = try await collect(OpenAIChatModel(url: server.url, model: "m"))
            #expect(events == Self.events)
        }
    }

    @Test("The request holds the prompt as OpenAI's API has it, and the key in its header")
    func request() async throws {
        try await RawServer.with(.stream(Self.chunks)) { server in
            var prompt = ChatPrompt(
                messages: [
                    ChatMessage(.system, "s"),
                    ChatMessage(.assistant, "", toolCalls: [ToolCall(id: "1", name: "look", arguments: "{}")]),
                    ChatMessage(.tool, "r", toolCallID: "1"),
                ], tools: [ToolDefinition(name: "look", description: "d", parameters: ["type": "object"])])
            prompt.maximumTokens = 9
            prompt.temperature = 0.5
            prompt.seed = 3
            _ = try await collect(OpenAIChatModel(url: server.url + "/v1/", model: "m", key: "secret"), prompt)
            let request = try #require(server.requests.first)
            let parts = request.split(separator: "\r\n\r\n", maxSplits: 1)
            #expect(parts[0].hasPrefix("POST /v1/chat/completions HTTP/1.1"))
            #expect(parts[0].contains("Authorization: Bearer secret"))
            let body = try JSONValue(parsing: String(parts[1]))
            #expect(body["model"] == "m" && body["stream"] == true && body["max_tokens"] == 9)
            #expect(body["temperature"] == 0.5 && body["seed"] == 3)
            #expect(body["tools"]?[0]?["function"]?["name"] == "look")
            #expect(body["messages"]?[1]?["tool_calls"]?[0]?["id"] == "1")
            #expect(body["messages"]?[2]?["tool_call_id"] == "1")
        }
    }

    @Test(
        "An address may be a server, its base, or the whole path",
        arguments: [
            ("", "/v1/chat/completions"), ("/", "/v1/chat/completions"), ("/v1", "/v1/chat/completions"),
            ("/api/v3/", "/api/v3/chat/completions"), ("/v1/chat/completions", "/v1/chat/completions"),
        ])
    func addresses(suffix: String, path: String) async throws {
        try await RawServer.with(.stream(Self.chunks)) { server in
            _ = try await collect(OpenAIChatModel(url: server.url + suffix, model: "m"))
            #expect(server.requests.first?.hasPrefix("POST \(path) ") == true)
        }
    }

    @Test("Calls without index or id, with an object for arguments, and a server that does not stream")
    func oddCalls() async throws {
        let odd = """
            data: {"choices":[{"delta":{"tool_calls":[{"function":{"name":"a","arguments":{"x":1}}}]}}]}

            data: {"choices":[{"delta":{"tool_calls":[{"id":"1","index":0,"function":{"name":"b"}}]},"finish_reason":"stop"}]}

            """
        try await RawServer.with(.stream(odd)) { server in
            let events = try await collect(OpenAIChatModel(url: server.url, model: "m"))
            #expect(
                events.dropLast() == [.toolCall(ToolCall(id: "1", name: "ab", arguments: "{\"x\":1}"))]
                    || events.count == 3)
        }
        let whole = #"{"choices":[{"message":{"content":"Yes."},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}"#
        try await RawServer.with(.answer("200 OK", whole)) { server in
            let events = try await collect(OpenAIChatModel(url: server.url, model: "m"))
            #expect(events == [.text("Yes."), .finished(ChatModelSummary(finishReason: "stop", promptTokens: 1))])
        }
    }

    @Test("An error's status and message are told, shortened, and never the key")
    func refused() async throws {
        let found = try await error(.answer("401 Unauthorized", #"{"error":{"message":"bad\nkey"}}"#))
        guard case .refused(_, 401, "bad key")? = found else {
            return #expect(Bool(false), "\(String(describing: found))")
        }
        #expect(found?.description.contains("secret") == false)
        let long = try await error(.answer("500 Oops", String(repeating: "x", count: 100_000), type: "text/html"))
        #expect((long?.description.count ?? 0) < 600)
        let inStream = try await error(.stream("data: {\"error\": {\"message\": \"overloaded\"}}\n\n"))
        guard case .refused(_, 200, "overloaded")? = inStream else { return #expect(Bool(false)) }
    }

    @Test("A reply that breaks off is an error, not an end", arguments: [0, 1, 2])
    func brokenOff(way: Int) async throws {
        let half = "data: {\"choices\":[{\"delta\":{\"content\":\"Half\"}}]}\n\n"
        let chunked =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(String(half.utf8.count, radix: 16))\r\n\(half)\r\n"
        let steps: [RawServer.Step] =
            switch way {
            case 0: .stream(half)
            case 1: [.bytes(Array(chunked.utf8)), .pause, .close]
            default: .stream(half, ending: .abort)
            }
        let found = try await error(steps)
        guard case .connectionLost? = found else { return #expect(Bool(false), "\(String(describing: found))") }
    }

    @Test("Silence, nonsense and nobody there have errors of their own")
    func otherErrors() async throws {
        let silent = try await error(
            .stream("data: {}\n\n", ending: .pause), silenceLimit: 0.05)
        guard case .silent? = silent else { return #expect(Bool(false), "\(String(describing: silent))") }
        let nonsense = try await error(.stream("data: {nonsense\n\n"))
        guard case .malformed? = nonsense else { return #expect(Bool(false), "\(String(describing: nonsense))") }
        do {
            _ = try await collect(OpenAIChatModel(url: "127.0.0.1:1", model: "m"))
            Issue.record("answered")
        } catch let error as ChatModelError {
            guard case .unreachable = error else { return #expect(Bool(false), "\(error)") }
        }
    }

    @Test("Ending the iteration ends the request")
    func cancels() async throws {
        let first = "data: {\"choices\":[{\"delta\":{\"content\":\"One\"}}]}\n\n"
        try await RawServer.with(.stream(first, ending: .pause)) { server in
            let model = OpenAIChatModel(url: server.url, model: "m")
            let task = Task { try await collect(model) }
            while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
            task.cancel()
            _ = await task.result
        }
    }

    @Test("What is not given is asked of the server")
    func connects() async throws {
        let list = #"{"data":[{"id":"qwen","max_model_len":32768},{"id":"other","max_model_len":4096}]}"#
        try await RawServer.with(.answer("200 OK", list)) { server in
            let model = try await OpenAIChatModel.connect(url: server.url)
            #expect(model.name == "qwen" && model.contextLength == 32768)
            #expect(server.requests.first?.hasPrefix("GET /v1/models ") == true)
            let other = try await OpenAIChatModel.connect(url: server.url, model: "other")
            #expect(other.contextLength == 4096)
            let unknown = try await OpenAIChatModel.connect(url: server.url, model: "lora")
            #expect(unknown.name == "lora" && unknown.contextLength == 8192)
        }
        try await RawServer.with(.answer("200 OK", "{}")) { server in
            await #expect(throws: ChatModelError.self) { try await OpenAIChatModel.connect(url: server.url) }
        }
    }

    @Test("Tokens are estimated, rather too many than too few")
    func estimate() async throws {
        let model = OpenAIChatModel(url: "http://127.0.0.1:1", model: "m")
        let text = "The quick brown fox jumps over the lazy dog."
        let count = try await model.tokenCount(of: ChatPrompt(messages: [ChatMessage(.user, text)]))
        #expect((10...40).contains(count))
        let kannada = try await model.tokenCount(of: ChatPrompt(messages: [ChatMessage(.user, "ನಮಸ್ಕಾರ")]))
        #expect(kannada >= 8 + 7)
    }

    @Test("No stream of bytes ends the program")
    func fuzz() async throws {
        let parts = [
            "data: ", "\n\n", "\r", "{\"choices\":", "[{\"delta\":", "{\"tool_calls\":[{\"index\":-1}]}", "}]", "}",
            "null",
            "[DONE]", "\u{0}", "{\"usage\":{\"prompt_tokens\":1e99}}",
            "{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":9e18,\"function\":[]}]}}]}",
        ]
        for seed in 0..<30 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let text = (0..<20).map { _ in parts.randomElement(using: &generator) ?? "" }.joined()
            try await RawServer.with(.stream(text)) { server in
                _ = try? await collect(OpenAIChatModel(url: server.url, model: "m"))
            }
        }
    }
}
