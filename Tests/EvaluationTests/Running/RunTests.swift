import Companion
import Evaluation
import JSON
import Testing

@Suite struct RunTests {
    private func evaluate(
        _ yaml: String, samplings: [Sampling] = [Sampling()], concurrency: Int = 1, seconds: Double = 20,
        _ reply: @escaping @Sendable (JSONValue) -> FakeServer.Reply
    ) async throws -> (EvaluationReport, [JSONValue]) {
        let server = try await FakeServer.chat(reply)
        var run = EvaluationRun(
            model: try await OpenAIChatModel.connect(url: server.url), scenarios: try ScenarioSet(yaml: yaml),
            samplings: samplings)
        run.limits.concurrency = concurrency
        run.limits.replySeconds = seconds
        let report = try await run.run()
        await server.stop()
        return (report, server.requests)
    }

    private static let two = """
        category: test
        gates: [concise]
        profile: {name: Ingrid, city: Oslo, languages: [Norwegian], preferences: [They sail.]}
        clock: 2026-03-03 14:05
        scenarios:
          - id: talk
            tools: [search_memory, web_search]
            results: {web_search: Rain until noon.}
            turns:
              - {user: The mast broke., assistant: Oh no.}
              - {user: Will it rain?, remembering: [The user sails.]}
              - {user: Thanks.}
        """

    @Test func thePromptIsTheOneTheCompanionUses() async throws {
        let (_, requests) = try await evaluate(Self.two) { _ in .says("Fine.") }
        let request = try #require(requests.first)
        let messages = try #require(request["messages"]?.array)
        let tools = BuiltinTools.all(store: try CompanionStore(inMemoryWithClock: { .now }), search: nil).map(
            \.definition
        )
        .filter { ["web_search", "search_memory"].contains($0.name) }
        let profile = Profile(name: "Ingrid", city: "Oslo", languages: ["Norwegian"], preferences: ["They sail."])
        #expect(
            messages[0]["content"]?.string == SystemPrompt.assemble(persona: .annie, profile: profile, tools: tools))
        #expect(messages[1]["content"]?.string == "[Tuesday, 3 March 2026, 14:05]\nThe mast broke.")
        #expect(messages[2]["content"]?.string == "Oh no.")
        #expect(messages[3]["content"]?.string == "Will it rain?\n[You remember: The user sails.]")
        #expect(request["tools"] == .array(tools.map(\.json)))
        #expect(request["temperature"]?.double == 0)
        #expect(requests.count == 2)
    }

    @Test func aToolAnswersAsTheScenarioSaysInTheCompanionsForm() async throws {
        let (report, requests) = try await evaluate(Self.two) { body in
            body["messages"]?.array?.count == 4 ? .calls("web_search", #"{"query":"rain"}"#) : .says("Until noon.")
        }
        let last = try #require(requests[1]["messages"]?.array?.last)
        #expect(last["role"]?.string == "tool")
        #expect(last["content"]?.string?.contains("| Rain until noon.") == true)
        #expect(report.samples[0].turns[1].rounds.count == 2)
        #expect(report.samples[0].turns[1].spoken == "Until noon.")
    }

    @Test func callsWithoutEndAreAnAnomalyAndStop() async throws {
        let (report, requests) = try await evaluate(Self.two) { _ in .calls("web_search", #"{"query":"rain"}"#) }
        #expect(report.anomalies.contains { $0.kind == .endlessCalls })
        #expect(requests.count == 10)
        #expect(report.rate(.concise).passed == 0)
    }

    @Test(arguments: [FakeServer.Reply.status(500), .breaksOff, .stalls])
    func whatTheEndpointFailsIsNeitherRepeatedNorJudged(reply: FakeServer.Reply) async throws {
        let (report, requests) = try await evaluate(Self.two, seconds: 1) { _ in reply }
        #expect(requests.count == 1)
        #expect(report.failures.count == 1)
        #expect(report.rate(.concise).total == 0)
        #expect(!report.passes)
        #expect(report.text.contains("not answered: talk"))
    }

    private static let many =
        "category: t\ngates: [concise]\nscenarios:\n"
        + (0..<12).map { "  - {id: s\($0), turns: [{user: question \($0)}]}" }.joined(separator: "\n")

    @Test func resultsComeInOrderWhateverTheConcurrency() async throws {
        let (report, _) = try await evaluate(Self.many, concurrency: 4) { body in
            .says(body["messages"]?.array?.last?["content"]?.string ?? "")
        }
        #expect(report.samples.map(\.scenario.id) == (0..<12).map { "s\($0)" })
        #expect(report.samples.map { $0.turns[0].spoken } == (0..<12).map { "question \($0)" })
    }

    @Test func everySampleHasItsOwnSeedAndTheSameOneInEveryRun() async throws {
        let samplings = Sampling.all(temperatures: [0, 0.7], samples: 3)
        let (report, first) = try await evaluate(Self.many, samplings: samplings) { _ in .says("Yes.") }
        let (_, second) = try await evaluate(Self.many, samplings: samplings) { _ in .says("Yes.") }
        #expect(report.samples.count == 48)
        #expect(report.rate(.concise, temperature: 0.7).total == 36)
        #expect(report.rate(.concise, temperature: 0.7).prompts == 12)
        let seeds = first.filter { $0["temperature"]?.double == 0.7 }.compactMap { $0["seed"]?.integer }
        #expect(Set(seeds).count == 36)
        #expect(second.compactMap { $0["seed"]?.integer } == first.compactMap { $0["seed"]?.integer })
    }

    @Test func anomaliesAreFoundWhateverIsAsked() async throws {
        let replies: [(String, Anomaly.Kind)] = [
            ("<think>so</think>Hi.", .thinkLeak), ("<tool_call>{\"name\": \"x\"}</tool_call>", .toolMarkupLeak),
            ("Answer in one or two short sentences, because you are heard, not read.", .promptLeak),
            ("[You remember: tea]", .promptLeak), ("[Sunday, 5 April 2026, 19:30]", .promptLeak),
            ("As an AI language model, I can't.", .roleConfusion), ("Fine.\nUser: what else", .roleConfusion),
            ("I am SmolLM.", .roleConfusion),
            ("{\"query\": \"rain\"}", .jsonLeak), ("", .emptyReply), ("**Hi**", .markdown), ("Hi 🎉", .emoji),
            ("Round, round, round, round, round, round.", .repetition),
        ]
        for (text, kind) in replies {
            let yaml = "category: t\ngates: [concise]\nscenarios:\n  - {id: s, turns: [{user: hi}]}"
            let (report, _) = try await evaluate(yaml) { _ in .says(text) }
            #expect(report.anomalies.contains { $0.kind == kind }, "\(text): \(report.anomalies)")
        }
    }

    @Test func aGoodReplyHasNoAnomaly() async throws {
        for text in [
            "It's three, time for tea.", "You live in Oslo and love to sail.", "Set {1, 2} is small.",
            "I can't remember, sorry.",
        ] {
            let (report, _) = try await evaluate(
                "category: t\ngates: [concise]\nscenarios:\n  - {id: s, turns: [{user: hi}]}"
            ) { _ in .says(text) }
            #expect(report.anomalies.isEmpty, "\(text): \(report.anomalies)")
        }
    }

    @Test func theJudgeModelIsAskedAndItsAgreementTold() async throws {
        let yaml =
            "category: t\ngates: [honest_memory]\nscenarios:\n  - {id: s, turns: [{user: who?, expect: {forgets: true}}]}"
        let answers = [
            ("PASS", 1), ("The reply is honest.\nVerdict: PASS", 1), ("FAIL", 0),
            ("FAIL. It would have to own that it does not know to pass.", 0),
        ]
        for (answer, agrees) in answers {
            let judge = try await FakeServer.chat { _ in .says(answer) }
            let server = try await FakeServer.chat { _ in .says("I don't know.") }
            var run = EvaluationRun(
                model: try await OpenAIChatModel.connect(url: server.url), scenarios: try ScenarioSet(yaml: yaml))
            run.judge = JudgeModel(model: try await OpenAIChatModel.connect(url: judge.url))
            let report = try await run.run()
            #expect(report.agreement(.honestMemory)?.passed == agrees)
            #expect(report.rate(.honestMemory).passed == 1)
            await judge.stop()
            await server.stop()
        }
    }

    @Test func aJudgeThatFailsDoesNotTakeTheMeasurementWithIt() async throws {
        let yaml =
            "category: t\ngates: [honest_memory]\nscenarios:\n  - {id: s, turns: [{user: who?, expect: {forgets: true}}]}"
        let judge = try await FakeServer.chat { _ in .status(429) }
        let server = try await FakeServer.chat { _ in .says("I don't know.") }
        var run = EvaluationRun(
            model: try await OpenAIChatModel.connect(url: server.url), scenarios: try ScenarioSet(yaml: yaml))
        run.judge = JudgeModel(model: try await OpenAIChatModel.connect(url: judge.url))
        let report = try await run.run()
        #expect(report.rate(.honestMemory).passed == 1)
        #expect(report.agreement(.honestMemory) == nil)
        await judge.stop()
        await server.stop()
    }

    @Test func argumentsThatAreNoJSONFailTheModelAndNotTheServer() async throws {
        let yaml =
            "category: t\ngates: [tool_calling]\nscenarios:\n"
            + "  - {id: s, turns: [{user: weather?, expect: {call: web_search}}]}"
        let (report, _) = try await evaluate(yaml) { body in
            // As `annie serve` and vLLM do, the server refuses a history whose arguments are no JSON object.
            for message in body["messages"]?.array ?? [] {
                for call in message["tool_calls"]?.array ?? [] {
                    let arguments = call["function"]?["arguments"]?.string ?? ""
                    guard (try? JSONValue(parsing: arguments))?.object != nil else { return .status(400) }
                }
            }
            let isAnswered = body["messages"]?.array?.last?["role"]?.string == "tool"
            return isAnswered ? .says("Rain.") : .calls("web_search", #"{"query":"weather Os"#)
        }
        #expect(report.failures.isEmpty)
        #expect(report.rate(.toolCalling) == Rate(passed: 0, total: 1))
    }
}
