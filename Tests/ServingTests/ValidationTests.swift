import Inference
import JSON
import Testing

@Suite("Refusals")
struct ValidationTests {
    /// Fields that a chat request may not have, and the field the refusal must name.
    static let chatCases: [([(String, JSONValue)], String)] = [
        ([("temperature", -1)], "temperature"), ([("temperature", "hot")], "temperature"),
        ([("top_p", 0)], "top_p"), ([("top_p", 1.5)], "top_p"), ([("top_k", -2)], "top_k"),
        ([("min_p", 2)], "min_p"), ([("repetition_penalty", 0)], "repetition_penalty"),
        ([("presence_penalty", 3)], "presence_penalty"), ([("frequency_penalty", -3)], "frequency_penalty"),
        ([("seed", 1.5)], "seed"), ([("n", 0)], "n"), ([("n", 1000)], "n"),
        ([("max_tokens", 0)], "max_tokens"), ([("max_completion_tokens", -1)], "max_completion_tokens"),
        ([("max_tokens", 100_000)], "max_tokens"), ([("min_tokens", 5), ("max_tokens", 2)], "min_tokens"),
        ([("stop", "")], "stop"), ([("stop", [1])], "stop"),
        ([("stop", .array((0..<17).map { .string("s\($0)") }))], "stop"),
        ([("stop_token_ids", ["a"])], "stop_token_ids"), ([("stop_token_ids", [9999])], "stop_token_ids"),
        ([("logit_bias", ["x": 1])], "logit_bias"), ([("logit_bias", ["99999": 1])], "logit_bias"),
        ([("logit_bias", ["1": "a"])], "logit_bias"), ([("allowed_token_ids", [])], "allowed_token_ids"),
        ([("top_logprobs", 2)], "top_logprobs"), ([("logprobs", true), ("top_logprobs", 21)], "top_logprobs"),
        ([("logprobs", 3)], "logprobs"), ([("prompt_logprobs", 1), ("stream", true)], "prompt_logprobs"),
        ([("stream", "yes")], "stream"), ([("stream_options", ["include_usage": true])], "stream_options"),
        ([("tools", [])], "tools"), ([("tool_choice", "auto")], "tool_choice"),
        ([("tools", [["type": "function"]])], "tools[0].function"),
        ([("tools", [["type": "retrieval", "function": ["name": "f"]]])], "tools[0].type"),
        ([("tools", [tool]), ("tool_choice", "maybe")], "tool_choice"),
        ([("tools", [tool]), ("tool_choice", ["type": "function", "function": ["name": "g"]])], "tool_choice"),
        (
            [("tools", [tool]), ("tool_choice", "required"), ("response_format", ["type": "json_object"])],
            "tool_choice"
        ),
        ([("continue_final_message", true), ("add_generation_prompt", true)], "continue_final_message"),
        ([("response_format", ["type": "xml"])], "response_format.type"),
        ([("response_format", ["type": "json_schema"])], "response_format.json_schema"),
        ([("guided_json", "{")], "guided_json"), ([("guided_choice", [])], "guided_choice"),
        ([("structured_outputs", ["regex": "a", "choice": ["b"]])], "structured_outputs.choice"),
        ([("reasoning_effort", "extreme")], "reasoning_effort"),
        ([("chat_template_kwargs", ["messages": []])], "chat_template_kwargs"),
        ([("cache_salt", "")], "cache_salt"), ([("truncate_prompt_tokens", -2)], "truncate_prompt_tokens"),
        ([("messages", [])], "messages"), ([("messages", .null)], "messages"), ([("messages", "hi")], "messages"),
        ([("messages", ["hi"])], "messages[0]"), ([("messages", [["content": "x"]])], "messages[0].role"),
        ([("messages", [["role": "user", "content": 1]])], "messages[0].content"),
        (
            [("messages", [["role": "user", "content": [["type": "image_url", "image_url": ["url": "x"]]]]])],
            "messages[0].content[0].type"
        ),
        (
            [("messages", [["role": "assistant", "tool_calls": [["function": ["name": "f", "arguments": "{"]]]]])],
            "messages[0].tool_calls[0].function.arguments"
        ),
    ]

    static let tool: JSONValue = [
        "type": "function",
        "function": ["name": "f", "parameters": ["type": "object", "properties": ["a": ["type": "integer"]]]],
    ]

    @Test("a chat field that cannot be used is refused by name", arguments: chatCases.indices)
    func chatFields(index: Int) async throws {
        let (fields, name) = Self.chatCases[index]
        let generator = ScriptedGenerator("x")
        let reply = try await withServer(generator) { try await $0.chat(fields) }
        #expect(reply.status == 400)
        #expect(reply.error?["type"] == "BadRequestError")
        #expect(reply.error?["code"] == 400)
        #expect(reply.error?["param"]?.string == name)
        #expect(reply.message.contains(name))
        #expect(generator.requests.isEmpty)
    }

    static let completionCases: [([(String, JSONValue)], String)] = [
        ([("prompt", .null)], "prompt"), ([("prompt", [])], "prompt"), ([("prompt", 1)], "prompt"),
        ([("prompt", ["a", 1])], "prompt"), ([("prompt", [1, "a"])], "prompt"), ([("prompt", [-1])], "prompt"),
        ([("prompt", [99999])], "prompt"), ([("prompt", [[1], ["a"]])], "prompt"), ([("prompt", "")], "prompt"),
        ([("suffix", "end")], "suffix"), ([("best_of", 2)], "best_of"), ([("logprobs", 21)], "logprobs"),
        ([("max_tokens", 0)], "max_tokens"), ([("prompt", .array(Array(repeating: 1, count: 600)))], "prompt"),
        ([("prompt", .array(Array(repeating: "a", count: 2000)))], "prompt"),
        ([("prompt", .array(Array(repeating: "a", count: 100))), ("n", 100)], "n"),
    ]

    @Test("a completion field that cannot be used is refused by name", arguments: completionCases.indices)
    func completionFields(index: Int) async throws {
        let (fields, name) = Self.completionCases[index]
        let reply = try await withServer(ScriptedGenerator("x")) { try await $0.complete(fields) }
        #expect(reply.status == 400)
        #expect(reply.error?["param"]?.string == name)
    }

    @Test(
        "what will not be built answers 501",
        arguments: [
            ("use_beam_search", true), ("structured_outputs", ["grammar": "root ::= 'a'"]),
            ("response_format", ["type": "structural_tag"]), ("thinking_token_budget", 10),
        ] as [(String, JSONValue)])
    func notImplemented(field: String, value: JSONValue) async throws {
        let reply = try await withServer(ScriptedGenerator("x")) { try await $0.chat([(field, value)]) }
        #expect(reply.status == 501)
        #expect(reply.error?["type"] == "NotImplementedError")
    }

    @Test("null means that a field is absent")
    func nullFields() async throws {
        let names = [
            "temperature", "top_p", "n", "stop", "seed", "max_tokens", "tools", "tool_choice", "response_format",
            "logprobs", "top_logprobs", "stream", "stream_options", "logit_bias", "user",
        ]
        let reply = try await withServer(ScriptedGenerator("x")) { try await $0.chat(names.map { ($0, .null) }) }
        #expect(reply.status == 200)
    }

    @Test("another model's name is not found")
    func unknownModel() async throws {
        let reply = try await withServer(ScriptedGenerator("x")) { try await $0.chat([("model", "gpt-5")]) }
        #expect(reply.status == 404)
        #expect(reply.error?["param"] == "model")
        #expect(reply.message.contains("gpt-5") && reply.message.contains("test"))
    }

    @Test("a template's own refusal is the client's to read")
    func templateRefusal() async throws {
        let reply = try await withServer(ScriptedGenerator("x")) {
            try await $0.post("/v1/chat/completions", ["messages": [["role": "robot", "content": "x"]]])
        }
        #expect(reply.status == 400)
        #expect(reply.message.contains("Unexpected message role."))
    }

    @Test("a checkpoint without a chat template refuses messages")
    func withoutTemplate() async throws {
        var model = Fixtures.model
        model.chatTemplate = nil
        let reply = try await withServer(ScriptedGenerator("x", model: model)) { try await $0.chat() }
        #expect(reply.status == 400)
        #expect(reply.message.contains("no chat template"))
    }

    @Test("tools that the model may choose need a server set up for them")
    func autoToolChoice() async throws {
        let reply = try await withServer(
            ScriptedGenerator("x"), configure: { $0.chat.enablesAutoToolChoice = false }
        ) { try await $0.chat([("tools", [Self.tool])]) }
        #expect(reply.status == 400)
        #expect(reply.message.contains("--enable-auto-tool-choice"))
    }

    @Test(
        "the engine's refusals have their own status",
        arguments: [
            (.promptTooLong(tokens: 9, limit: 5), 400), (.outOfMemory(neededBytes: 1 << 30, limitBytes: 1 << 20), 400),
            (.invalidParameter(name: "top_k", message: "no"), 400), (.queueFull(limit: 2), 503), (.shuttingDown, 503),
        ] as [(GenerationError, Int)])
    func engineRefusals(refusal: GenerationError, status: Int) async throws {
        let generator = ScriptedGenerator { _ in
            var script = ScriptedGenerator.Script([])
            script.refusal = refusal
            return script
        }
        let reply = try await withServer(generator) { try await $0.chat() }
        #expect(reply.status == status)
        #expect(reply.message == refusal.description)
    }
}
