import Foundation
import Teachers

extension Spending {
    /// `12345 tokens, 0.42`.
    var text: String {
        let mark = isEstimated ? "about " : ""
        return "\(mark)\(tokens) tokens" + (cost > 0 ? String(format: ", cost %.4f", cost) : "")
    }
}

extension GenerationReport {
    /// What came of the run, for a terminal.
    var terminalText: String {
        var table = TextTable(
            ("CATEGORY", .left), ("WANTED", .right), ("KEPT", .right), ("REJECTED", .right), ("OPENINGS", .right),
            ("REPEATED", .right), ("WORDS", .right))
        for outcome in outcomes {
            let variety = outcome.variety, words = variety.replyWords
            table.add(
                outcome.category.title, "\(outcome.wanted)", "\(outcome.accepted)", "\(outcome.rejectedCount)",
                "\(variety.distinctOpenings)", String(format: "%.0f %%", variety.repeatedPhraseShare * 100),
                "\(words.median), \(words.high)")
        }
        let variety = statistics.variety, words = variety.replyWords
        table.add(
            "all", "\(wanted)", "\(accepted)", "\(outcomes.reduce(0) { $0 + $1.rejectedCount })",
            "\(variety.distinctOpenings)", String(format: "%.0f %%", variety.repeatedPhraseShare * 100),
            "\(words.median), \(words.high)")
        var lines = [
            table.text, "",
            "OPENINGS: different first three words of replies. REPEATED: five-word runs of replies that come more than once.",
            "WORDS: of a reply, the median and what 95 % keep below.",
        ]
        let reasons = outcomes.reduce(into: [String: Int]()) { $0.merge($1.rejected, uniquingKeysWith: +) }
        if !reasons.isEmpty {
            var table = TextTable(("REJECTED FOR", .left), ("HOW OFTEN", .right))
            for (reason, count) in reasons.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
                table.add(reason, "\(count)")
            }
            lines += ["", table.text]
        }
        let time = seconds < 120 ? String(format: "%.0f s", seconds) : String(format: "%.0f min", seconds / 60)
        lines += ["", "Written by \(teacher): \(spending.requests) answers, \(spending.text), \(time) this time."]
        return lines.joined(separator: "\n")
    }
}
