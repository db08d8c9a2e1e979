import Companion
import Evaluation
import JSON
import Testing

@Suite struct ReportTests {
    @Test func theIntervalIsWilsons() {
        // Newcombe 1998, table I: 81 of 263 and 15 of 148.
        let first = Rate(passed: 81, total: 263).interval, second = Rate(passed: 15, total: 148).interval
        #expect(abs(first.lowerBound - 0.2553) < 1e-4 && abs(first.upperBound - 0.3662) < 1e-4)
        #expect(abs(second.lowerBound - 0.0624) < 1e-4 && abs(second.upperBound - 0.1605) < 1e-4)
        #expect(Rate(passed: 0, total: 20).interval.lowerBound == 0)
        #expect(abs(Rate(passed: 0, total: 20).interval.upperBound - 0.1611) < 1e-4)
        #expect(Rate(passed: 0, total: 0).interval == 0...1)
    }

    @Test func samplesOfOnePromptDoNotMakeTheIntervalNarrower() {
        let once = Rate(passed: 9, total: 10).interval, often = Rate(passed: 90, total: 100, prompts: 10).interval
        #expect(once == often)
    }

    private func report(_ text: String, thresholds: String) async throws -> EvaluationReport {
        let server = try await FakeServer.chat { _ in .says(text) }
        let yaml =
            "category: <t>\ngates: [concise, no_follow_up]\nthresholds: {\(thresholds)}\nscenarios:\n  - {id: one, turns: [{user: \"<b>hi</b>\"}]}\n  - {id: two, turns: [{user: ho}]}"
        let report = try await EvaluationRun(
            model: try await OpenAIChatModel.connect(url: server.url), scenarios: try ScenarioSet(yaml: yaml)
        ).run()
        await server.stop()
        return report
    }

    @Test func thresholdsDecideWhetherItPasses() async throws {
        #expect(try await report("Fine. Good. Yes?", thresholds: "").passes)
        #expect(try await report("Fine.", thresholds: "concise: 1").passes)
        let bad = try await report("Fine. Good. Yes?", thresholds: "concise: 0.5")
        #expect(!bad.passes)
        #expect(bad.text.contains("missed"))
        let unseen = try await report("Fine.", thresholds: "tool_calling: 0.5")
        #expect(!unseen.passes)
        #expect(unseen.text.contains("not judged: Tool calling"))
    }

    @Test func aReplyPassesTogetherOnlyWhenItPassesEveryGate() async throws {
        let server = try await FakeServer.chat { _ in .says("Fine. Good. Well.") }
        let yaml =
            "category: c\ngates: [concise, no_follow_up]\nscenarios:\n  - {id: one, turns: [{user: hi}]}\n"
            + "  - {id: two, turns: [{user: ho, gates: [no_follow_up]}]}"
        let report = try await EvaluationRun(
            model: try await OpenAIChatModel.connect(url: server.url), scenarios: try ScenarioSet(yaml: yaml)
        ).run()
        await server.stop()
        #expect(report.rate(.noFollowUp) == Rate(passed: 2, total: 2))
        #expect(report.rate(.concise).passed == 0)
        #expect(report.together() == Rate(passed: report.rate(.concise).total == 1 ? 1 : 0, total: 2))
    }

    @Test func theJSONHoldsAllOfIt() async throws {
        let json = try JSONValue(
            parsing: try await report("Fine. Good. Yes?", thresholds: "concise: 0.5").json.text(.pretty))
        #expect(json["gates"]?[0]?["gate"]?.string == "concise")
        #expect(json["gates"]?[0]?["all"]?["total"]?.integer == 2)
        #expect(json["samples"]?[0]?["turns"]?[0]?["rounds"]?[0]?["text"]?.string == "Fine. Good. Yes?")
        #expect(json["samples"]?[0]?["verdicts"]?[0]?["failure"]?.string == "has 3 sentences")
        #expect(json["passes"]?.bool == false)
    }

    @Test func thePageStandsAloneAndShowsWhatFailed() async throws {
        let page = try await report("<script>x</script> Fine. Good. Yes?", thresholds: "concise: 0.5").html
        #expect(!page.contains("<script"))
        #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("src="))
        #expect(page.contains("&lt;script&gt;x&lt;/script&gt; Fine. Good. Yes?"))
        #expect(page.contains("&lt;b&gt;hi&lt;/b&gt;"))
        #expect(page.contains("ends with: Yes?"))
        #expect(page.components(separatedBy: "<details>").count == page.components(separatedBy: "</details>").count)
    }
}

@Suite struct GateTableTests {
    private static let table: GateTable = {
        var base = GateTable.Row(
            "base", gates: [.concise: Rate(passed: 5, total: 10), .markdown: Rate(passed: 10, total: 10)])
        base.bytes = 93_000_000
        base.perplexity = 21.5
        var weak = GateTable.Row(
            "QAT | weak", line: "QAT", dose: .init(learningRate: 1e-5, epochs: 2),
            gates: [.concise: Rate(passed: 6, total: 10)])
        weak.trainingSeconds = 600
        weak.divergence = 0.0123
        weak.together = Rate(passed: 3, total: 10)
        let strong = GateTable.Row(
            "QAT strong", line: "QAT", dose: .init(learningRate: 1e-4, epochs: 3),
            gates: [.concise: Rate(passed: 9, total: 10)])
        return GateTable(title: "Manners", rows: [base, weak, strong], notes: ["QAD: failed, <disk> full"])
    }()

    @Test func itComesBackFromJSON() throws {
        #expect(try GateTable(json: JSONValue(parsing: Self.table.json.text(.pretty))) == Self.table)
    }

    @Test(arguments: [
        #"{}"#, #"{"title":"x","rows":[{}]}"#, #"{"title":"x","rows":[{"name":"a","gates":{"tidy":{}}}]}"#,
        #"{"title":"x","rows":[{"name":"a","gates":{"concise":{"passed":3,"total":2,"prompts":1}}}]}"#, "[]", "5",
        #"{"title":"x","rows":[{"name":"a","gates":{"concise":{"passed":0,"total":-1,"prompts":0}}}]}"#,
    ])
    func otherJSONIsRefused(text: String) throws {
        let json = try JSONValue(parsing: text)
        #expect(throws: EvaluationError.self) { try GateTable(json: json) }
    }

    @Test func theMarkdownHasTheSameColumnsInEveryLine() {
        let lines = Self.table.markdown.split(separator: "\n")
        #expect(lines.count == 6 && lines[5] == "- QAD: failed, <disk> full")
        #expect(Set(lines.prefix(5).map { $0.replacing("\\|", with: "").count { $0 == "|" } }).count == 1)
        #expect(lines[0].contains("| dose |") && lines[0].contains("| KL |") && !lines[0].contains("tok/s"))
        #expect(
            lines[3].contains("1e-5 × 2") && lines[3].contains("60 %") && lines[3].contains("0.0123")
                && lines[3].contains("10.0 min"))
    }

    @Test func thePageDrawsALineForEachVariant() {
        let page = Self.table.html
        #expect(page.contains("learning rate × epochs"))
        #expect(page.components(separatedBy: "<circle").count == 3)
        #expect(page.contains("QAT strong, 1e-4 × 3: 90 %"))
        #expect(page.contains("QAT | weak, 1e-5 × 2: 30 %"))
        #expect(page.contains("QAD: failed, &lt;disk&gt; full"))
        #expect(!GateTable(title: "x", rows: [GateTable.Row("base")]).html.contains("<circle"))
    }

    @Test func theTextLinesUp() {
        #expect(
            Set(Self.table.text.split(separator: "\n").dropFirst().map { $0.firstRange(of: " %") != nil }).count <= 2)
    }
}
