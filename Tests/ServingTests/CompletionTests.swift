import Inference
import JSON
import Testing

@Suite("Text completions")
struct CompletionTests {
    @Test("a completion carries its text, its end and its account", arguments: Surface.allCases)
    func wholeReply(surface: Surface) async throws {
        let reply = try await withServer(surface, ScriptedGenerator(" upon", " a")) { try await $0.complete() }
        #expect(reply.status == 200)
        #expect(reply.json["object"] == "text_completion")
        #expect(reply.json["id"]?.string?.hasPrefix("cmpl-") == true)
        #expect(reply.choice["text"] == " upon a")
        #expect(reply.choice["finish_reason"] == "stop")
        #expect(reply.choice["logprobs"] == .null)
        #expect(reply.json["usage"]?["prompt_tokens"] == 4)
        #expect(reply.json["usage"]?["completion_tokens"] == 2)
    }

    @Test("a stream brings the text in chunks and ends with the reason")
    func stream() async throws {
        let reply = try await withServer(ScriptedGenerator(" upon", " a")) {
            try await $0.complete([("stream", true), ("stream_options", ["include_usage": true])])
        }
        let texts = reply.chunks.compactMap { $0["choices"]?[0]?["text"]?.string }
        #expect(texts == [" upon", " a", ""])
        #expect(reply.chunks[2]["choices"]?[0]?["finish_reason"] == "stop")
        #expect(reply.chunks[3]["choices"] == [])
        #expect(reply.chunks[3]["usage"]?["total_tokens"] == 6)
        #expect(reply.events.last == "[DONE]")
    }

    @Test(
        "a prompt may be a text, token ids, or a list of either",
        arguments: zip(
            ["Hi", [72, 105], ["Hi", "Ho"], [[72, 105], [72]]] as [JSONValue],
            [[[72, 105]], [[72, 105]], [[72, 105], [72, 111]], [[72, 105], [72]]] as [[[Int32]]]))
    func promptForms(prompt: JSONValue, tokens: [[Int32]]) async throws {
        let generator = ScriptedGenerator("x")
        let reply = try await withServer(generator) { try await $0.complete([("prompt", prompt)]) }
        #expect(reply.status == 200)
        #expect(generator.requests.map(\.prompt) == tokens)
        #expect(reply.json["choices"]?.array?.count == tokens.count)
        #expect(reply.json["usage"]?["prompt_tokens"]?.integer == tokens.joined().count)
    }

    @Test("choices of several prompts are numbered through")
    func choiceNumbers() async throws {
        let generator = ScriptedGenerator { .init([String(decoding: $0.prompt.map { UInt8($0) }, as: UTF8.self)]) }
        let reply = try await withServer(generator) { try await $0.complete([("prompt", ["a", "b"]), ("n", 2)]) }
        #expect(reply.json["choices"]?.array?.compactMap { $0["text"]?.string } == ["a", "a", "b", "b"])
        #expect(reply.json["choices"]?.array?.compactMap { $0["index"]?.integer } == [0, 1, 2, 3])
        #expect(reply.json["usage"]?["prompt_tokens"] == 2)
    }

    @Test("an echo repeats the prompt, streaming or not", arguments: [true, false])
    func echo(streams: Bool) async throws {
        let reply = try await withServer(ScriptedGenerator(" upon")) {
            try await $0.complete([("echo", true), ("stream", .bool(streams))])
        }
        let text =
            streams
            ? reply.chunks.compactMap { $0["choices"]?[0]?["text"]?.string }.joined() : reply.choice["text"]?.string
        #expect(text == "Once upon")
    }

    @Test("log-probabilities come in the older, parallel form")
    func logprobs() async throws {
        let reply = try await withServer(ScriptedGenerator("A", "B")) { try await $0.complete([("logprobs", 2)]) }
        let logprobs = try #require(reply.choice["logprobs"])
        #expect(logprobs["tokens"] == ["A", "B"])
        #expect(logprobs["token_logprobs"]?.array?.map(\.double) == [-0.5, -0.5])
        #expect(logprobs["text_offset"] == [0, 1])
        #expect(logprobs["top_logprobs"]?[0]?["B"]?.double == -1.5)
    }

    @Test("streamed log-probabilities add up to the whole ones")
    func streamedLogprobs() async throws {
        let generator = ScriptedGenerator("A", "B")
        let fields: [(String, JSONValue)] = [("logprobs", 1), ("echo", true)]
        let (whole, stream) = try await withServer(generator) {
            (try await $0.complete(fields), try await $0.complete(fields + [("stream", true)]))
        }
        for name in ["tokens", "token_logprobs", "text_offset", "top_logprobs"] {
            let pieces = stream.chunks.compactMap { $0["choices"]?[0]?["logprobs"]?[name]?.array }.flatMap { $0 }
            #expect(.array(pieces) == whole.choice["logprobs"]?[name])
        }
    }

    @Test("a prompt alone can be scored, and nothing is written")
    func scoresPrompt() async throws {
        let generator = ScriptedGenerator("x", "y")
        let reply = try await withServer(generator) {
            try await $0.complete([("echo", true), ("logprobs", 1), ("max_tokens", 0)])
        }
        #expect(reply.choice["text"] == "Once")
        #expect(reply.choice["logprobs"]?["tokens"] == ["O", "n", "c", "e"])
        #expect(reply.choice["logprobs"]?["token_logprobs"]?[0] == .null)
        #expect(reply.choice["logprobs"]?["top_logprobs"]?[0] == .null)
        #expect(reply.choice["finish_reason"] == "length")
        #expect(reply.json["usage"]?["completion_tokens"] == 0)
        #expect(generator.requests[0].stop.maximumTokens == 1)
    }

    @Test("prompt log-probabilities come with each choice")
    func promptLogprobs() async throws {
        let reply = try await withServer(ScriptedGenerator("x")) { try await $0.complete([("prompt_logprobs", 0)]) }
        let entries = try #require(reply.choice["prompt_logprobs"]?.array)
        #expect(entries.count == 4)
        #expect(entries[1]["110"]?["decoded_token"] == "n")
        #expect(entries[1]["110"]?["logprob"]?.double == -0.5)
    }

    @Test("tokens can be named by their ids, which are never ambiguous")
    func tokensByID() async throws {
        let reply = try await withServer(ScriptedGenerator("A")) {
            try await $0.complete([("logprobs", 0), ("return_tokens_as_token_ids", true)])
        }
        #expect(reply.choice["logprobs"]?["tokens"] == ["token_id:65"])
    }

    @Test("a token that is no whole character is named by its bytes")
    func brokenCharacters() async throws {
        let reply = try await withServer(ScriptedGenerator("\u{E9}")) {
            try await $0.complete([("logprobs", 0), ("return_token_ids", true)])
        }
        #expect(reply.choice["text"] == "\u{E9}")
        #expect(reply.choice["logprobs"]?["tokens"] == ["bytes:\\xc3"])
        #expect(reply.choice["token_ids"] == [0xC3])
        #expect(reply.choice["prompt_token_ids"] == [79, 110, 99, 101])
    }

    @Test("a checkpoint without a tokenizer takes token ids")
    func withoutTokenizer() async throws {
        let generator = ScriptedGenerator("", "", model: Fixtures.modelWithoutTokenizer)
        let reply = try await withServer(generator) {
            try await $0.complete([("prompt", [1, 2, 3]), ("return_token_ids", true), ("logprobs", 1)])
        }
        #expect(reply.status == 200)
        #expect(reply.choice["token_ids"] == [1, 1])
        #expect(reply.choice["logprobs"]?["tokens"] == ["token_id:1", "token_id:1"])
    }

    @Test(
        "a checkpoint without a tokenizer refuses text, and says what it takes",
        arguments: [
            ("/v1/completions", ["prompt": "Hi"]), ("/v1/completions", ["prompt": [1], "echo": true]),
            ("/v1/completions", ["prompt": [1], "stop": "x"]), ("/tokenize", ["prompt": "Hi"]),
            ("/v1/chat/completions", ["messages": [["role": "user", "content": "Hi"]]]),
            ("/detokenize", ["tokens": [1]]),
        ] as [(String, JSONValue)])
    func textWithoutTokenizer(path: String, body: JSONValue) async throws {
        let generator = ScriptedGenerator("x", model: Fixtures.modelWithoutTokenizer)
        let reply = try await withServer(generator) { try await $0.post(path, body) }
        #expect(reply.status == 400)
        #expect(reply.message.contains("no tokenizer"))
    }
}
