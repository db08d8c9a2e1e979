/// All that an evaluation found.
public struct EvaluationReport: Sendable {
    /// The model's name.
    public var model: String
    /// Of the prompt's wording, as `SystemPrompt` has it.
    public var fingerprint: String
    /// Every conversation.
    public var samples: [SampleRecord]
    /// The least rates.
    public var thresholds: [QualityGate: Double]
    /// How far conversations could go.
    public var limits: EvaluationLimits

    /// The temperatures there are, the lowest first.
    public var temperatures: [Double] { Set(samples.map(\.sampling.temperature)).sorted() }

    /// The gates that were judged, in their order.
    public var gates: [QualityGate] {
        let judged = Set(samples.flatMap(\.verdicts).map(\.gate))
        return QualityGate.allCases.filter(judged.contains)
    }

    /// A gate's rate at one temperature, or over all.
    public func rate(_ gate: QualityGate, temperature: Double? = nil) -> Rate {
        var rate = Rate(passed: 0, total: 0)
        var prompts = Set<String>()
        for sample in samples where temperature == nil || sample.sampling.temperature == temperature {
            for verdict in sample.verdicts where verdict.gate == gate {
                rate.total += 1
                if verdict.passes { rate.passed += 1 }
                prompts.insert("\(sample.scenario.id)#\(verdict.turn)")
            }
        }
        rate.prompts = prompts.count
        return rate
    }

    /// The mean rate of the gates of manners that were judged; nil: none were.
    public func average(temperature: Double? = nil) -> Double? {
        let rates = gates.filter { $0 != .firstToken }.map { rate($0, temperature: temperature).value }
        return rates.isEmpty ? nil : rates.reduce(0, +) / Double(rates.count)
    }

    /// How many replies passed every gate of manners that was asked of them; nil: none was asked.
    public func together(temperature: Double? = nil) -> Rate? {
        var rate = Rate(passed: 0, total: 0)
        var prompts = Set<String>()
        for sample in samples where temperature == nil || sample.sampling.temperature == temperature {
            let byTurn = Dictionary(grouping: sample.verdicts.filter { $0.gate != .firstToken }, by: \.turn)
            for (turn, verdicts) in byTurn {
                rate.total += 1
                if verdicts.allSatisfy(\.passes) { rate.passed += 1 }
                prompts.insert("\(sample.scenario.id)#\(turn)")
            }
        }
        rate.prompts = prompts.count
        return rate.total > 0 ? rate : nil
    }

    /// How often the judge model and the rules agree on a gate; nil: it was not asked.
    public func agreement(_ gate: QualityGate) -> Rate? {
        let judged = samples.flatMap(\.verdicts).filter { $0.gate == gate && $0.judgePasses != nil }
        return judged.isEmpty ? nil : Rate(passed: judged.count { $0.judgePasses == $0.passes }, total: judged.count)
    }

    /// How many replies have an anomaly of each kind, the worst kinds first.
    public var anomalies: [(kind: Anomaly.Kind, count: Int)] {
        var counts: [Anomaly.Kind: Int] = [:]
        for anomaly in samples.flatMap(\.anomalies) { counts[anomaly.kind, default: 0] += 1 }
        return Anomaly.Kind.allCases.compactMap { kind in counts[kind].map { (kind, $0) } }
            .sorted { ($0.kind.severity, $0.count) > ($1.kind.severity, $1.count) }
    }

    /// Conversations that the endpoint failed.
    public var failures: [SampleRecord] { samples.filter { $0.failure != nil } }

    /// Turns that the model answered.
    public var replies: Int { samples.flatMap(\.turns).count { $0.scriptedReply == nil && $0.failure == nil } }

    /// Seconds to the first word of each reply that has words, sorted.
    public var firstTextSeconds: [Double] { samples.flatMap(\.turns).compactMap(\.firstText).sorted() }

    /// Tokens of all replies over the seconds after their first word; nil where the server does not count tokens.
    public var tokensPerSecond: Double? {
        let rounds = samples.flatMap(\.turns).flatMap(\.rounds)
        var (tokens, seconds) = (0, 0.0)
        for round in rounds {
            guard let count = round.tokens, count > 1, let first = round.firstText, round.seconds > first else {
                continue
            }
            tokens += count - 1
            seconds += round.seconds - first
        }
        return tokens > 0 ? Double(tokens) / seconds : nil
    }

    /// Thresholds that are missed, at any temperature.
    public var missed: [(gate: QualityGate, temperature: Double, rate: Rate, threshold: Double)] {
        gates.flatMap { gate in
            temperatures.compactMap { temperature in
                let rate = rate(gate, temperature: temperature)
                guard let threshold = thresholds[gate], rate.total > 0, rate.value < threshold else { return nil }
                return (gate, temperature, rate, threshold)
            }
        }
    }

    /// Gates that have a threshold and were not judged at all: a promise that nobody looked at.
    public var unjudged: [QualityGate] { QualityGate.allCases.filter { thresholds[$0] != nil && !gates.contains($0) } }

    /// Whether every threshold is reached and no conversation failed.
    public var passes: Bool { missed.isEmpty && unjudged.isEmpty && failures.isEmpty }
}

/// The value below which this share of sorted values lies; nil: there are none.
func quantile(_ share: Double, of sorted: [Double]) -> Double? {
    guard !sorted.isEmpty else { return nil }
    return sorted[min(sorted.count - 1, Int((share * Double(sorted.count - 1)).rounded()))]
}
