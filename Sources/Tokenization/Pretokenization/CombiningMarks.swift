/// Prepares runs of combining marks for Foundation's normal forms, without changing what the text is equivalent to.
enum CombiningMarks {
    /// Foundation sorts a run by insertion: 40,000 marks in the wrong order take it 0.7 s, and ten times as many over a
    /// minute. Longer runs than this are put in order beforehand.
    private static let limit = 64

    /// Marks that stand for other marks. Foundation loses some of the first four in long runs, and overlooks that what
    /// the Tibetan vowel signs stand for has an order.
    private static let expansions: [UInt32: [Unicode.Scalar]] = [
        0x340: ["\u{300}"], 0x341: ["\u{301}"], 0x343: ["\u{313}"], 0x344: ["\u{308}", "\u{301}"],
        0xF73: ["\u{F71}", "\u{F72}"], 0xF75: ["\u{F71}", "\u{F74}"], 0xF81: ["\u{F71}", "\u{F80}"],
    ]

    /// A canonically equivalent text, with the marks in canonical order where Foundation needs it.
    static func ordered(_ text: String) -> String {
        guard needsOrder(text) else { return text }
        var output = String.UnicodeScalarView()
        var run: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars {
            if let marks = marks(of: scalar) {
                run += marks
            } else {
                output.append(contentsOf: sorted(run))
                run.removeAll(keepingCapacity: true)
                output.append(scalar)
            }
        }
        output.append(contentsOf: sorted(run))
        return String(output)
    }

    private static func needsOrder(_ text: String) -> Bool {
        var length = 0
        for scalar in text.unicodeScalars {
            guard let marks = marks(of: scalar) else {
                length = 0
                continue
            }
            length += marks.count
            if length > limit || marks != [scalar] { return true }
        }
        return false
    }

    /// The combining marks a scalar stands for; nil when it is not one.
    private static func marks(of scalar: Unicode.Scalar) -> [Unicode.Scalar]? {
        guard scalar.value >= 0x300 else { return nil }
        if let marks = expansions[scalar.value] { return marks }
        return scalar.properties.canonicalCombiningClass == .notReordered ? nil : [scalar]
    }

    /// The run in canonical order: marks of one class keep theirs.
    private static func sorted(_ run: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard run.count > 1 else { return run }
        let keys = run.enumerated().map { (rank: $1.properties.canonicalCombiningClass.rawValue, position: $0) }
        return keys.sorted { $0 < $1 }.map { run[$0.position] }
    }
}
