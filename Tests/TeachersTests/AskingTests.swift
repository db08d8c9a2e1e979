import Foundation
import JSON
import Locking
import Teachers
import Testing

@Suite("Teachers behind APIs")
struct AskingTests {
    static let good = #"{"choices":[{"message":{"content":"{}"}}],"usage":{"prompt_tokens":7,"completion_tokens":3}}"#
    static let request = TeacherRequest(
        instructions: "Be brief.", task: "Write.", schema: ["type": "object"], maximumTokens: 99, temperature: 0.5,
        seed: 4)

    @Test("an OpenAI-compatible one is sent key, schema and limits, and its usage is read")
    func asksOpenAI() async throws {
        try await LoopbackServer.with { _ in
            .json(Self.good)
        } _: { server in
            let teacher = try await OpenAITeacher(url: server.url, model: "m", key: "secret")
            let reply = try await teacher.reply(to: Self.request)
            #expect(reply == TeacherReply(text: "{}", promptTokens: 7, completionTokens: 3))
            let sent = try #require(server.requests.first)
            #expect(sent.hasPrefix("POST /v1/chat/completions "))
            #expect(sent.contains("Bearer secret"))
            let body = try JSONValue(parsing: String(sent.split(separator: "\r\n\r\n", maxSplits: 1)[1]))
            #expect(body["max_tokens"] == 99)
            #expect(body["response_format"]?["json_schema"]?["schema"] == ["type": "object"])
            #expect(body["messages"]?[0]?["content"]?.string == "Be brief.")
        }
    }

    @Test("what a server does not take is left out from then on")
    func dropsRefusedFields() async throws {
        let refusal = #"{"error":{"message":"response_format is not supported"}}"#
        try await LoopbackServer.with {
            $0 == 0 ? .json(refusal, status: "400 Bad Request") : .json(Self.good)
        } _: { server in
            let teacher = try await OpenAITeacher(url: server.url, model: "m")
            _ = try await teacher.reply(to: Self.request)
            _ = try await teacher.reply(to: Self.request)
            #expect(server.requests.map { $0.contains("json_schema") } == [true, false, false])
        }
    }

    @Test("a server's first model is taken where none is named")
    func asksForModels() async throws {
        try await LoopbackServer.with { _ in
            .json(#"{"data":[{"id":"only"}]}"#)
        } _: { server in
            let teacher = try await OpenAITeacher(url: server.url, model: nil)
            #expect(teacher.name.hasPrefix("only at "))
        }
    }

    @Test("Anthropic's is asked by its own form and made to call the tool that takes the conversations")
    func asksAnthropic() async throws {
        let answer = """
            {"content":[{"type":"tool_use","name":"write_conversations","input":{"conversations":[]}}],
            "usage":{"input_tokens":5,"cache_read_input_tokens":20,"output_tokens":9}}
            """
        try await LoopbackServer.with { _ in
            .json(answer)
        } _: { server in
            let reply = try await AnthropicTeacher(url: server.url, model: "c", key: "secret").reply(to: Self.request)
            #expect(reply == TeacherReply(text: #"{"conversations":[]}"#, promptTokens: 25, completionTokens: 9))
            let sent = try #require(server.requests.first)
            #expect(sent.hasPrefix("POST /v1/messages "))
            #expect(sent.lowercased().contains("x-api-key: secret"))
            #expect(sent.contains("2023-06-01"))
            let body = try JSONValue(parsing: String(sent.split(separator: "\r\n\r\n", maxSplits: 1)[1]))
            #expect(body["tool_choice"]?["type"] == "tool")
            #expect(body["tools"]?[0]?["input_schema"] == ["type": "object"])
        }
    }

    @Test("one that stalls, breaks off, talks nonsense or is not there is told apart")
    func namesFailures() async throws {
        func failure(_ answer: LoopbackServer.Answer, limit: Double = 5) async throws -> TeacherError? {
            let seen = Locked<TeacherError?>(nil)
            try await LoopbackServer.with { _ in
                answer
            } _: { server in
                let teacher = try await OpenAITeacher(url: server.url, model: "m", timeLimit: limit)
                do throws(TeacherError) { _ = try await teacher.reply(to: Self.request) } catch {
                    seen.withLock { $0 = error }
                }
            }
            return seen.withLock { $0 }
        }
        if case .tooSlow = try await failure(.silence, limit: 0.3) {} else { Issue.record("a stall") }
        if case .brokeOff = try await failure(.broken) {} else { Issue.record("a reply that breaks off") }
        if case .malformed = try await failure(.json("<html>")) {} else { Issue.record("no JSON") }
        if case .malformed = try await failure(.json("{}")) {} else { Issue.record("no choices") }
        let limited = try await failure(.json("{}", status: "429 Too Many Requests", headers: "Retry-After: 7\r\n"))
        if case .refused(_, 429, _, 7.0) = limited {} else { Issue.record("\(String(describing: limited))") }
        let gone = try await OpenAITeacher(url: "http://127.0.0.1:1", model: "m")
        await #expect {
            _ = try await gone.reply(to: Self.request)
        } throws: {
            if case .unreachable = $0 as? TeacherError { true } else { false }
        }
    }

    @Test("a missing key, model or teacher is said by name")
    func namesWhatIsMissing() async throws {
        var settings = GenerationRecipe.TeacherSettings()
        await #expect(throws: GenerationError.self) { try await settings.teacher(environment: [:]) }
        settings.interface = .anthropic
        settings.model = "c"
        await #expect(throws: GenerationError.missingKey(variable: "ANTHROPIC_API_KEY")) {
            try await settings.teacher(environment: [:])
        }
        settings.keyVariable = "MY_KEY"
        #expect(try await settings.teacher(environment: ["MY_KEY": "k"]).name.hasPrefix("c at "))
        settings.command = "cat"
        settings.url = "http://127.0.0.1:1"
        await #expect(throws: GenerationError.self) { try await settings.teacher(environment: [:]) }
    }
}

@Suite("Teachers that are programs")
struct CommandTests {
    private func run(_ command: String, limit: Double = 20, task: String = "hello") async throws -> String {
        var request = AskingTests.request
        request.task = task
        return try await CommandTeacher(command: command, timeLimit: limit).reply(to: request).text
    }

    @Test("the prompt goes in and the reply comes out, however long both are")
    func passesText() async throws {
        let long = String(repeating: "abcdefgh", count: 60_000)
        #expect(try await run("cat", task: long) == "Be brief.\n\n\(long)\n")
    }

    @Test("one that reads nothing is heard all the same")
    func toleratesDeafness() async throws {
        let long = String(repeating: "x", count: 1 << 20)
        #expect(try await run("echo done", task: long) == "done\n")
    }

    @Test("one that fails says why")
    func reportsFailure() async throws {
        await #expect(throws: TeacherError.failed(command: "echo no quota >&2; exit 3", reason: "status 3: no quota")) {
            try await run("echo no quota >&2; exit 3")
        }
    }

    @Test("one that takes too long is ended with all that it started")
    func endsTheGroup() async throws {
        try await withFolder { folder in
            let command = "sleep 60 & echo $! > \(folder)/pid; wait"
            let began = ProcessInfo.processInfo.systemUptime
            await #expect(throws: TeacherError.tooSlow(place: "'\(command)'", seconds: 0.5)) {
                try await run(command, limit: 0.5)
            }
            #expect(ProcessInfo.processInfo.systemUptime - began < 10)
            let text = try String(contentsOfFile: folder + "/pid", encoding: .utf8)
            let pid = try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
            // A killed process may wait for its reaper, but runs no more.
            let status = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? "gone"
            #expect(kill(pid, 0) != 0 || status.contains(") Z "))
        }
    }

    @Test("cancelling ends it at once")
    func cancels() async throws {
        let began = ProcessInfo.processInfo.systemUptime
        let task = Task { try await run("sleep 60") }
        try await Task.sleep(for: .milliseconds(100))
        task.cancel()
        await #expect(throws: TeacherError.cancelled) { try await task.value }
        #expect(ProcessInfo.processInfo.systemUptime - began < 10)
    }
}
