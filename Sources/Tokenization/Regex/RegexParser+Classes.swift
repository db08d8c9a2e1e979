/// Escapes and bracketed classes.
extension RegexParser {
    /// What an escape stands for; a single scalar can also bound a range.
    struct Escape {
        let set: ScalarSet
        let scalar: Unicode.Scalar?
    }

    /// The escape after a backslash.
    mutating func parseEscape() throws(TokenizerError) -> Escape {
        guard let scalar = next() else { throw failure("the pattern ends after '\\'") }
        switch scalar {
        case "s": return Escape(set: ScalarSet(categories: .whitespace), scalar: nil)
        case "S": return Escape(set: ScalarSet(categories: .all.subtracting(.whitespace)), scalar: nil)
        case "d": return Escape(set: ScalarSet(categories: .decimalDigit), scalar: nil)
        case "D": return Escape(set: ScalarSet(categories: .all.subtracting(.decimalDigit)), scalar: nil)
        case "w": return Escape(set: ScalarSet(categories: .word), scalar: nil)
        case "W": return Escape(set: ScalarSet(categories: .all.subtracting(.word)), scalar: nil)
        case "p": return Escape(set: try parseProperty(isNegated: false), scalar: nil)
        case "P": return Escape(set: try parseProperty(isNegated: true), scalar: nil)
        case "n": return literal("\n")
        case "r": return literal("\r")
        case "t": return literal("\t")
        case "f": return literal("\u{0C}")
        case "v": return literal("\u{0B}")
        case "x", "u": return literal(try parseHexadecimal(digits: scalar == "x" ? 2 : 4))
        case "a"..."z", "A"..."Z", "0"..."9": throw failure("the escape \\\(scalar) is not supported")
        default: return literal(scalar)
        }
    }

    private func literal(_ scalar: Unicode.Scalar) -> Escape { Escape(set: ScalarSet(scalar), scalar: scalar) }

    private mutating func parseHexadecimal(digits: Int) throws(TokenizerError) -> Unicode.Scalar {
        let isBraced = consume("{")
        var value: UInt32 = 0
        var count = 0
        while count < (isBraced ? 6 : digits), let digit = peek().flatMap({ Character($0).hexDigitValue }) {
            value = value << 4 | UInt32(digit)
            count += 1
            position += 1
        }
        guard count > 0, isBraced ? consume("}") : count == digits, let scalar = Unicode.Scalar(value) else {
            throw failure("a malformed code point")
        }
        return scalar
    }

    private mutating func parseProperty(isNegated: Bool) throws(TokenizerError) -> ScalarSet {
        var name = ""
        var isNegated = isNegated
        if consume("{") {
            if consume("^") { isNegated.toggle() }
            while let scalar = peek(), scalar != "}" {
                name.unicodeScalars.append(scalar)
                position += 1
            }
            guard consume("}") else { throw failure("expected '}' after \\p{") }
        } else if let scalar = next() {
            name.unicodeScalars.append(scalar)
        }
        guard let categories = ScalarCategories(property: name) else {
            throw failure("the property \\p{\(name)} is not supported; general categories such as L, Lu, N or P are")
        }
        return ScalarSet(categories: isNegated ? .all.subtracting(categories) : categories)
    }

    /// The class after `[`.
    mutating func parseClass() throws(TokenizerError) -> ScalarSet {
        let isNegated = consume("^")
        var categories: ScalarCategories = []
        var ranges: [ClosedRange<UInt32>] = []
        var isFirst = true
        while let scalar = next() {
            if scalar == "]", !isFirst {
                return ScalarSet(categories: categories, ranges: ranges, isNegated: isNegated)
            }
            isFirst = false
            let item = try parseClassItem(scalar)
            guard let lower = item.scalar, let upper = try parseRangeEnd() else {
                categories.formUnion(item.set.categories)
                ranges += item.set.ranges
                continue
            }
            guard lower <= upper else { throw failure("a range in the wrong order") }
            ranges.append(lower.value...upper.value)
        }
        throw failure("expected ']'")
    }

    private mutating func parseClassItem(_ scalar: Unicode.Scalar) throws(TokenizerError) -> Escape {
        switch scalar {
        case "\\": return try parseEscape()
        case "[": throw failure("classes inside classes are not supported")
        case "&" where peek() == "&": throw failure("class intersection && is not supported")
        default: return literal(scalar)
        }
    }

    /// The upper end after `-`; nil, having read nothing, when the dash does not write a range.
    private mutating func parseRangeEnd() throws(TokenizerError) -> Unicode.Scalar? {
        guard peek() == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else { return nil }
        position += 1
        guard let scalar = next() else { return nil }
        guard let upper = try parseClassItem(scalar).scalar else { throw failure("a range that ends in a class") }
        return upper
    }
}
