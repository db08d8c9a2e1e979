/// Puts long runs of combining marks in canonical order before a text is normalised.
///
/// Foundation sorts each run by insertion, so that 40,000 marks in the wrong order take it 0.7 s and ten times as many
/// over a minute. In order already they cost next to nothing, and the normal form is the same.
enum CombiningMarkOrder {
    /// Runs up to this length are left to Foundation.
    private static let limit = 64

    /// Scalars that are no marks themselves, or that stand for several, but decompose into marks only.
    private static let expansions: [UInt32: [Unicode.Scalar]] = [
        0x344: ["\u{308}", "\u{301}"], 0xF73: ["\u{F71}", "\u{F72}"], 0xF75: ["\u{F71}", "\u{F74}"],
        0xF81: ["\u{F71}", "\u{F80}"],
    ]
    /// The same for compatibility decomposition: the halfwidth voicing marks.
    private static let compatibilityExpansions: [UInt32: [Unicode.Scalar]] = [
        0xFF9E: ["\u{3099}"], 0xFF9F: ["\u{309A}"],
    ]

    /// A canonically (or compatibly) equivalent text whose long runs of marks are in order.
    static func ordered(_ text: String, isCompatibility: Bool) -> String {
        guard hasLongRun(text, isCompatibility) else { return text }
        var output = String.UnicodeScalarView()
        var run: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars {
            if let marks = marks(of: scalar, isCompatibility) {
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

    private static func hasLongRun(_ text: String, _ isCompatibility: Bool) -> Bool {
        var length = 0
        for scalar in text.unicodeScalars {
            length = marks(of: scalar, isCompatibility) == nil ? 0 : length + 1
            if length > limit { return true }
        }
        return false
    }

    /// The combining marks a scalar stands for; nil when it is not one.
    private static func marks(of scalar: Unicode.Scalar, _ isCompatibility: Bool) -> [Unicode.Scalar]? {
        guard scalar.value >= 0x300 else { return nil }
        if let marks = expansions[scalar.value] { return marks }
        if isCompatibility, let marks = compatibilityExpansions[scalar.value] { return marks }
        return scalar.properties.canonicalCombiningClass == .notReordered ? nil : [scalar]
    }

    /// Marks of one class keep their order.
    private static func sorted(_ run: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard run.count > limit else { return run }
        let keys = run.enumerated().map { (rank: $1.properties.canonicalCombiningClass.rawValue, position: $0) }
        return keys.sorted { $0 < $1 }.map { run[$0.position] }
    }
}
