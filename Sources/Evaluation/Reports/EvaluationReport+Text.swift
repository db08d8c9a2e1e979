import Foundation

extension EvaluationReport {
    /// The report as a table for a terminal.
    public var text: String {
        var lines = ["\(model): \(replies) replies in \(samples.count) conversations", ""]
        let temperatures = temperatures
        var rows = [["gate"] + temperatures.map { Self.name(of: $0) } + ["95 %", "wanted", ""]]
        for gate in gates {
            let all = rate(gate)
            let interval = all.interval
            rows.append(
                [gate.title]
                    + temperatures.map { temperature in
                        let rate = rate(gate, temperature: temperature)
                        return "\(rate.passed)/\(rate.total)"
                    } + [
                        "\(Self.whole(interval.lowerBound))–\(Self.whole(interval.upperBound)) %",
                        thresholds[gate].map { Rate.percent($0) } ?? "",
                        missed.contains { $0.gate == gate } ? "missed" : "",
                    ])
        }
        if average() != nil {
            rows.append(
                ["average"]
                    + temperatures.map { average(temperature: $0).map { Rate.percent($0) } ?? "" } + ["", "", ""])
        }
        lines += aligned(rows)
        lines += ["", latencyLine]
        if let speed = tokensPerSecond { lines.append(String(format: "decode: %.0f tokens/s", speed)) }
        if !anomalies.isEmpty { lines += ["", "anomalies, in \(replies) replies:"] + anomalyLines }
        for gate in gates {
            if let agreement = agreement(gate) {
                lines.append("judge model on \(gate.title): agrees with \(agreement.passed) of \(agreement.total)")
            }
        }
        for sample in failures { lines.append("not answered: \(sample.scenario.id): \(sample.failure ?? "")") }
        for gate in unjudged { lines.append("not judged: \(gate.title); no scenario that was run asks for it") }
        return lines.joined(separator: "\n")
    }

    private var latencyLine: String {
        let sorted = firstTextSeconds
        guard let median = quantile(0.5, of: sorted), let late = quantile(0.95, of: sorted), let last = sorted.last
        else {
            return "time to first word: no reply had words"
        }
        let text = [median, late, last].map { String(format: "%.0f ms", $0 * 1000) }
        let shared = limits.concurrency > 1 ? " (with \(limits.concurrency) conversations at a time)" : ""
        return "time to first word: median \(text[0]), 95 % within \(text[1]), longest \(text[2])\(shared)"
    }

    private var anomalyLines: [String] {
        aligned(anomalies.map { ["  " + $0.kind.severity.rawValue, $0.kind.rawValue, String($0.count)] })
    }

    static func name(of temperature: Double) -> String { temperature == 0 ? "greedy" : "at \(temperature.formatted())" }
    private static func whole(_ value: Double) -> String { String(Int((value * 100).rounded())) }
}

/// Columns of equal width: the first to the left, the others to the right.
func aligned(_ rows: [[String]]) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    return rows.map { row in
        let cells = row.enumerated().map { column, cell in
            let space = String(repeating: " ", count: widths[column] - cell.count)
            return column == 0 ? cell + space : space + cell
        }
        let line = cells.joined(separator: "  ")
        return String(line.reversed().drop { $0 == " " }.reversed())
    }
}
