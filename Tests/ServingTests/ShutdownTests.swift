import Inference
import JSON
import Testing

@Suite("Stopping the server", .timeLimit(.minutes(1)))
struct ShutdownTests {
    /// Starts a stream, stops the server while it runs, and returns all that the client got.
    private func streamThroughShutdown(
        _ generator: ScriptedGenerator, seconds: Double, pipelined: String? = nil
    ) async throws -> String {
        let (ports, report) = AsyncStream.makeStream(of: Int.self)
        let stream = Task {
            for await port in ports {
                return try await RawConnection.open(port: port) { connection in
                    try await connection.post("/v1/chat/completions", ConnectionTests.streaming)
                    if let pipelined { try await connection.post("/v1/chat/completions", pipelined) }
                    try await connection.readToEnd()
                    return connection.received
                }
            }
            return ""
        }
        try await withServer(.live, generator, configure: { $0.limits.shutdownSeconds = seconds }) { client in
            report.yield(try #require(client.client.port))
            report.finish()
            #expect(try await eventually { !generator.requests.isEmpty })
        }
        return try await stream.value
    }

    @Test("a running stream is finished")
    func finishesStreams() async throws {
        let generator = ScriptedGenerator { _ in
            var script = ScriptedGenerator.Script(Array(repeating: "w", count: 20))
            script.pause = .milliseconds(20)
            return script
        }
        let received = try await streamThroughShutdown(generator, seconds: 10)
        #expect(received.ranges(of: "\"content\":\"w\"").count == 20)
        #expect(received.contains("[DONE]"))
    }

    @Test("a stream that would never end is told so, and the server stops in time")
    func boundsStreams() async throws {
        let generator = ScriptedGenerator { _ in
            var script = ScriptedGenerator.Script(["w"])
            script.hangs = true
            return script
        }
        let start = ContinuousClock.now
        let received = try await streamThroughShutdown(generator, seconds: 0.3)
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(received.contains("\"code\":503") && received.contains("[DONE]"))
        #expect(generator.ended.count == 1)
    }

    @Test("a request that comes after the stop is refused")
    func refusesNewRequests() async throws {
        let generator = ScriptedGenerator { _ in
            var script = ScriptedGenerator.Script(Array(repeating: "w", count: 20))
            script.pause = .milliseconds(20)
            return script
        }
        let received = try await streamThroughShutdown(generator, seconds: 10, pipelined: chatBody().text())
        #expect(received.contains("[DONE]"))
        #expect(received.contains("HTTP/1.1 503"))
        #expect(generator.requests.count == 1)
    }
}
