/// A number as it is written, with what belongs to it.
struct SpokenNumber {
    /// The digits before the point, without separators.
    var whole: String
    /// The digits after the point.
    var fraction: String?
    var isNegative = false
    /// Whether it was written with separators, so that it is no year.
    var isGrouped = false

    var words: String { (isNegative ? "minus " : "") + NumberWords.decimal(whole, fraction) }

    /// The value, if it is a whole number of ordinary size.
    var integer: Int? { fraction == nil && whole.count < 10 ? Int(whole) : nil }

    var isOne: Bool { integer == 1 }

    /// Reads `1,234.5`, with a sign if it cannot be a hyphen.
    init?(_ scanner: inout TextScanner) {
        let before = scanner.peek(-1)
        if before == nil || before == " " || before == "(" {
            isNegative = scanner.take(anyOf: ["-", "−"])
        }
        guard let digits = scanner.digits() else { return nil }
        whole = digits
        while whole.count <= 3 || isGrouped {
            var ahead = scanner
            guard ahead.take(","), let group = ahead.digits(3...3) else { break }
            whole += group
            isGrouped = true
            scanner = ahead
        }
        var ahead = scanner
        if ahead.take("."), let digits = ahead.digits() {
            fraction = digits
            scanner = ahead
        }
    }
}
