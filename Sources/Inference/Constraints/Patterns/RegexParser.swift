/// Reads the regular expressions of JSON Schema (ECMA-262's, without look-around, back references and word boundaries).
package struct RegexParser {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var depth = 0
    private static let depthLimit = 100
    /// The largest count in `{m,n}`.
    private static let repetitionLimit = 1000

    private init(_ pattern: String) { scalars = Array(pattern.unicodeScalars) }

    /// - Throws: ``ConstraintError`` that says what is wrong, or what is not supported, and where.
    package static func parse(_ pattern: String) throws(ConstraintError) -> RegexSyntax {
        var parser = RegexParser(pattern)
        let syntax = try parser.parseAlternation()
        guard parser.position == parser.scalars.count else { throw parser.failure("there is a ')' without its '('") }
        return syntax
    }

    private mutating func parseAlternation() throws(ConstraintError) -> RegexSyntax {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { throw failure("groups are nested more than \(Self.depthLimit) deep") }
        var alternatives = [try parseSequence()]
        while consume("|") { alternatives.append(try parseSequence()) }
        return alternatives.count == 1 ? alternatives[0] : .alternation(alternatives)
    }

    private mutating func parseSequence() throws(ConstraintError) -> RegexSyntax {
        var items: [RegexSyntax] = []
        while let next = peek(), next != "|", next != ")" { items.append(try parseRepetition()) }
        return .sequence(items)
    }

    private mutating func parseRepetition() throws(ConstraintError) -> RegexSyntax {
        var item = try parseAtom()
        while let (minimum, maximum) = try parseQuantifier() {
            guard item != .start, item != .end else { throw failure("an anchor cannot be repeated") }
            if case .repetition = item { throw failure("a quantifier follows a quantifier") }
            item = .repetition(item, minimum: minimum, maximum: maximum)
            // A lazy quantifier matches the same texts.
            _ = consume("?")
        }
        return item
    }

    private mutating func parseQuantifier() throws(ConstraintError) -> (Int, Int?)? {
        if consume("*") { return (0, nil) }
        if consume("+") { return (1, nil) }
        if consume("?") { return (0, 1) }
        let start = position
        guard consume("{") else { return nil }
        guard let minimum = try parseCount() else {
            // ECMA-262 reads a brace that opens no count as itself.
            position = start
            return nil
        }
        var maximum: Int? = minimum
        if consume(",") { maximum = try parseCount() }
        guard consume("}") else { throw failure("a count must end in '}'") }
        if let maximum, maximum < minimum { throw failure("the count {\(minimum),\(maximum)} is out of order") }
        return (minimum, maximum)
    }

    private mutating func parseCount() throws(ConstraintError) -> Int? {
        var count: Int?
        while let digit = peek(), ("0"..."9").contains(digit) {
            position += 1
            count = (count ?? 0) * 10 + Int(digit.value - 0x30)
            guard count ?? 0 <= Self.repetitionLimit else {
                throw failure("counts above \(Self.repetitionLimit) are not supported")
            }
        }
        return count
    }

    private mutating func parseAtom() throws(ConstraintError) -> RegexSyntax {
        let scalar = scalars[position]
        position += 1
        switch scalar {
        case "^": return .start
        case "$": return .end
        case ".": return .set(RegexClasses.lineBreaks.inverted)
        case "(": return try parseGroup()
        case "[": return .set(try parseClass())
        case "\\": return .set(try parseEscape(inClass: false))
        case "*", "+", "?": throw failure("'\(scalar)' has nothing to repeat")
        default: return .set(CodePointSet(scalar.value...scalar.value))
        }
    }

    private mutating func parseGroup() throws(ConstraintError) -> RegexSyntax {
        if consume("?"), !consume(":") {
            guard consume("<"), peek() != "=", peek() != "!" else { throw failure("look-around is not supported") }
            while let scalar = peek(), scalar != ">" {
                position += 1
                _ = scalar
            }
            guard consume(">") else { throw failure("a group's name must end in '>'") }
        }
        let syntax = try parseAlternation()
        guard consume(")") else { throw failure("a '(' has no ')'") }
        // Kept apart from what is around it, so that anchors inside are seen as inside.
        if case .alternation = syntax { return syntax }
        return .alternation([syntax])
    }

    // MARK: Classes and escapes

    private mutating func parseClass() throws(ConstraintError) -> CodePointSet {
        let isInverted = consume("^")
        var set = CodePointSet()
        while !consume("]") {
            let low = try parseClassMember()
            if peek() == "-", position + 1 < scalars.count, scalars[position + 1] != "]" {
                position += 1
                let high = try parseClassMember()
                guard let first = low.single, let last = high.single, first <= last else {
                    throw failure("a range in a class is out of order")
                }
                set.insert(first...last)
            } else {
                set.formUnion(low)
            }
        }
        return isInverted ? set.inverted : set
    }

    private mutating func parseClassMember() throws(ConstraintError) -> CodePointSet {
        guard let scalar = peek() else { throw failure("a '[' has no ']'") }
        position += 1
        return scalar == "\\" ? try parseEscape(inClass: true) : CodePointSet(scalar.value...scalar.value)
    }

    private mutating func parseEscape(inClass: Bool) throws(ConstraintError) -> CodePointSet {
        guard let scalar = peek() else { throw failure("the pattern ends in a '\\'") }
        position += 1
        if let set = RegexClasses.escapes[scalar] { return set }
        switch scalar {
        case "x": return try parseHex(digits: 2)
        case "u":
            guard consume("{") else { return try parseHex(digits: 4) }
            let start = position
            while let digit = peek(), digit != "}" {
                position += 1
                _ = digit
            }
            let count = position - start
            position = start
            let set = try parseHex(digits: count)
            guard consume("}") else { throw failure("\\u{ has no '}'") }
            return set
        case "b" where inClass: return CodePointSet(8...8)
        case "b", "B": throw failure("the word boundary \\\(scalar) is not supported")
        case "p", "P": throw failure("the Unicode property \\\(scalar) is not supported; list the characters instead")
        case "1"..."9", "k": throw failure("back references are not supported")
        case "a"..."z", "A"..."Z": throw failure("\\\(scalar) is not a known escape")
        default: return CodePointSet(scalar.value...scalar.value)
        }
    }

    private mutating func parseHex(digits: Int) throws(ConstraintError) -> CodePointSet {
        guard digits > 0, digits <= 6, position + digits <= scalars.count else {
            throw failure("expected hexadecimal digits")
        }
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let digit = Character(scalars[position]).hexDigitValue else {
                throw failure("expected a hexadecimal digit")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        guard Unicode.Scalar(value) != nil else { throw failure("U+\(String(value, radix: 16)) is not a character") }
        return CodePointSet(value...value)
    }

    private func peek() -> Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func consume(_ scalar: Unicode.Scalar) -> Bool {
        guard peek() == scalar else { return false }
        position += 1
        return true
    }

    private func failure(_ message: String) -> ConstraintError {
        ConstraintError(message: "The pattern cannot be used (at character \(position)): \(message).")
    }
}

/// The named classes of regular expressions.
enum RegexClasses {
    static let digits = CodePointSet(0x30...0x39)
    static let word = CodePointSet([0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let lineBreaks = CodePointSet([0x0A...0x0A, 0x0D...0x0D, 0x2028...0x2029])
    static let space = CodePointSet([
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
        0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ])

    static let escapes: [Unicode.Scalar: CodePointSet] = [
        "d": digits, "D": digits.inverted, "w": word, "W": word.inverted, "s": space, "S": space.inverted,
        "t": CodePointSet(9...9), "n": CodePointSet(10...10), "v": CodePointSet(11...11), "f": CodePointSet(12...12),
        "r": CodePointSet(13...13), "0": CodePointSet(0...0),
    ]
}

extension CodePointSet {
    /// The only member, if there is exactly one.
    fileprivate var single: UInt32? {
        guard ranges.count == 1, ranges[0].count == 1 else { return nil }
        return ranges[0].lowerBound
    }
}
