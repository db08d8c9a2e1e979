import Inference
import JSON
import Locking
import Logging
import Serving
import Testing

@Suite("Logs")
struct LogTests {
    final class Lines: Sendable {
        private let storage = Locked<[String]>([])
        var all: [String] { storage.withLock { $0 } }
        var json: [JSONValue] { all.compactMap { try? JSONValue(parsing: $0) } }
        func append(_ line: String) { storage.withLock { $0.append(line) } }

        func logger(_ level: Logger.Level = .info) -> Logger {
            var logger = Logger(label: "annie") { JSONLogHandler(label: $0, write: self.append) }
            logger.logLevel = level
            return logger
        }
    }

    @Test("a line is one JSON object")
    func jsonLine() throws {
        let lines = Lines()
        lines.logger().info("Two\nlines", metadata: ["count": .stringConvertible(3), "message": "own", "list": ["a"]])
        #expect(lines.all.count == 1)
        #expect(lines.all[0].hasSuffix("}\n") && lines.all[0].dropLast().contains("\n") == false)
        let line = try #require(lines.json.first)
        #expect(line["message"] == "Two\nlines" && line["level"] == "info" && line["logger"] == "annie")
        #expect(line["count"] == 3 && line["list"] == ["a"] && line["metadata.message"] == "own")
        #expect(line["time"]?.string?.hasSuffix("Z") == true)
    }

    @Test("lines below the level are not written")
    func level() {
        let lines = Lines()
        lines.logger(.warning).info("quiet")
        #expect(lines.all.isEmpty)
    }

    @Test("a request leaves one line with its figures", arguments: [true, false])
    func accessLine(streams: Bool) async throws {
        let lines = Lines()
        let reply = try await withServer(ScriptedGenerator("a", "b"), logger: lines.logger()) {
            try await $0.chat([("stream", .bool(streams))])
        }
        let line = try #require(lines.json.first { $0["path"] == "/v1/chat/completions" })
        #expect(line["method"] == "POST" && line["status"] == 200)
        #expect(line["prompt_tokens"]?.integer ?? 0 > 0 && line["completion_tokens"] == 2)
        #expect(line["finish_reason"] == "stop")
        #expect(line["request_id"]?.string == reply.header("X-Request-Id"))
    }

    @Test("a stream that fails is not logged as a success")
    func failedStream() async throws {
        let lines = Lines()
        let generator = ScriptedGenerator { _ in
            var script = ScriptedGenerator.Script(["a"])
            script.failure = GenerationError.shuttingDown
            return script
        }
        _ = try await withServer(generator, logger: lines.logger()) { try await $0.chat([("stream", true)]) }
        #expect(lines.json.contains { $0["status"] == 503 })
    }

    @Test("a client that left is logged as gone, not as a failure", arguments: ["", ",\"stream\":true"])
    func vanishedClient(fields: String) async throws {
        let lines = Lines()
        let generator = ScriptedGenerator { _ in
            var script = ScriptedGenerator.Script(["a"])
            script.hangs = true
            return script
        }
        try await withServer(.live, generator, logger: lines.logger()) { client in
            try await RawConnection.open(port: try #require(client.client.port)) { connection in
                let body = "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]\(fields)}"
                try await connection.post("/v1/chat/completions", body)
                #expect(try await eventually { !generator.requests.isEmpty })
            }
            #expect(try await eventually { lines.json.contains { $0["status"] == 499 } })
        }
    }

    @Test("unknown fields are named, their values are not")
    func unknownFields() async throws {
        let lines = Lines()
        let reply = try await withServer(ScriptedGenerator("a"), logger: lines.logger()) {
            try await $0.chat([("favourite_colour", "SECRET")])
        }
        #expect(reply.status == 200)
        #expect(lines.json.contains { $0["fields"] == "favourite_colour" && $0["level"] == "warning" })
        #expect(!lines.all.joined().contains("SECRET"))
    }

    @Test("what users write never reaches the log, whatever goes wrong")
    func noUserText() async throws {
        struct Failure: Error { let text = "SECRET" }
        let lines = Lines()
        let generator = ScriptedGenerator { request in
            var script = ScriptedGenerator.Script(["SECRET"])
            if request.stop.maximumTokens == 3 { script.failure = Failure() }
            return script
        }
        try await withServer(.live, generator, logger: lines.logger(.debug)) { client in
            let messages: JSONValue = [["role": "user", "content": "SECRET"]]
            for fields in [[], [("max_tokens", 3)], [("stop", 1)], [("stream", true)]] as [[(String, JSONValue)]] {
                _ = try await client.chat([("messages", messages)] + fields)
            }
            _ = try await client.chat([("messages", [["role": "SECRET", "content": "x"]])])
            _ = try await client.post("/v1/chat/completions", text: "{\"SECRET\": SECRET")
            _ = try await client.complete([("prompt", "SECRET"), ("logit_bias", ["SECRET": 1])])
        }
        #expect(lines.all.count >= 6)
        #expect(!lines.all.joined().contains("SECRET"))
    }
}
