import Foundation

extension EvaluationReport {
    /// The report as one file for a browser: gates with their intervals, times to the first word, anomalies, and every
    /// conversation in which something went wrong.
    public var html: String {
        let verdict = passes ? "<span class=\"good\">reached</span>" : "<span class=\"bad\">not all reached</span>"
        let body = [
            "<h1>\(Page.escaped(model))</h1>",
            "<p>\(replies) replies in \(samples.count) conversations; what was wanted is \(verdict)."
                + " <span class=\"soft\">Prompt \(Page.escaped(String(fingerprint.prefix(12)))).</span></p>",
            "<h2>Gates</h2>", gateTable,
            "<p class=\"soft\">The thin line is the Wilson interval of 95 % over different prompts; the dashed one is what"
                + " is wanted.</p>",
            "<h2>Time to the first word</h2>", latency, "<h2>Anomalies</h2>", anomalyTable,
            "<h2>What went wrong</h2>", failing,
        ]
        return Page.html(title: "\(model): evaluation", body: body.joined(separator: "\n"))
    }

    private var gateTable: String {
        var rows = [["Gate"] + temperatures.flatMap { [Self.name(of: $0), ""] } + ["wanted", "judge agrees"]]
        for gate in gates {
            let cells = temperatures.flatMap { temperature in
                let rate = rate(gate, temperature: temperature)
                return ["\(rate.passed)/\(rate.total)", Page.bar(rate, threshold: thresholds[gate])]
            }
            let agreement = agreement(gate).map { "\($0.passed)/\($0.total)" } ?? ""
            rows.append([gate.title] + cells + [thresholds[gate].map { Rate.percent($0) } ?? "", agreement])
        }
        return Page.table(rows)
    }

    /// How many replies began within each span of time.
    private var latency: String {
        let sorted = firstTextSeconds
        guard let median = quantile(0.5, of: sorted), let late = quantile(0.95, of: sorted) else {
            return "<p>No reply had words.</p>"
        }
        let edges = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 5, .infinity]
        var lower = 0.0
        var rows: [[String]] = [["until", "replies", ""]]
        for edge in edges {
            let count = sorted.count { $0 > lower && $0 <= edge || lower == 0 && $0 == 0 }
            let name = edge.isFinite ? "\(Int(edge * 1000)) ms" : "later"
            let width = Page.number(240 * Double(count) / Double(sorted.count))
            let color = lower >= limits.firstTokenSeconds ? "bad" : "bar"
            let bar =
                "<svg width=\"244\" height=\"14\"><rect y=\"2\" width=\"\(width)\" height=\"10\" fill=\"var(--\(color))\"/></svg>"
            rows.append([name, String(count), bar])
            lower = edge
        }
        let shared = limits.concurrency > 1 ? " With \(limits.concurrency) conversations at a time." : ""
        return String(
            format: "<p>Median %.0f ms, 95 %% within %.0f ms.%@</p>", median * 1000, late * 1000, shared)
            + Page.table(rows)
    }

    private var anomalyTable: String {
        if anomalies.isEmpty { return "<p>None.</p>" }
        let rows = anomalies.map { [$0.kind.rawValue, $0.kind.severity.rawValue, String($0.count)] }
        return Page.table([["kind", "severity", "replies"]] + rows)
    }

    private var failing: String {
        let bad = samples.filter { sample in
            sample.failure != nil || sample.verdicts.contains { !$0.passes }
                || sample.anomalies.contains { $0.kind.severity > .minor }
        }
        if bad.isEmpty { return "<p>Nothing.</p>" }
        return bad.map(Self.transcript).joined(separator: "\n")
    }

    private static func transcript(_ sample: SampleRecord) -> String {
        let failed = sample.verdicts.filter { !$0.passes }
        let names = Set(failed.map(\.gate.title)).sorted() + (sample.failure == nil ? [] : ["not answered"])
        let title =
            "\(sample.scenario.id) <span class=\"soft\">\(Page.escaped(sample.scenario.category)),"
            + " \(name(of: sample.sampling.temperature))\(sample.sampling.number > 0 ? " #\(sample.sampling.number + 1)" : "")"
            + "</span> <span class=\"bad\">\(names.joined(separator: ", "))</span>"
        var lines: [String] = []
        for (index, turn) in sample.turns.enumerated() {
            lines.append(said("user", turn.user))
            if let reply = turn.scriptedReply { lines.append(said("given", reply)) }
            for round in turn.rounds {
                if !round.reasoning.isEmpty { lines.append(said("thinks", round.reasoning)) }
                if !round.text.isEmpty { lines.append(said("says", round.text)) }
                for record in round.calls {
                    lines.append(said("calls", "\(record.call.name) \(record.call.arguments)"))
                    lines.append(said("gets", record.problem.map { "\($0)\n\(record.result)" } ?? record.result))
                }
            }
            if let failure = turn.failure { lines.append("<div class=\"bad\">\(Page.escaped(failure))</div>") }
            for verdict in failed where verdict.turn == index {
                lines.append("<div class=\"bad\">\(verdict.gate.title): \(Page.escaped(verdict.failure ?? ""))</div>")
            }
            for anomaly in sample.anomalies where anomaly.turn == index {
                lines.append("<div class=\"soft\">\(anomaly.kind.rawValue): \(Page.escaped(anomaly.evidence))</div>")
            }
        }
        return "<details><summary>\(title)</summary>\n\(lines.joined(separator: "\n"))\n</details>"
    }

    private static func said(_ who: String, _ text: String) -> String {
        "<div class=\"said\"><span class=\"who\">\(who)</span>\(Page.escaped(text))</div>"
    }
}
