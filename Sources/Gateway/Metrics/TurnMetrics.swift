import Locking
import Voice

/// How long the stages of spoken turns take, for `/metrics`.
final class TurnMetrics: CallMetrics {
    private struct Counts {
        var stages: [String: Distribution] = [:]
        var gaps = 0
        var gapSeconds = 0.0
    }

    /// A histogram with Prometheus' cumulative buckets.
    private struct Distribution {
        static let bounds = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9, 1.2, 2, 5]
        var counts = Array(repeating: 0, count: bounds.count)
        var count = 0
        var sum = 0.0

        mutating func add(_ value: Double) {
            for (position, bound) in Self.bounds.enumerated() where value <= bound { counts[position] += 1 }
            count += 1
            sum += value
        }
    }

    private let counts = Locked(Counts())

    func turn(_ timings: TurnTimings) {
        guard timings.isSpoken else { return }
        let stages: [(String, Double?)] = [
            ("silence", timings.silence), ("transcript", timings.transcript), ("first_token", timings.firstToken),
            ("first_clause", timings.firstClause), ("synthesis", timings.synthesis),
            ("first_audio", timings.firstAudio),
        ]
        counts.withLock { counts in
            for case (let name, let seconds?) in stages { counts.stages[name, default: Distribution()].add(seconds) }
        }
    }

    func bargeIn(_ seconds: Double) { counts.withLock { $0.stages["barge_in", default: Distribution()].add(seconds) } }

    func gap(_ seconds: Double) {
        counts.withLock {
            $0.gaps += 1
            $0.gapSeconds += seconds
        }
    }

    /// In Prometheus' text format.
    ///
    /// - Parameter calls: calls being held.
    func text(calls: Int) -> String {
        counts.withLock { counts in
            var lines = [
                "# HELP annie_calls Calls being held.", "# TYPE annie_calls gauge", "annie_calls \(calls)",
                "# HELP annie_audio_gaps_total Silences inside a clause, where sound came late.",
                "# TYPE annie_audio_gaps_total counter", "annie_audio_gaps_total \(counts.gaps)",
                "# HELP annie_audio_gap_seconds_total Their length.", "# TYPE annie_audio_gap_seconds_total counter",
                "annie_audio_gap_seconds_total \(counts.gapSeconds)",
                "# HELP annie_turn_stage_seconds How long the stages of spoken turns take.",
                "# TYPE annie_turn_stage_seconds histogram",
            ]
            for (stage, values) in counts.stages.sorted(by: { $0.key < $1.key }) {
                let name = "annie_turn_stage_seconds"
                for (bound, count) in zip(Distribution.bounds, values.counts) {
                    lines.append("\(name)_bucket{stage=\"\(stage)\",le=\"\(bound)\"} \(count)")
                }
                lines.append("\(name)_bucket{stage=\"\(stage)\",le=\"+Inf\"} \(values.count)")
                lines.append("\(name)_sum{stage=\"\(stage)\"} \(values.sum)")
                lines.append("\(name)_count{stage=\"\(stage)\"} \(values.count)")
            }
            return lines.joined(separator: "\n") + "\n"
        }
    }
}
