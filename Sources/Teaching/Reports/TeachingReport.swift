import Foundation

/// What a run came to, for people: one HTML page without anything from elsewhere, and the checkpoint's model card.
public struct TeachingReport: Sendable {
    /// One prompt, and what the model said before and after.
    public struct Example: Sendable, Equatable {
        /// The user's last words.
        public var prompt: String
        /// What the data has there.
        public var expected: String
        /// The base model's reply, and the taught one's.
        public var before: String, after: String

        /// An example of these texts.
        public init(prompt: String, expected: String, before: String, after: String) {
            self.prompt = prompt
            self.expected = expected
            self.before = before
            self.after = after
        }
    }

    let recipe: Recipe
    let plan: TeachingPlan
    let result: TeachingResult
    let examples: [Example]

    /// A report of a run.
    public init(recipe: Recipe, plan: TeachingPlan, result: TeachingResult, examples: [Example]) {
        self.recipe = recipe
        self.plan = plan
        self.result = result
        self.examples = examples
    }

    /// Name and value of everything that was chosen or measured.
    var facts: [(String, String)] {
        let estimator = recipe.straightThrough == .identity ? "" : ", \(recipe.straightThrough.rawValue)"
        let rounding =
            switch recipe.rounding {
            case .none: "none"
            case .weightOnly: "NVFP4 weights (\(recipe.scales.rawValue)\(estimator))"
            case .w4a4: "NVFP4 weights and inputs (\(recipe.scales.rawValue)\(estimator))"
            }
        var facts = [
            ("Base", recipe.base),
            ("Data", recipe.data.map { URL(filePath: $0).lastPathComponent }.joined(separator: ", ")),
            ("Method", recipe.method == .full ? "every weight" : "LoRA, rank \(recipe.lowRank.rank)"),
            ("Rounding while taught", rounding),
        ]
        if let distillation = recipe.distillation {
            facts.append(("Teacher", "\(distillation.teacher ?? recipe.base), weight \(distillation.weight)"))
        }
        facts += [
            (
                "Learning rate",
                "\(recipe.learningRate), \(recipe.schedule.rawValue), warm-up \(Int(recipe.warmUp * 100)) %"
            ),
            ("Epochs", "\(recipe.epochs)"), ("Seed", "\(recipe.seed)"),
            ("Conversations", "\(plan.taught) taught, \(plan.heldOut) held out, \(plan.problems) left out"),
            (
                "Tokens of an epoch",
                "\(plan.tokensPerEpoch) computed for \(plan.plainTokensPerEpoch) (shared beginnings once), "
                    + "\(plan.targetsPerEpoch) with loss"
            ),
            ("Steps", "\(result.steps) of \(plan.steps), \(result.end.rawValue)"),
            ("Time", Self.duration(result.seconds)),
            ("Speed", "\(Int(Double(result.tokens) / max(result.seconds, 1e-9))) tokens/s, measurements included"),
        ]
        // With patience, what is made is the model with the lowest.
        let made = recipe.patience == nil ? result.heldOut.last : result.heldOut.min { $0.loss < $1.loss }
        if let first = result.heldOut.first, let made {
            facts.append(("Held-out loss", String(format: "%.4f before, %.4f after", first.loss, made.loss)))
        }
        return facts
    }

    /// The page.
    public var html: String {
        let rows = facts.map { "<tr><th>\($0.htmlEscaped)</th><td>\($1.htmlEscaped)</td></tr>" }.joined(separator: "\n")
        let chart = LineChart(
            title: "Loss", xLabel: "step", yLabel: "nats per token",
            series: [
                .init(name: "training", points: result.losses.map { (Double($0.step), $0.loss) }),
                .init(name: "held out", points: result.heldOut.map { (Double($0.step), $0.loss) }, isDashed: true),
            ])
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>Teaching \(recipe.base.htmlEscaped)</title>
            <style>
            :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
            body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
            table { border-collapse: collapse; width: 100%; } th { text-align: left; font-weight: 500; opacity: .7; }
            td, th { padding: .3rem .6rem .3rem 0; vertical-align: top; border-bottom: 1px solid #8883; }
            svg { width: 100%; height: auto; } .grid { stroke: #8884; } .label, .title { font-size: 11px; fill: currentColor; }
            .title { font-weight: 600; font-size: 13px; } blockquote { margin: .3rem 0; white-space: pre-wrap; }
            .after { border-left: 3px solid #3ba06f; padding-left: .6rem; }
            .before { border-left: 3px solid #8888; padding-left: .6rem; opacity: .75; }
            </style></head><body>
            <h1>Teaching \(recipe.base.htmlEscaped)</h1>
            <table>\(rows)</table>
            \(chart.svg)
            \(examplesHTML)
            </body></html>

            """
    }

    private var examplesHTML: String {
        guard !examples.isEmpty else { return "" }
        return "<h2>Before and after, on conversations that were not taught</h2>\n"
            + examples.map {
                """
                <p><strong>\($0.prompt.htmlEscaped)</strong><br><small>in the data: \($0.expected.htmlEscaped)</small></p>
                <blockquote class="before">\($0.before.htmlEscaped)</blockquote>
                <blockquote class="after">\($0.after.htmlEscaped)</blockquote>
                """
            }.joined(separator: "\n")
    }

    /// The checkpoint's `README.md`, with the front matter that Hugging Face reads.
    public func modelCard(name: String, baseModel: String? = nil) -> String {
        let table = facts.map { "| \($0) | \($1) |" }.joined(separator: "\n")
        let shown = examples.prefix(5).map {
            "> **\(Self.line($0.prompt))**\n>\n> before: \(Self.line($0.before))\n>\n> after: \(Self.line($0.after))"
        }.joined(separator: "\n\n")
        return """
            ---
            base_model: \(baseModel ?? recipe.base)
            library_name: annie
            tags: [\((recipe.rounding == .none ? ["fine-tuned"] : ["fine-tuned", "nvfp4", "qat"]).joined(separator: ", "))]
            ---

            # \(name)

            Taught by `annie train`. What follows was chosen or measured in that run.

            | | |
            |---|---|
            \(table)
            \(shown.isEmpty ? "" : "\n## Replies to conversations that were not taught\n\n\(shown)\n")
            """
    }

    private static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ⏎ ")
    }

    private static func duration(_ seconds: Double) -> String {
        seconds < 120 ? String(format: "%.0f s", seconds) : String(format: "%.1f min", seconds / 60)
    }
}
