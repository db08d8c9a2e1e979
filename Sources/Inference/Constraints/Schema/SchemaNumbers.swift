import JSON

extension SchemaCompiler {
    /// A rule for the integers of a schema.
    mutating func integerRule(_ schema: JSONObject, at pointer: String) throws(ConstraintError) -> Grammar.NodeIndex {
        let bounds = try NumberBounds(schema, at: pointer)
        guard bounds.low != nil || bounds.high != nil else { return basics.integer }
        let range = try bounds.integers(at: pointer)
        let start = try grammar.addNode()
        let end = try grammar.addNode(isFinal: true)
        if range.upperBound >= 0 {
            try grammar.addIntegers(max(range.lowerBound, 0)...range.upperBound, from: start, to: end)
        }
        if range.lowerBound < 0 {
            let minus = try grammar.addLiteral(from: start, "-".utf8)
            try grammar.addIntegers(max(-range.upperBound, 1)...(-range.lowerBound), from: minus, to: end)
        }
        return start
    }

    /// A rule for the numbers of a schema. With bounds, numbers have no exponent, and few enough digits for a double to tell
    /// them from the bounds.
    mutating func numberRule(_ schema: JSONObject, at pointer: String) throws(ConstraintError) -> Grammar.NodeIndex {
        if schema["multipleOf"] != nil { return try integerRule(schema, at: pointer) }
        let bounds = try NumberBounds(schema, at: pointer)
        guard bounds.low != nil || bounds.high != nil else { return basics.number }
        let low = bounds.low ?? .init(value: -.infinity, isExclusive: false)
        let high = bounds.high ?? .init(value: .infinity, isExclusive: false)
        let start = try grammar.addNode()
        let end = try grammar.addNode(isFinal: true)
        if high.value >= 0 {
            let floor = low.value >= 0 ? low : .init(value: 0, isExclusive: false)
            try addMagnitudes(floor, high, from: start, to: end, at: pointer)
        }
        if low.value < 0 {
            let minus = try grammar.addLiteral(from: start, "-".utf8)
            let floor = high.value <= 0 ? high : .init(value: 0, isExclusive: false)
            try addMagnitudes(floor, low, from: minus, to: end, at: pointer)
        }
        return start
    }

    /// Magnitudes between those of two bounds, the smaller first.
    private mutating func addMagnitudes(
        _ low: NumberBounds.Bound, _ high: NumberBounds.Bound, from node: Grammar.NodeIndex, to end: Grammar.NodeIndex,
        at pointer: String
    ) throws(ConstraintError) {
        let ceiling = DecimalMagnitude(high.value, isExclusive: high.isExclusive)
        guard let low = DecimalMagnitude(low.value, isExclusive: low.isExclusive),
            ceiling != nil || abs(high.value) > Double(DecimalMagnitude.largestWhole)
        else {
            throw ConstraintError(
                pointer: pointer,
                message: "Bounds of more than \(DecimalMagnitude.wholeDigits) digits are not supported. Round them.")
        }
        let widest = String(max(low.whole, ceiling?.whole ?? 0)).count
        let digits = max(DecimalMagnitude.wholeDigits - widest, 1)
        guard max(low.fraction.count, ceiling?.fraction.count ?? 0) <= digits else {
            throw ConstraintError(
                pointer: pointer,
                message: "Bounds of more than \(DecimalMagnitude.wholeDigits) digits are not supported. Round them.")
        }
        if let ceiling, ceiling.whole == low.whole {
            let whole = try grammar.addLiteral(from: node, String(low.whole).utf8)
            return try grammar.addFraction(low, ceiling, digits, from: whole, to: end)
        }
        let lowest = try grammar.addLiteral(from: node, String(low.whole).utf8)
        try grammar.addFraction(low, nil, digits, from: lowest, to: end)
        let last = ceiling.map { $0.whole - 1 } ?? DecimalMagnitude.largestWhole
        if low.whole + 1 <= last {
            let between = try grammar.addNode()
            try grammar.addIntegers(low.whole + 1...last, from: node, to: between)
            try grammar.addFraction(nil, nil, digits, from: between, to: end)
        }
        if let ceiling {
            let highest = try grammar.addLiteral(from: node, String(ceiling.whole).utf8)
            try grammar.addFraction(nil, ceiling, digits, from: highest, to: end)
        }
    }
}

extension Grammar {
    /// Adds ways from one node to another that spell the integers of a range, none of them negative.
    mutating func addIntegers(
        _ range: ClosedRange<Int>, from node: NodeIndex, to end: NodeIndex
    ) throws(ConstraintError) {
        var first = 0
        var last = 9
        for length in 1...19 {
            let low = max(range.lowerBound, first)
            let high = min(range.upperBound, last)
            if low <= high { try addDigits(Self.digits(low), Self.digits(high), from: node, to: end) }
            guard length < 18 else { return }
            first = last + 1
            last = last * 10 + 9
        }
    }

    private static func digits(_ number: Int) -> [UInt8] { String(number).utf8.map { $0 - UInt8(ascii: "0") } }

    /// Numbers of one length. A digit is bounded only while all before it were those of the bound.
    private mutating func addDigits(
        _ low: [UInt8], _ high: [UInt8], from node: NodeIndex, to end: NodeIndex
    ) throws(ConstraintError) {
        var nodes = [Tightness(low: true, high: true): node]
        for place in low.indices {
            var next: [Tightness: NodeIndex] = [:]
            for (tightness, node) in nodes.sorted(by: { $0.value < $1.value }) {
                for digit in (tightness.low ? low[place] : 0)...(tightness.high ? high[place] : 9) {
                    let after = tightness.after(digit, low[place], high[place])
                    var target = next[after] ?? end
                    if next[after] == nil, place < low.count - 1 { target = try addNode() }
                    next[after] = target
                    addDigit(digit, from: node, to: target)
                }
            }
            nodes = next
        }
    }

    /// Adds the fractions (none, or a point and at most `digits` digits) between those of two bounds.
    mutating func addFraction(
        _ low: DecimalMagnitude?, _ high: DecimalMagnitude?, _ digits: Int, from node: NodeIndex, to end: NodeIndex
    ) throws(ConstraintError) {
        func digit(_ bound: DecimalMagnitude?, _ place: Int) -> UInt8 {
            guard let bound, place < bound.fraction.count else { return 0 }
            return bound.fraction[place]
        }
        /// Whether the text may end after `place` digits.
        func isWithin(_ tightness: Tightness, _ place: Int) -> Bool {
            let restOfLow = low?.fraction.dropFirst(place) ?? []
            let restOfHigh = high?.fraction.dropFirst(place) ?? []
            if tightness.low, !restOfLow.isEmpty || low?.isExclusive == true { return false }
            if tightness.high, restOfHigh.isEmpty, high?.isExclusive == true { return false }
            return true
        }
        let start = Tightness(low: low != nil, high: high != nil)
        if isWithin(start, 0) { addEpsilon(from: node, to: end) }
        var nodes = [start: try addLiteral(from: node, ".".utf8)]
        for place in 0..<digits {
            var next: [Tightness: NodeIndex] = [:]
            for (tightness, node) in nodes.sorted(by: { $0.value < $1.value }) {
                let range = (tightness.low ? digit(low, place) : 0, tightness.high ? digit(high, place) : 9)
                guard range.0 <= range.1 else { continue }
                for value in range.0...range.1 {
                    let after = tightness.after(value, digit(low, place), digit(high, place))
                    var target = next[after] ?? end
                    if next[after] == nil { target = try addNode() }
                    next[after] = target
                    addDigit(value, from: node, to: target)
                }
            }
            for (tightness, node) in next where isWithin(tightness, place + 1) { addEpsilon(from: node, to: end) }
            nodes = next
        }
    }

    private mutating func addDigit(_ digit: UInt8, from node: NodeIndex, to target: NodeIndex) {
        let byte = digit + UInt8(ascii: "0")
        addEdge(from: node, byte...byte, to: target)
    }
}

/// Whether the digits so far are all those of the lower and of the upper bound.
private struct Tightness: Hashable {
    var low: Bool
    var high: Bool

    func after(_ digit: UInt8, _ low: UInt8, _ high: UInt8) -> Tightness {
        Tightness(low: self.low && digit == low, high: self.high && digit == high)
    }
}
