import HTTPTypes
import Inference
import JSON
import Testing

@Suite("Streamed chat replies")
struct ChatStreamTests {
    @Test("a stream opens with the role, brings the text and ends with the reason", arguments: Surface.allCases)
    func stream(surface: Surface) async throws {
        let reply = try await withServer(surface, ScriptedGenerator("Hel", "lo")) {
            try await $0.chat([("stream", true)])
        }
        #expect(reply.status == 200)
        #expect(reply.header("Content-Type") == "text/event-stream; charset=utf-8")
        #expect(reply.events.last == "[DONE]")
        let chunks = reply.chunks
        #expect(chunks.count == 4)
        #expect(chunks.allSatisfy { $0["object"] == "chat.completion.chunk" && $0["id"] == chunks[0]["id"] })
        #expect(chunks[0]["choices"]?[0]?["delta"] == ["role": "assistant", "content": ""])
        #expect(chunks[1]["choices"]?[0]?["delta"] == ["content": "Hel"])
        #expect(chunks[1]["choices"]?[0]?["finish_reason"] == .null)
        #expect(chunks[3]["choices"]?[0]?["delta"] == .object(JSONObject()))
        #expect(chunks[3]["choices"]?[0]?["finish_reason"] == "stop")
        #expect(chunks.allSatisfy { $0["usage"] == nil })
    }

    @Test("the usage comes in one more chunk without choices")
    func usage() async throws {
        let reply = try await withServer(ScriptedGenerator("a", "b")) {
            try await $0.chat([("stream", true), ("stream_options", ["include_usage": true])])
        }
        let last = try #require(reply.chunks.last)
        #expect(last["choices"] == [])
        #expect(last["usage"]?["completion_tokens"] == 2)
    }

    @Test("continuous usage stands in every chunk and grows")
    func continuousUsage() async throws {
        let options: JSONValue = ["include_usage": true, "continuous_usage_stats": true]
        let reply = try await withServer(ScriptedGenerator("a", "b")) {
            try await $0.chat([("stream", true), ("stream_options", options)])
        }
        let counts = reply.chunks.map { $0["usage"]?["completion_tokens"]?.integer }
        #expect(counts == [0, 1, 2, 2, 2])
    }

    @Test("a stream says what the whole reply says")
    func equalsWholeReply() async throws {
        let pieces = ["The ", "answer", " is", " 42", "."]
        let generator = ScriptedGenerator { _ in .init(pieces) }
        let (whole, stream) = try await withServer(generator) {
            (try await $0.chat(), try await $0.chat([("stream", true)]))
        }
        #expect(whole.choice["message"]?["content"]?.string == stream.streamedText())
    }

    @Test("several choices are told apart by their index")
    func severalChoices() async throws {
        let generator = ScriptedGenerator { .init($0.id.hasSuffix("1") ? ["t", "wo"] : ["o", "ne"]) }
        let reply = try await withServer(generator) { try await $0.chat([("stream", true), ("n", 2)]) }
        #expect(reply.streamedText(choice: 0) == "one")
        #expect(reply.streamedText(choice: 1) == "two")
        let endings = reply.chunks.filter { $0["choices"]?[0]?["finish_reason"] == "stop" }
        #expect(endings.count == 2)
    }

    @Test("log-probabilities come with the token they belong to")
    func logprobs() async throws {
        let reply = try await withServer(ScriptedGenerator("A", "B")) {
            try await $0.chat([("stream", true), ("logprobs", true)])
        }
        let tokens = reply.chunks.compactMap { $0["choices"]?[0]?["logprobs"]?["content"]?[0]?["token"]?.string }
        #expect(tokens == ["A", "B"])
    }

    @Test("tokens without text of their own are reported with the next one that has some")
    func heldBackTokens() async throws {
        let reply = try await withServer(ScriptedGenerator("", "B")) {
            try await $0.chat([("stream", true), ("return_token_ids", true)])
        }
        let ids = reply.chunks.compactMap { $0["choices"]?[0]?["token_ids"]?.array }.flatMap { $0 }
        #expect(ids.count == 2)
        #expect(reply.chunks[0]["prompt_token_ids"]?.array?.isEmpty == false)
    }

    @Test("an echo comes after the role")
    func echo() async throws {
        let reply = try await withServer(ScriptedGenerator("x")) {
            try await $0.chat([("stream", true), ("echo", true)])
        }
        #expect(reply.streamedText() == "Hellox")
    }

    @Test("an error in mid-stream is an event, and the stream still ends", arguments: Surface.allCases)
    func errorMidStream(surface: Surface) async throws {
        let generator = ScriptedGenerator { _ in
            var script = ScriptedGenerator.Script(["a"])
            script.failure = GenerationError.shuttingDown
            return script
        }
        let reply = try await withServer(surface, generator) { try await $0.chat([("stream", true)]) }
        #expect(reply.status == 200)
        #expect(reply.events.last == "[DONE]")
        #expect(reply.chunks.last?["error"]?["code"] == 503)
        #expect(reply.streamedText() == "a")
    }

    @Test("a failure nobody foresaw tells nothing about the inside")
    func internalError() async throws {
        struct Secret: Error { let path = "/etc/passwd" }
        let generator = ScriptedGenerator { _ in
            var script = ScriptedGenerator.Script(["a"])
            script.failure = Secret()
            return script
        }
        let reply = try await withServer(generator) { try await $0.chat([("stream", true)]) }
        #expect(reply.chunks.last?["error"]?["type"] == "InternalServerError")
        #expect(!reply.text.contains("passwd"))
    }

    @Test("a failure before the first token has its own status, streaming or not", arguments: [true, false])
    func errorBeforeStream(streams: Bool) async throws {
        let generator = ScriptedGenerator { _ in
            var script = ScriptedGenerator.Script(["a"])
            script.promptFailure = GenerationError.queueFull(limit: 3)
            return script
        }
        let reply = try await withServer(generator) { try await $0.chat([("stream", .bool(streams))]) }
        #expect(reply.status == 503)
        #expect(reply.header("Retry-After") == "1")
        #expect(reply.message.contains("3 requests"))
    }
}
