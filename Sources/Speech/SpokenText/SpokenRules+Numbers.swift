extension SpokenRules {
    /// Numbers, and what stands behind them: units, percent, ordinals, fractions, ranges.
    static func number(_ scanner: inout TextScanner) -> String? {
        if let words = version(&scanner) { return words }
        let previous = scanner.previousWord
        guard let number = SpokenNumber(&scanner) else { return nil }
        if let words = suffixed(number, &scanner) { return words }
        if let words = range(number, &scanner) { return words }
        if let words = quantity(number, &scanner) { return words }
        guard scanner.isAtBoundary else {
            // Something like `4x` or `3D`.
            return number.words + " "
        }
        if let year = number.integer, !number.isGrouped, !number.isNegative, number.whole.count == 4,
            (1100...2099).contains(year), wordsBeforeYears.contains(previous)
        {
            return NumberWords.year(year)
        }
        return number.words
    }

    private static let wordsBeforeYears: Set<String> = [
        "in", "since", "until", "till", "before", "after", "around", "circa", "during", "year", "spring", "summer",
        "autumn", "fall", "winter", "late", "early", "january", "february", "march", "april", "may", "june", "july",
        "august", "september", "october", "november", "december",
    ]

    /// `1.2.3`.
    private static func version(_ scanner: inout TextScanner) -> String? {
        var ahead = scanner
        guard let first = ahead.digits(1...4) else { return nil }
        var parts = [first]
        while ahead.peek() == ".", ahead.peek(1)?.isDigit ?? false {
            _ = ahead.next()
            parts.append(ahead.digits() ?? "")
        }
        guard parts.count > 2, ahead.isAtBoundary else { return nil }
        scanner = ahead
        return parts.map(NumberWords.cardinal).joined(separator: " point ")
    }

    /// `1st`, `1990s`, `3/4`, `2½`, `16:9`.
    private static func suffixed(_ number: SpokenNumber, _ scanner: inout TextScanner) -> String? {
        guard let integer = number.integer else { return nil }
        let sign = number.isNegative ? "minus " : ""
        var ahead = scanner
        for suffix in ["st", "nd", "rd", "th"] where ahead.take(suffix) && ahead.isAtBoundary {
            scanner = ahead
            return sign + NumberWords.ordinal(integer)
        }
        ahead = scanner
        if integer % 10 == 0, integer > 10, integer < 2100, ahead.take("s") || ahead.take("'s"), ahead.isAtBoundary {
            scanner = ahead
            return NumberWords.decade(integer)
        }
        if let character = scanner.peek(), let words = vulgarFractions[character] {
            _ = scanner.next()
            return sign + NumberWords.cardinal(integer) + " and " + words.article
        }
        if let words = ratio(integer, &scanner) { return sign + words }
        return mixed(integer, &scanner).map { sign + $0 }
    }

    /// `3/4`, `24/7` and `16:9`, from the second number on.
    private static func ratio(_ upper: Int, _ scanner: inout TextScanner) -> String? {
        var ahead = scanner
        let isRatio = ahead.take(":")
        guard isRatio || ahead.take("/"), let lower = ahead.digits(1...4).flatMap({ Int($0) }), ahead.isAtBoundary,
            ahead.peek() != "/"
        else { return nil }
        scanner = ahead
        let words = NumberWords.cardinal(upper) + " "
        if isRatio { return words + "to " + NumberWords.cardinal(lower) }
        if upper == 24, lower == 7 { return words + "seven" }
        if (2...10).contains(lower), upper < lower { return NumberWords.fraction(upper, lower) }
        return words + (upper <= lower ? "out of " : "slash ") + NumberWords.cardinal(lower)
    }

    /// `1 1/2`, from the space on.
    private static func mixed(_ whole: Int, _ scanner: inout TextScanner) -> String? {
        var ahead = scanner
        guard ahead.take(" "), let upper = ahead.digits(1...1).flatMap({ Int($0) }), ahead.take("/"),
            let lower = ahead.digits(1...2).flatMap({ Int($0) }), ahead.isAtBoundary, (2...10).contains(lower),
            (1..<lower).contains(upper)
        else { return nil }
        scanner = ahead
        return NumberWords.cardinal(whole) + " and " + NumberWords.fraction(upper, lower).article
    }

    /// `5-10`, from the hyphen on, with what stands behind the second number.
    private static func range(_ first: SpokenNumber, _ scanner: inout TextScanner) -> String? {
        var ahead = scanner
        guard ahead.take(anyOf: ["-", "–"]), ahead.peek()?.isDigit ?? false, let last = SpokenNumber(&ahead),
            ahead.peek() != "-"
        else { return nil }
        let years = [first, last].compactMap { $0.whole.count == 4 && !$0.isGrouped ? $0.integer : nil }
        if years.count == 2, years.allSatisfy((1100...2099).contains), ahead.isAtBoundary {
            scanner = ahead
            return NumberWords.year(years[0]) + " to " + NumberWords.year(years[1])
        }
        let quantity = quantity(last, &ahead)
        guard ahead.isAtBoundary else { return nil }
        scanner = ahead
        return first.words + " to " + (quantity ?? last.words)
    }

    /// A fraction in one character, such as `½`.
    static func vulgarFraction(_ scanner: inout TextScanner) -> String? {
        scanner.next().flatMap { vulgarFractions[$0] }
    }

    private static let vulgarFractions: [Character: String] = [
        "½": "one half", "⅓": "one third", "⅔": "two thirds", "¼": "one quarter", "¾": "three quarters",
        "⅛": "one eighth",
    ]

    /// Numbers of telephones: groups of digits, each digit said.
    static func telephone(_ scanner: inout TextScanner) -> String? {
        let hasPlus = scanner.take("+")
        var groups: [String] = []
        repeat {
            let isBracketed = scanner.take("(")
            guard let group = scanner.digits(1...8) else { break }
            if isBracketed, !scanner.take(")") { return nil }
            groups.append(group)
            var ahead = scanner
            _ = ahead.take(anyOf: isBracketed ? [" ", "-"] : ["-", " ", "."])
            guard ahead.position > scanner.position || isBracketed, ahead.peek()?.isDigit == true || ahead.peek() == "("
            else { break }
            scanner = ahead
        } while groups.count < 6
        let count = groups.reduce(0) { $0 + $1.count }
        let looksLikeOne =
            (hasPlus && (8...15).contains(count) && groups.count > 1)
            || groups.map(\.count) == [3, 4] || groups.map(\.count) == [3, 3, 4] || groups.map(\.count) == [1, 3, 3, 4]
        guard looksLikeOne, scanner.isAtBoundary else { return nil }
        return (hasPlus ? "plus " : "") + groups.map(NumberWords.digits).joined(separator: ", ")
    }
}

extension String {
    /// `a half` for `one half`.
    fileprivate var article: String { hasPrefix("one ") ? "a " + dropFirst(4) : self }
}
