import Foundation
import Teaching
import Testing

@Suite struct ReportTests {
    private func report(
        example: TeachingReport.Example = .init(prompt: "", expected: "", before: "", after: ""), patience: Int? = nil,
        heldOut: [(step: Int, loss: Double)] = [(0, 2.5), (4, 1.25)]
    ) -> TeachingReport {
        var recipe = Recipe(base: "tiny", data: ["a/chats.jsonl"], output: "out")
        recipe.rounding = .w4a4
        recipe.patience = patience
        let plan = TeachingPlan(
            taught: 10, heldOut: 2, steps: 4, firstStep: 0, tokensPerEpoch: 100, plainTokensPerEpoch: 400,
            targetsPerEpoch: 50, memory: 1 << 20, problems: 1)
        let result = TeachingResult(
            end: .finished, steps: 4, heldOut: heldOut, losses: [(1, 2.0), (2, 1.5), (4, .nan)],
            seconds: 10, tokens: 400)
        return TeachingReport(recipe: recipe, plan: plan, result: result, examples: [example])
    }

    @Test func thePageShowsCurvesAndFigures() {
        let html = report(example: .init(prompt: "Hi", expected: "Hello.", before: "# Hi", after: "Hello.")).html
        #expect(html.contains("2.5000 before, 1.2500 after"))
        #expect(html.components(separatedBy: "<polyline").count == 3)
        #expect(!html.contains("nan"))
        #expect(!html.contains("http://") && !html.contains("https://"))
    }

    @Test func afterIsTheLossOfWhatWasMade() {
        let losses: [(step: Int, loss: Double)] = [(0, 2.5), (2, 1.25), (4, 1.75)]
        #expect(report(heldOut: losses).html.contains("2.5000 before, 1.7500 after"))
        #expect(report(patience: 1, heldOut: losses).html.contains("2.5000 before, 1.2500 after"))
    }

    @Test func whatModelsSayCannotBecomeMarkup() {
        let html = report(
            example: .init(prompt: "<script>", expected: "", before: "\"&", after: "</blockquote><img src=x>")
        ).html
        #expect(!html.contains("<script>"))
        #expect(!html.contains("<img"))
        #expect(html.contains("&lt;/blockquote&gt;&lt;img src=x&gt;"))
    }

    @Test func theModelCardIsWrittenFromTheRun() {
        let card = report(example: .init(prompt: "Hi\nthere", expected: "", before: "b", after: "a")).modelCard(
            name: "out")
        #expect(card.hasPrefix("---\nbase_model: tiny\n"))
        #expect(report().modelCard(name: "out", baseModel: "owner/tiny").hasPrefix("---\nbase_model: owner/tiny\n"))
        #expect(card.contains("tags: [fine-tuned, nvfp4, qat]"))
        #expect(card.contains("| Steps | 4 of 4, finished |"))
        #expect(card.contains("**Hi ⏎ there**"))
    }
}
