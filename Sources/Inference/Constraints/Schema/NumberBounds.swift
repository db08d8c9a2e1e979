import JSON

/// The range that `minimum`, `maximum` and their exclusive forms leave.
struct NumberBounds {
    struct Bound: Equatable {
        var value: Double
        var isExclusive: Bool
    }

    private(set) var low: Bound?
    private(set) var high: Bound?

    /// - Throws: ``ConstraintError`` for bounds that are no numbers, or that leave nothing.
    init(_ schema: JSONObject, at pointer: String) throws(ConstraintError) {
        for (keyword, isExclusive) in [("minimum", false), ("exclusiveMinimum", true)] {
            guard let value = try Self.number(keyword, in: schema, at: pointer) else { continue }
            if value >= low?.value ?? -.infinity { low = Bound(value: value, isExclusive: isExclusive) }
        }
        for (keyword, isExclusive) in [("maximum", false), ("exclusiveMaximum", true)] {
            guard let value = try Self.number(keyword, in: schema, at: pointer) else { continue }
            if value <= high?.value ?? .infinity { high = Bound(value: value, isExclusive: isExclusive) }
        }
        guard let low, let high else { return }
        guard low.value < high.value || low.value == high.value && !low.isExclusive && !high.isExclusive else {
            throw ConstraintError(
                pointer: pointer, message: "No number is between \(low.value) and \(high.value): impossible.")
        }
    }

    private static func number(
        _ keyword: String, in schema: JSONObject, at pointer: String
    ) throws(ConstraintError) -> Double? {
        guard let value = schema[keyword] else { return nil }
        guard let number = value.double, number.isFinite else {
            throw ConstraintError(
                pointer: "\(pointer)/\(keyword)", message: "'\(keyword)' must be a number, got \(value.text()).")
        }
        return number
    }

    func contains(_ number: Double) -> Bool {
        if let low, number < low.value || low.isExclusive && number == low.value { return false }
        if let high, number > high.value || high.isExclusive && number == high.value { return false }
        return true
    }

    /// The integers within the bounds, of at most 18 digits.
    func integers(at pointer: String) throws(ConstraintError) -> ClosedRange<Int> {
        let limit = 999_999_999_999_999_999
        func clamp(_ value: Double) -> Int { value >= 1e18 ? limit + 1 : value <= -1e18 ? -limit - 1 : Int(value) }
        var first = -limit
        var last = limit
        if let low {
            let whole = low.value.rounded(.up)
            first = clamp(whole) + (low.isExclusive && whole == low.value ? 1 : 0)
        }
        if let high {
            let whole = high.value.rounded(.down)
            last = clamp(whole) - (high.isExclusive && whole == high.value ? 1 : 0)
        }
        (first, last) = (max(first, -limit), min(last, limit))
        guard first <= last else {
            throw ConstraintError(pointer: pointer, message: "No integer of at most 18 digits is within the bounds.")
        }
        return first...last
    }
}

/// A number's magnitude in decimal digits.
struct DecimalMagnitude: Equatable {
    var whole: Int
    /// Digits after the point, 0 to 9.
    var fraction: [UInt8] = []
    /// Whether the number itself is outside the range.
    var isExclusive = false

    /// Whole parts have at most this many digits.
    static let wholeDigits = 15
    static let largestWhole = 999_999_999_999_999

    init(whole: Int, isExclusive: Bool = false) {
        self.whole = whole
        self.isExclusive = isExclusive
    }

    /// Nil for magnitudes of more than 15 digits, before or after the point.
    init?(_ value: Double, isExclusive: Bool) {
        let value = abs(value)
        guard value <= Double(Self.largestWhole) else { return nil }
        whole = Int(value)
        self.isExclusive = isExclusive
        var digits = value.description.utf8.split(separator: UInt8(ascii: "e")).map { Array($0) }
        var shift = 0
        if digits.count == 2 {
            guard let exponent = Int(String(decoding: digits[1], as: UTF8.self)), exponent < 0 else { return nil }
            shift = -exponent
        }
        // 1.5e-07 is fifteen, shifted by seven places after the one before its point.
        let parts = digits.removeFirst().split(separator: UInt8(ascii: "."))
        var tail = parts.count > 1 ? Array(parts[1]) : []
        if shift > 0 {
            guard shift <= Self.wholeDigits else { return nil }
            tail = Array(repeating: UInt8(ascii: "0"), count: shift - 1) + parts[0] + tail
        }
        while tail.last == UInt8(ascii: "0") { tail.removeLast() }
        fraction = tail.map { $0 - UInt8(ascii: "0") }
        guard fraction.count <= Self.wholeDigits else { return nil }
    }
}
