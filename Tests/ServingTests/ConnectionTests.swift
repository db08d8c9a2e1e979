import Inference
import JSON
import Testing

/// Clients that leave, dawdle or push; each over a real socket.
@Suite("Connections", .timeLimit(.minutes(1)))
struct ConnectionTests {
    static let streaming = chatBody([("stream", true)]).text()

    /// Says the pieces, then waits for ever.
    private func hanging(_ pieces: [String]) -> ScriptedGenerator {
        ScriptedGenerator { _ in
            var script = ScriptedGenerator.Script(pieces)
            script.hangs = true
            return script
        }
    }

    @Test("a piece of text arrives while the next is still being made")
    func immediateChunks() async throws {
        try await withServer(.live, hanging(["first"])) { client in
            try await RawConnection.open(port: try #require(client.client.port)) { connection in
                try await connection.post("/v1/chat/completions", Self.streaming)
                #expect(try await connection.read(until: "\"content\":\"first\""))
            }
        }
    }

    @Test("a client that vanishes ends its generations", arguments: ["", ",\"stream\":true", ",\"n\":3"])
    func vanishingClient(fields: String) async throws {
        let generator = hanging(["a"])
        let body = "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]\(fields)}"
        try await withServer(.live, generator) { client in
            try await RawConnection.open(port: try #require(client.client.port)) { connection in
                try await connection.post("/v1/chat/completions", body)
                #expect(try await eventually { !generator.requests.isEmpty })
                if fields.contains("stream") { _ = try await connection.read(until: "data:") }
            }
            let start = ContinuousClock.now
            #expect(try await eventually { generator.ended.count == generator.requests.count })
            #expect(ContinuousClock.now - start < .seconds(2))
        }
    }

    @Test("a client that leaves between tokens ends its generation too")
    func vanishingBetweenTokens() async throws {
        let generator = ScriptedGenerator { _ in
            var script = ScriptedGenerator.Script(Array(repeating: "word ", count: 400))
            script.pause = .milliseconds(10)
            return script
        }
        try await withServer(.live, generator) { client in
            try await RawConnection.open(port: try #require(client.client.port)) { connection in
                try await connection.post("/v1/chat/completions", Self.streaming)
                _ = try await connection.read(until: "word")
            }
            #expect(try await eventually(within: .seconds(2)) { generator.ended.count == 1 })
        }
    }

    @Test("a client that does not read is let go, and its generation with it")
    func stalledReader() async throws {
        let generator = hanging(Array(repeating: String(repeating: "x", count: 100_000), count: 200))
        try await withServer(.live, generator, configure: { $0.limits.stalledWriteSeconds = 0.3 }) { client in
            try await RawConnection.open(port: try #require(client.client.port)) { connection in
                try await connection.post("/v1/chat/completions", Self.streaming)
                #expect(try await eventually { generator.ended.count == 1 })
            }
        }
    }

    @Test("a body that drips in is cut off with a reason")
    func slowBody() async throws {
        try await withServer(.live, ScriptedGenerator("x"), configure: { $0.limits.bodySeconds = 0.3 }) { client in
            try await RawConnection.open(port: try #require(client.client.port)) { connection in
                try await connection.send(
                    "POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        + "Content-Length: 1000\r\n\r\n{\"prompt\"")
                try await connection.readToEnd()
                #expect(connection.received.hasPrefix("HTTP/1.1 408"))
                #expect(connection.received.contains("did not arrive in time"))
            }
        }
    }

    @Test("a head that does not come is cut off")
    func slowHead() async throws {
        try await withServer(.live, ScriptedGenerator("x"), configure: { $0.limits.idleSeconds = 0.3 }) { client in
            try await RawConnection.open(port: try #require(client.client.port)) { connection in
                try await connection.send("POST /v1/completions HT")
                try await connection.readToEnd()
                #expect(connection.received.isEmpty)
            }
        }
    }

    @Test("a long generation is not taken for an idle connection")
    func longGeneration() async throws {
        let generator = ScriptedGenerator { _ in
            var script = ScriptedGenerator.Script(["a", "b"])
            script.pause = .milliseconds(400)
            return script
        }
        try await withServer(.live, generator, configure: { $0.limits.idleSeconds = 0.2 }) { client in
            try await RawConnection.open(port: try #require(client.client.port)) { connection in
                try await connection.post("/v1/chat/completions", chatBody().text())
                #expect(try await connection.read(until: "\"content\":\"ab\""))
            }
        }
    }

    @Test("a head over the limit is refused")
    func largeHead() async throws {
        try await withServer(.live, ScriptedGenerator("x"), configure: { $0.limits.headerBytes = 2000 }) { client in
            try await RawConnection.open(port: try #require(client.client.port)) { connection in
                try await connection.send(
                    "GET /health HTTP/1.1\r\nX-Long: \(String(repeating: "a", count: 5000))\r\n\r\n")
                try await connection.readToEnd()
                #expect(connection.received.hasPrefix("HTTP/1.1 4"))
            }
        }
    }

    @Test(
        "what is no HTTP is refused",
        arguments: ["\u{16}\u{3}\u{1}hello\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"])
    func noHTTP(text: String) async throws {
        try await withServer(.live, ScriptedGenerator("x")) { client in
            try await RawConnection.open(port: try #require(client.client.port)) { connection in
                try await connection.send(text)
                try await connection.readToEnd()
                #expect(connection.received.isEmpty || connection.received.hasPrefix("HTTP/1.1 4"))
            }
            #expect(try await client.get("/health").status == 200)
        }
    }

    @Test("a connection serves one request after the other, streams too")
    func keepAlive() async throws {
        try await withServer(.live, ScriptedGenerator("x")) { client in
            try await RawConnection.open(port: try #require(client.client.port)) { connection in
                try await connection.post("/v1/chat/completions", Self.streaming)
                #expect(try await connection.read(until: "[DONE]"))
                try await connection.post("/v1/chat/completions", chatBody().text())
                #expect(try await connection.read(until: "\"chat.completion\""))
                try await connection.send("GET /version HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await connection.read(until: "\"version\""))
            }
        }
    }

    @Test("a client that asks before it sends a large body is told to go on")
    func expectContinue() async throws {
        try await withServer(.live, ScriptedGenerator("x")) { client in
            try await RawConnection.open(port: try #require(client.client.port)) { connection in
                let body = chatBody().text()
                try await connection.send(
                    "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        + "Expect: 100-continue\r\nContent-Length: \(body.utf8.count)\r\n\r\n")
                #expect(try await connection.read(until: "HTTP/1.1 100"))
                try await connection.send(body)
                #expect(try await connection.read(until: "\"chat.completion\""))
            }
        }
    }

    @Test("many clients at once are all served")
    func manyClients() async throws {
        let generator = ScriptedGenerator { _ in
            var script = ScriptedGenerator.Script(["a", "b", "c"])
            script.pause = .milliseconds(5)
            return script
        }
        try await withServer(.live, generator) { client in
            let port = try #require(client.client.port)
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        try await RawConnection.open(port: port) { connection in
                            try await connection.post("/v1/chat/completions", Self.streaming)
                            return try await connection.read(until: "[DONE]")
                        }
                    }
                }
                for try await isWhole in group { #expect(isWhole) }
            }
        }
        #expect(generator.ended.count == 40)
    }
}
