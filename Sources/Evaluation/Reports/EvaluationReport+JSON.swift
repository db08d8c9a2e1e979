import JSON

extension EvaluationReport {
    /// Everything, for machines; what was said included.
    public var json: JSONValue {
        [
            "model": .string(model), "prompt_fingerprint": .string(fingerprint), "passes": .bool(passes),
            "replies": .integer(replies), "conversations": .integer(samples.count),
            "gates": .array(gates.map(gateJSON)), "average": average().map(JSONValue.number) ?? .null,
            "first_text_seconds": firstTextJSON,
            "tokens_per_second": tokensPerSecond.map(JSONValue.number) ?? .null,
            "concurrency": .integer(limits.concurrency),
            "anomalies": .object(JSONObject(anomalies.map { ($0.kind.rawValue, .integer($0.count)) })),
            "not_answered": .integer(failures.count),
            "not_judged": .array(unjudged.map { .string($0.rawValue) }),
            "samples": .array(samples.map(sampleJSON)),
        ]
    }

    private func gateJSON(_ gate: QualityGate) -> JSONValue {
        let rates = temperatures.map { temperature -> JSONValue in
            var object = rate(gate, temperature: temperature).json.object ?? JSONObject()
            object["temperature"] = .number(temperature)
            return .object(object)
        }
        return [
            "gate": .string(gate.rawValue), "threshold": thresholds[gate].map(JSONValue.number) ?? .null,
            "missed": .bool(missed.contains { $0.gate == gate }), "rates": .array(rates), "all": rate(gate).json,
            "judge_agreement": agreement(gate)?.json ?? .null,
        ]
    }

    private var firstTextJSON: JSONValue {
        let sorted = firstTextSeconds
        func at(_ share: Double) -> JSONValue { quantile(share, of: sorted).map(JSONValue.number) ?? .null }
        return ["median": at(0.5), "p95": at(0.95), "longest": at(1), "count": .integer(sorted.count)]
    }

    private func sampleJSON(_ sample: SampleRecord) -> JSONValue {
        [
            "id": .string(sample.scenario.id), "category": .string(sample.scenario.category),
            "temperature": .number(sample.sampling.temperature), "sample": .integer(sample.sampling.number),
            "turns": .array(sample.turns.map(\.json)),
            "verdicts": .array(sample.verdicts.map(\.json)),
            "anomalies": .array(sample.anomalies.map(\.json)),
            "failure": sample.failure.map(JSONValue.string) ?? .null,
        ]
    }
}

extension Rate {
    var json: JSONValue {
        [
            "passed": .integer(passed), "total": .integer(total), "prompts": .integer(prompts), "rate": .number(value),
            "interval": [.number(interval.lowerBound), .number(interval.upperBound)],
        ]
    }
}

extension Verdict {
    var json: JSONValue {
        [
            "turn": .integer(turn), "gate": .string(gate.rawValue), "passes": .bool(passes),
            "failure": failure.map(JSONValue.string) ?? .null, "judge": judgePasses.map(JSONValue.bool) ?? .null,
        ]
    }
}

extension Anomaly {
    var json: JSONValue {
        [
            "kind": .string(kind.rawValue), "severity": .string(kind.severity.rawValue), "turn": .integer(turn),
            "evidence": .string(evidence),
        ]
    }
}

extension TurnRecord {
    var json: JSONValue {
        [
            "user": .string(user), "scripted": scriptedReply.map(JSONValue.string) ?? .null,
            "rounds": .array(rounds.map(\.json)), "failure": failure.map(JSONValue.string) ?? .null,
        ]
    }
}

extension TurnRecord.Round {
    var json: JSONValue {
        [
            "text": .string(text), "reasoning": .string(reasoning), "finish_reason": .string(finishReason),
            "calls": .array(
                calls.map { record in
                    [
                        "name": .string(record.call.name), "arguments": .string(record.call.arguments),
                        "result": .string(record.result), "problem": record.problem.map(JSONValue.string) ?? .null,
                    ]
                }), "first_text_seconds": firstText.map(JSONValue.number) ?? .null, "seconds": .number(seconds),
            "tokens": tokens.map(JSONValue.integer) ?? .null,
        ]
    }
}
