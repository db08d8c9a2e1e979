import TrainingData

/// Fills the places in a bank's text: `{v:Anna/Ruth}` draws a word, `{t:3-19}` a number and `{p:@people}` from a list of
/// ``WordLists``; `{v}` is what was drawn, never the same in two places of one text.
struct Slots {
    private(set) var values: [String: String]

    init(_ values: [String: String] = [:]) { self.values = values }

    mutating func fill(_ text: String, _ random: inout SeededGenerator) -> String {
        var result = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            result += rest[..<open]
            result += value(of: rest[rest.index(after: open)..<close], &random)
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    private mutating func value(of slot: Substring, _ random: inout SeededGenerator) -> String {
        let parts = slot.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            guard let known = values[parts[0]] else { preconditionFailure("nothing fills the slot \(slot)") }
            return known
        }
        var drawn = Self.draw(parts[1], &random)
        if parts[1].hasPrefix("@") {
            while values.values.contains(drawn) { drawn = Self.draw(parts[1], &random) }
        }
        values[parts[0]] = drawn
        return drawn
    }

    private static func draw(_ choices: String, _ random: inout SeededGenerator) -> String {
        if choices.hasPrefix("@") {
            guard let list = WordLists.all[String(choices.dropFirst())] else {
                preconditionFailure("no list \(choices)")
            }
            return random.pick(list)
        }
        let bounds = choices.split(separator: "-").map(String.init)
        if bounds.count == 2, let low = Int(bounds[0]), let high = Int(bounds[1]), low <= high {
            let number = String(random.integer(low...high))
            return String(repeating: "0", count: max(0, bounds[0].count - number.count)) + number
        }
        return random.pick(choices.split(separator: "/").map(String.init))
    }
}
