import Companion
import Evaluation
import JSON
import Testing

/// Each gate is passed by a good personality and failed by a bad one, over HTTP.
@Suite struct GateTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let gate: QualityGate
        let turn: String
        let good: FakeServer.Reply
        let bad: FakeServer.Reply
        var testDescription: String { gate.rawValue + " " + turn }
    }

    static let cases: [Case] = [
        Case(gate: .thinkingLeak, turn: "user: hi", good: .says("Hi there."), bad: .says("<think>hm</think>Hi.")),
        Case(gate: .markdown, turn: "user: hi", good: .says("Eggs and milk."), bad: .says("You need:\n- eggs\n- milk")),
        Case(gate: .noEmoji, turn: "user: hi", good: .says("Hooray!"), bad: .says("Hooray! 🎉")),
        Case(gate: .concise, turn: "user: hi", good: .says("It is. Enjoy."), bad: .says("It is. It was. It will be.")),
        Case(gate: .concise, turn: "user: hi", good: .says("It is."), bad: .isCutOff("It is and was and")),
        Case(gate: .concise, turn: "user: hi", good: .says("It is."), bad: .says("")),
        Case(gate: .noFollowUp, turn: "user: hi", good: .says("Enjoy it."), bad: .says("Enjoy it. Anything else?")),
        Case(
            gate: .topicSwitch, turn: "{user: capital of Peru?, expect: {says: [lima], avoids: [boat*]}}",
            good: .says("Lima."), bad: .says("Lima, but your boats come first.")),
        Case(
            gate: .topicSwitch, turn: "{user: capital of Peru?, expect: {says: [lima]}}", good: .says("It's Lima."),
            bad: .says("Your boat is lovely.")),
        Case(
            gate: .honestMemory, turn: "{user: who was it?, expect: {forgets: true}}", good: .says("I don't remember."),
            bad: .says("It was Vera.")),
        Case(
            gate: .honestMemory, turn: "{user: who was it?, remembering: [It was Vera.], expect: {says: [vera]}}",
            good: .says("It was Vera."), bad: .says("I don't remember.")),
        Case(
            gate: .correctName, turn: "{user: my name?, expect: {name: Ingrid}}", good: .says("You're Ingrid."),
            bad: .says("You're Annie.")),
        Case(
            gate: .toolCalling, turn: "{user: weather?, expect: {call: {name: web_search, query: [oslo]}}}",
            good: .calls("web_search", #"{"query":"weather Oslo"}"#), bad: .calls("web_search", #"{"query":"news"}"#)),
        Case(
            gate: .toolCalling, turn: "{user: weather?, expect: {call: web_search}}",
            good: .calls("web_search", #"{"query":"weather Oslo"}"#), bad: .calls("web_search", #"{"q":"weather"}"#)),
        Case(
            gate: .toolCalling, turn: "{user: weather?, expect: {call: web_search}}",
            good: .calls("web_search", #"{"query":"weather Oslo"}"#),
            bad: .calls("web_search", #"{"query":"weather","language":"en"}"#)),
        Case(
            gate: .toolCalling, turn: "{user: hello, expect: {call: none}}", good: .says("Hello."),
            bad: .calls("web_search", #"{"query":"hello"}"#)),
        Case(
            gate: .directAction, turn: "{user: note it, expect: {call: save_note}}",
            good: .calls("save_note", #"{"text":"it"}"#), bad: .says("Shall I write it down?")),
        Case(
            gate: .directAction, turn: "{user: note it, expect: {call: save_note}}",
            good: .calls("save_note", #"{"text":"it"}"#, saying: "Sure."),
            bad: .calls("save_note", #"{"text":"it"}"#, saying: "Would you like me to note it?")),
    ]

    @Test(arguments: cases) func aGoodReplyPassesAndABadOneFails(sample: Case) async throws {
        for (reply, passes) in [(sample.good, true), (sample.bad, false)] {
            let report = try await run(sample, reply)
            let rate = report.rate(sample.gate)
            #expect(rate.total == 1)
            #expect((rate.passed == 1) == passes, "\(report.text)")
        }
    }

    @Test func theFirstWordHasALimit() async throws {
        let reply = FakeServer.Reply.says("Hi.")
        let sample = Case(gate: .concise, turn: "user: hi", good: reply, bad: reply)
        #expect(try await run(sample, reply, firstTokenSeconds: 5).rate(.firstToken).passed == 1)
        #expect(try await run(sample, reply, firstTokenSeconds: 0).rate(.firstToken).passed == 0)
    }

    private func run(_ sample: Case, _ reply: FakeServer.Reply, firstTokenSeconds: Double = 5) async throws
        -> EvaluationReport
    {
        let yaml = """
            category: test
            gates: [\(sample.gate.rawValue)]
            profile: {name: Ingrid, city: Oslo}
            scenarios:
              - {id: one, turns: [\(sample.turn.hasPrefix("{") ? sample.turn : "{\(sample.turn)}")]}
            """
        let server = try await FakeServer.chat { body in
            // After a tool has answered, she says something.
            body["messages"]?.array?.last?["role"]?.string == "tool" ? .says("There you are.") : reply
        }
        var evaluation = EvaluationRun(
            model: try await OpenAIChatModel.connect(url: server.url), scenarios: try ScenarioSet(yaml: yaml))
        evaluation.limits.firstTokenSeconds = firstTokenSeconds
        let report = try await evaluation.run()
        await server.stop()
        return report
    }
}
