extension ScenarioSet {
    /// Everything that decides what is asked and how it is judged, as text that is the same from run to run; where a
    /// scenario is written does not count.
    public var canonicalText: String { scenarios.map(\.canonicalText).joined(separator: "\n") }
}

extension Scenario {
    fileprivate var canonicalText: String {
        var copy = self
        copy.place = ""
        copy.results = [:]
        // Dictionaries have another order in every process.
        let calls = turns.indices.map { index -> [String] in
            defer { copy.turns[index].expectation.calls = copy.turns[index].expectation.calls.map { _ in [] } }
            return (turns[index].expectation.calls ?? []).map { "\($0.names) \(sorted($0.arguments))" }
        }
        return "\(copy) \(sorted(results)) \(calls)"
    }

    private func sorted<Value>(_ values: [String: Value]) -> [(key: String, value: Value)] {
        values.sorted { $0.key < $1.key }
    }
}
