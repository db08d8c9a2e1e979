import Foundation
import JSON
import Locking
import Teachers
import Testing

/// Which API a test's teacher speaks.
enum Kind: CaseIterable {
    case openAI, anthropic

    func teacher(at url: String, limit: Double) async throws -> any Teacher {
        switch self {
        case .openAI: try await OpenAITeacher(url: url, model: "m", timeLimit: limit)
        case .anthropic: AnthropicTeacher(url: url, model: "m", key: "k", timeLimit: limit)
        }
    }

    /// An answer with a text.
    func answer(_ text: String, usage: String = "{}") -> String {
        switch self {
        case .openAI: #"{"choices":[{"message":{"content":\#(JSONValue.string(text).text())}}],"usage":\#(usage)}"#
        case .anthropic: #"{"content":[{"type":"text","text":\#(JSONValue.string(text).text())}],"usage":\#(usage)}"#
        }
    }
}

extension Kind {
    /// What was asked for, as far as good writing needs it.
    func request(in sent: String, _ number: Int) -> TeacherRequest {
        let body = sent.firstRange(of: "\r\n\r\n").flatMap { try? JSONValue(parsing: String(sent[$0.upperBound...])) }
        let schema =
            body?["response_format"]?["json_schema"]?["schema"] ?? body?["tools"]?[0]?["input_schema"] ?? JSONValue.null
        return TeacherRequest(
            instructions: "", task: body?["messages"]?.array?.last?["content"]?.string ?? "", schema: schema,
            maximumTokens: 99, seed: number)
    }
}

@Suite("Teachers that lie, stall and break off")
struct HostileTeacherTests {
    /// What asking once comes to.
    private func result(
        _ kind: Kind, _ answer: LoopbackServer.Answer, limit: Double = 5
    ) async throws -> Result<TeacherReply, TeacherError> {
        let seen = Locked<Result<TeacherReply, TeacherError>?>(nil)
        try await LoopbackServer.with { _ in
            answer
        } _: { server in
            let teacher = try await kind.teacher(at: server.url, limit: limit)
            do throws(TeacherError) {
                let reply = try await teacher.reply(to: AskingTests.request)
                seen.withLock { $0 = .success(reply) }
            } catch { seen.withLock { $0 = .failure(error) } }
        }
        return try #require(seen.withLock { $0 })
    }

    @Test("one that never answers is given up at its limit", arguments: Kind.allCases)
    func stalls(kind: Kind) async throws {
        let began = ProcessInfo.processInfo.systemUptime
        if case .failure(.tooSlow) = try await result(kind, .silence, limit: 0.3) {} else { Issue.record("a stall") }
        #expect(ProcessInfo.processInfo.systemUptime - began < 10)
    }

    @Test("one that sends a byte now and then is given up at its limit too", arguments: Kind.allCases)
    func drips(kind: Kind) async throws {
        let began = ProcessInfo.processInfo.systemUptime
        let result = try await result(kind, .dripping, limit: 0.5)
        if case .failure(.tooSlow) = result {} else { Issue.record("\(result)") }
        #expect(ProcessInfo.processInfo.systemUptime - began < 10)
    }

    @Test("one that breaks off is told from one that ended", arguments: Kind.allCases)
    func breaksOff(kind: Kind) async throws {
        let result = try await result(kind, .broken)
        if case .failure(.brokeOff) = result {} else { Issue.record("\(result)") }
    }

    @Test(
        "an answer in another form is none", arguments: Kind.allCases,
        ["<html>", "", "{}", "[]", "null", #"{"choices":[],"content":7}"#, #"{"choices":[{"message":"text"}]}"#])
    func refusesNonsense(kind: Kind, body: String) async throws {
        let result = try await result(kind, .json(body))
        if case .failure(.malformed) = result {} else { Issue.record("\(body): \(result)") }
    }

    @Test("an error's status and the wait it asks for are read", arguments: Kind.allCases)
    func readsRefusals(kind: Kind) async throws {
        let body = #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#
        let answer = LoopbackServer.Answer.json(body, status: "529 Overloaded", headers: "retry-after: 9\r\n")
        let result = try await result(kind, answer)
        guard case .failure(.refused(_, 529, "Overloaded", 9.0)) = result else {
            Issue.record("\(result)")
            return
        }
    }

    @Test("an endless answer is left at its limit", arguments: Kind.allCases)
    func boundsAnswers(kind: Kind) async throws {
        let long = String(repeating: "a", count: 17 << 20)
        let result = try await result(kind, .json(long), limit: 30)
        if case .failure(.malformed(_, let found)) = result {
            #expect(found == "more than 16 MiB")
        } else {
            Issue.record("an endless answer")
        }
    }

    @Test("a program that never stops writing is ended")
    func boundsPrograms() async throws {
        await #expect {
            _ = try await CommandTeacher(command: "cat /dev/zero", timeLimit: 60).reply(to: AskingTests.request)
        } throws: {
            if case .malformed = $0 as? TeacherError { true } else { false }
        }
    }

    @Test("a program that says all is well and breaks off in its words loses only those")
    func brokenOffProgram() async throws {
        try await withFolder { folder in
            var recipe = GenerationRecipe.plain(folder, [.conciseVoice: 1])
            recipe.patience = 1
            let teacher = CommandTeacher(command: #"printf '{"conversations":[{"turns":[{"user":"Hi'"#)
            let report = try await GenerationRun.quick(recipe, teacher).run()
            #expect(report.end == .givenUp([.conciseVoice]))
            #expect(report.outcomes[0].rejected == ["not readable": 1])
        }
    }

    @Test("counts that cannot be are not believed, and do not end the program", arguments: Kind.allCases)
    func doubtsUsage(kind: Kind) async throws {
        let most = String(Int.max)
        let lies = [
            #"{"prompt_tokens":\#(most),"completion_tokens":\#(most),"input_tokens":\#(most),"#
                + #""cache_read_input_tokens":\#(most),"output_tokens":\#(most)}"#,
            #"{"prompt_tokens":-5,"completion_tokens":-5,"input_tokens":-5,"output_tokens":-5}"#,
            #"{"prompt_tokens":1e300,"completion_tokens":"many","input_tokens":[],"output_tokens":null}"#,
        ]
        try await LoopbackServer.with { number in
            .json(kind.answer("nothing", usage: lies[number % lies.count]))
        } _: { server in
            try await withFolder { folder in
                var recipe = GenerationRecipe.plain(folder, [.conciseVoice: 1])
                recipe.patience = 6
                let teacher = try await kind.teacher(at: server.url, limit: 5)
                let report = try await GenerationRun.quick(recipe, teacher).run()
                #expect(report.spending.requests == 6)
                #expect(report.spending.isEstimated)
                #expect((1..<1_000_000).contains(report.spending.tokens))
                // What it wrote down is read again.
                let again = try await GenerationRun.quick(recipe, teacher).run()
                #expect(again.spending.tokens >= report.spending.tokens)
            }
        }
    }

    @Test("a run outlives a server that does all of it", arguments: Kind.allCases)
    func outlives(kind: Kind) async throws {
        try await LoopbackServer.with(answering: { number, sent in
            switch number {
            case 0: .json(#"{"error":{"message":"busy"}}"#, status: "503 Service Unavailable")
            case 1: .broken
            case 2: .json("<html>")
            case 3: .silence
            case 4: .json(kind.answer("I would rather not."))
            case 5: .dripping
            default: .json(kind.answer(GoodWriting.answer(to: kind.request(in: sent, number))))
            }
        }) { server in
            try await withFolder { folder in
                let recipe = GenerationRecipe.plain(folder, [.conciseVoice: 3])
                let teacher = try await kind.teacher(at: server.url, limit: 0.5)
                let report = try await GenerationRun.quick(recipe, teacher).run()
                #expect(report.end == .complete)
                #expect(try lines(of: recipe.output).count == 3)
            }
        }
    }
}
