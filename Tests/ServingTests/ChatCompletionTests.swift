import HummingbirdTesting
import Inference
import JSON
import Testing
import Tokenization

@Suite("Whole chat replies")
struct ChatCompletionTests {
    @Test("a reply carries its text, its end and its account", arguments: Surface.allCases)
    func wholeReply(surface: Surface) async throws {
        let generator = ScriptedGenerator("Hel", "lo", "!")
        let reply = try await withServer(surface, generator) { try await $0.chat() }
        #expect(reply.status == 200)
        #expect(reply.json["object"] == "chat.completion")
        #expect(reply.json["model"] == "test")
        #expect(reply.json["id"]?.string?.hasPrefix("chatcmpl-") == true)
        #expect(reply.choice["message"]?["role"] == "assistant")
        #expect(reply.choice["message"]?["content"] == "Hello!")
        #expect(reply.choice["finish_reason"] == "stop")
        #expect(reply.choice["stop_reason"] == .null)
        let prompt = try #require(generator.requests.first?.prompt.count)
        #expect(reply.json["usage"]?["prompt_tokens"]?.integer == prompt)
        #expect(reply.json["usage"]?["completion_tokens"]?.integer == 3)
        #expect(reply.json["usage"]?["total_tokens"]?.integer == prompt + 3)
    }

    @Test("the prompt is the rendered conversation")
    func rendersConversation() async throws {
        let generator = ScriptedGenerator("x")
        _ = try await withServer(generator) { try await $0.chat() }
        let prompt = try #require(generator.requests.first?.prompt)
        #expect(Fixtures.tokenizer.decode(prompt) == "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n")
    }

    @Test("content may come in parts")
    func contentParts() async throws {
        let generator = ScriptedGenerator("x")
        let content: JSONValue = [["type": "text", "text": "a"], ["type": "text", "text": "b"]]
        _ = try await withServer(generator) {
            try await $0.post("/v1/chat/completions", ["messages": [["role": "user", "content": content]]])
        }
        #expect(Fixtures.tokenizer.decode(generator.requests[0].prompt).contains("user\na\nb<|im_end|>"))
    }

    @Test(
        "a template that loops over content gets the parts, others get text",
        arguments: [
            ("{% for part in messages[0].content %}({{ part.text }}){% endfor %}{# for x in content #}", "(a)(b)"),
            ("{% if '</think>' in content %}{% endif %}[{{ messages[0].content }}]", "[a\nb]"),
        ])
    func contentFormat(source: String, prompt: String) async throws {
        var model = Fixtures.model
        model.chatTemplate = try ChatTemplate(source: "{% set content = '' %}" + source)
        let generator = ScriptedGenerator("x", model: model)
        let content: JSONValue = [["type": "text", "text": "a"], ["type": "text", "text": "b"]]
        _ = try await withServer(generator) {
            try await $0.post("/v1/chat/completions", ["messages": [["role": "user", "content": content]]])
        }
        #expect(generator.requests.first.map { Fixtures.tokenizer.decode($0.prompt) } == prompt)
    }

    @Test("a call's arguments reach the template as an object")
    func parsesArguments() async throws {
        let generator = ScriptedGenerator("x")
        let call: JSONValue = [
            "id": "1", "type": "function", "function": ["name": "f", "arguments": "{\"city\":\"Bengaluru\"}"],
        ]
        let messages: JSONValue = [
            ["role": "user", "content": "q"], ["role": "assistant", "content": .null, "tool_calls": [call]],
            ["role": "tool", "tool_call_id": "1", "content": "warm"],
        ]
        _ = try await withServer(generator) { try await $0.post("/v1/chat/completions", ["messages": messages]) }
        let prompt = Fixtures.tokenizer.decode(generator.requests[0].prompt)
        #expect(prompt.contains("<tool_call>f{\"city\": \"Bengaluru\"}</tool_call>"))
    }

    @Test("a developer message is a system message to the template")
    func developerRole() async throws {
        let generator = ScriptedGenerator("x")
        _ = try await withServer(generator) {
            try await $0.post("/v1/chat/completions", ["messages": [["role": "developer", "content": "Be brief."]]])
        }
        #expect(Fixtures.tokenizer.decode(generator.requests[0].prompt).hasPrefix("<|im_start|>system\nBe brief."))
    }

    @Test("the final message can be continued")
    func continuesFinalMessage() async throws {
        let generator = ScriptedGenerator("x")
        let messages: JSONValue = [
            ["role": "user", "content": "q"], ["role": "assistant", "content": "It is "],
        ]
        let reply = try await withServer(generator) {
            try await $0.post(
                "/v1/chat/completions", ["messages": messages, "continue_final_message": true, "echo": true])
        }
        #expect(Fixtures.tokenizer.decode(generator.requests[0].prompt).hasSuffix("<|im_start|>assistant\nIt is "))
        #expect(reply.choice["message"]?["content"] == "It is x")
    }

    @Test("n replies share a prompt and differ in their seeds")
    func severalChoices() async throws {
        let generator = ScriptedGenerator { .init([$0.id.hasSuffix("1") ? "two" : "one"]) }
        let reply = try await withServer(generator) { try await $0.chat([("n", 2), ("seed", 7)]) }
        #expect(reply.json["choices"]?[0]?["message"]?["content"] == "one")
        #expect(reply.json["choices"]?[1]?["message"]?["content"] == "two")
        #expect(generator.requests.map(\.sampling.seed) == [7, 8])
        #expect(Set(generator.requests.map(\.id)).count == 2)
        #expect(reply.json["usage"]?["prompt_tokens"]?.integer == generator.requests[0].prompt.count)
        #expect(reply.json["usage"]?["completion_tokens"] == 2)
    }

    @Test("the token limit defaults to the rest of the context")
    func defaultLimit() async throws {
        let generator = ScriptedGenerator("x")
        _ = try await withServer(generator) { try await $0.chat() }
        let request = try #require(generator.requests.first)
        #expect(request.stop.maximumTokens == 512 - request.prompt.count)
    }

    @Test("a reply cut by its limit says so")
    func lengthLimit() async throws {
        let reply = try await withServer(ScriptedGenerator("a", "b", "c")) {
            try await $0.chat([("max_completion_tokens", 2)])
        }
        #expect(reply.choice["message"]?["content"] == "ab")
        #expect(reply.choice["finish_reason"] == "length")
    }

    @Test("the stop string or token that ended a reply is named")
    func stopReasons() async throws {
        let byString = try await withServer(ScriptedGenerator("a", "b", "END")) { try await $0.chat([("stop", "END")]) }
        #expect(byString.choice["stop_reason"] == "END")
        #expect(byString.choice["finish_reason"] == "stop")
        let byToken = try await withServer(
            ScriptedGenerator { _ in
                var script = ScriptedGenerator.Script(["a"])
                script.reason = .stopToken(65)
                return script
            }
        ) { try await $0.chat([("stop_token_ids", [65])]) }
        #expect(byToken.choice["stop_reason"] == 65)
    }

    @Test("text held back until the end belongs to the reply")
    func trailingText() async throws {
        let generator = ScriptedGenerator { _ in
            var script = ScriptedGenerator.Script(["a"])
            script.trailingText = "tail"
            return script
        }
        let reply = try await withServer(generator) { try await $0.chat() }
        #expect(reply.choice["message"]?["content"] == "atail")
    }

    @Test("an empty reply is an empty text, not null")
    func emptyReply() async throws {
        let reply = try await withServer(ScriptedGenerator()) { try await $0.chat() }
        #expect(reply.choice["message"]?["content"] == "")
    }

    @Test("log-probabilities name each token, its bytes and the alternatives")
    func logprobs() async throws {
        let reply = try await withServer(ScriptedGenerator("A", "B")) {
            try await $0.chat([("logprobs", true), ("top_logprobs", 2)])
        }
        let entries = try #require(reply.choice["logprobs"]?["content"]?.array)
        #expect(entries.count == 2)
        #expect(entries[0]["token"] == "A")
        #expect(entries[0]["bytes"] == [65])
        #expect(entries[0]["logprob"]?.double == -0.5)
        #expect(entries[0]["top_logprobs"]?.array?.count == 2)
        #expect(entries[0]["top_logprobs"]?[1]?["token"] == "B")
    }

    @Test("prompt log-probabilities come in vLLM's shape")
    func promptLogprobs() async throws {
        let generator = ScriptedGenerator("x")
        let reply = try await withServer(generator) { try await $0.chat([("prompt_logprobs", 1)]) }
        let entries = try #require(reply.json["prompt_logprobs"]?.array)
        #expect(entries.count == generator.requests[0].prompt.count)
        #expect(entries[0].isNull)
        let second = generator.requests[0].prompt[1]
        #expect(entries[1][String(second)]?["rank"] == 1)
        #expect(entries[1][String(second)]?["decoded_token"] == "u")
    }

    @Test("token ids are returned where they are asked for")
    func tokenIDs() async throws {
        let generator = ScriptedGenerator("A", "B")
        let reply = try await withServer(generator) { try await $0.chat([("return_token_ids", true)]) }
        #expect(reply.choice["token_ids"] == [65, 66])
        #expect(reply.json["prompt_token_ids"]?.array?.count == generator.requests[0].prompt.count)
    }

    @Test("cached tokens are part of the account")
    func cachedTokens() async throws {
        let generator = ScriptedGenerator { _ in
            var script = ScriptedGenerator.Script(["a"])
            script.cachedTokens = 5
            return script
        }
        let reply = try await withServer(generator) { try await $0.chat() }
        #expect(reply.json["usage"]?["prompt_tokens_details"]?["cached_tokens"] == 5)
    }

    @Test("the client's request id names the reply")
    func requestID() async throws {
        let reply = try await withServer(ScriptedGenerator("x")) {
            try await $0.chat(headers: [.init("X-Request-Id")!: "abc-123"])
        }
        #expect(reply.json["id"] == "chatcmpl-abc-123")
        #expect(reply.header("X-Request-Id") == "abc-123")
    }

    @Test("a request id that could break a log line is not taken over")
    func hostileRequestID() async throws {
        let reply = try await withServer(ScriptedGenerator("x")) {
            try await $0.chat(headers: [.init("X-Request-Id")!: "a b\"c"])
        }
        #expect(reply.json["id"]?.string?.contains("\"") == false)
        #expect(reply.header("X-Request-Id")?.count == 32)
    }

    @Test("sampling fields reach the engine, over the model's defaults")
    func samplingFields() async throws {
        let generator = ScriptedGenerator("x")
        _ = try await withServer(generator, configure: { $0.defaultSampling = .greedy }) {
            _ = try await $0.chat()
            return try await $0.chat([
                ("temperature", 0.5), ("top_p", 0.9), ("top_k", 40), ("min_p", 0.05), ("repetition_penalty", 1.1),
                ("presence_penalty", 0.5), ("frequency_penalty", -0.5), ("seed", -1), ("logit_bias", ["65": 150]),
                ("stop", ["a", "b"]), ("stop_token_ids", [1]), ("min_tokens", 2), ("max_tokens", 9),
                ("ignore_eos", true),
                ("include_stop_str_in_output", true), ("bad_words", ["no"]), ("allowed_token_ids", [65, 66]),
                ("cache_salt", "salt"), ("skip_special_tokens", false),
            ])
        }
        #expect(generator.requests[0].sampling == .greedy)
        let request = generator.requests[1]
        #expect(request.sampling.temperature == 0.5 && request.sampling.topP == 0.9 && request.sampling.topK == 40)
        #expect(request.sampling.minP == 0.05 && request.sampling.repetitionPenalty == 1.1)
        #expect(request.sampling.presencePenalty == 0.5 && request.sampling.frequencyPenalty == -0.5)
        #expect(request.sampling.seed == .max && request.sampling.logitBias == [65: 100])
        #expect(request.sampling.allowedTokens == [65, 66])
        #expect(request.sampling.badWords == [[110, 111], [32, 110, 111]])
        #expect(request.stop.strings == ["a", "b"] && request.stop.tokens == [1])
        #expect(request.stop.minimumTokens == 2 && request.stop.maximumTokens == 9)
        #expect(request.stop.ignoresEndOfSequence && request.stop.includesStopString)
        #expect(request.cacheSalt == "salt" && !request.skipsSpecialTokens)
    }

    @Test("a prompt can be cut to its last tokens")
    func truncation() async throws {
        let generator = ScriptedGenerator("x")
        _ = try await withServer(generator) { try await $0.chat([("truncate_prompt_tokens", 4)]) }
        #expect(generator.requests[0].prompt.count == 4)
    }

    @Test("a template from a request is refused unless it is trusted")
    func requestTemplate() async throws {
        let body: [(String, JSONValue)] = [("chat_template", "{{ messages[0].content }}")]
        let refused = try await withServer(ScriptedGenerator("x")) { try await $0.chat(body) }
        #expect(refused.status == 400 && refused.error?["param"] == "chat_template")
        let taken = try await withServer(ScriptedGenerator("x"), configure: { $0.chat.trustsRequestTemplates = true }) {
            try await $0.chat(body)
        }
        #expect(taken.status == 200)
    }

    @Test("the reasoning effort switches thinking unless the request says otherwise")
    func reasoningEffort() async throws {
        let generator = ScriptedGenerator("x")
        _ = try await withServer(generator) {
            _ = try await $0.chat([("reasoning_effort", "high")])
            _ = try await $0.chat([("reasoning_effort", "none")])
            return try await $0.chat([
                ("reasoning_effort", "high"), ("chat_template_kwargs", ["enable_thinking": false]),
            ])
        }
        let prompts = generator.requests.map { Fixtures.tokenizer.decode($0.prompt) }
        #expect(prompts[0].hasSuffix("<think>\n"))
        #expect(!prompts[1].hasSuffix("<think>\n"))
        #expect(!prompts[2].hasSuffix("<think>\n"))
    }
}
