/// Numbers in English words.
enum NumberWords {
    private static let small = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]
    private static let tens = [
        "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ]
    private static let powers = ["", " thousand", " million", " billion", " trillion"]
    private static let irregularOrdinals = [
        "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
        "twelve": "twelfth",
    ]
    /// The largest number that is said as one.
    private static let limit = 1_000_000_000_000_000

    /// `12` is twelve, `1200` one thousand two hundred.
    static func cardinal(_ number: Int) -> String {
        guard number >= 0, number < limit else { return digits("\(number)") }
        if number < 20 { return small[number] }
        if number < 100 { return tens[number / 10] + (number % 10 > 0 ? "-" + small[number % 10] : "") }
        if number < 1000 {
            return small[number / 100] + " hundred" + (number % 100 > 0 ? " " + cardinal(number % 100) : "")
        }
        var (groups, rest) = ([String](), number)
        for power in powers where rest > 0 {
            if rest % 1000 > 0 { groups.append(cardinal(rest % 1000) + power) }
            rest /= 1000
        }
        return groups.reversed().joined(separator: " ")
    }

    /// Digits said as a number; one by one if they begin with zero or are too many.
    static func cardinal(_ text: String) -> String {
        guard text.count == 1 || text.first != "0", let number = Int(text), number < limit else { return digits(text) }
        return cardinal(number)
    }

    /// `21` is twenty-first.
    static func ordinal(_ number: Int) -> String {
        let words = cardinal(number)
        let start = words.lastIndex { $0 == " " || $0 == "-" }.map(words.index(after:)) ?? words.startIndex
        let last = String(words[start...])
        let ordinal =
            irregularOrdinals[last] ?? (last.hasSuffix("y") ? last.dropLast() + "ieth" : last + "th")
        return words[..<start] + ordinal
    }

    /// Digits one by one; what is no digit is left out.
    static func digits(_ text: String) -> String {
        text.compactMap { $0.wholeNumberValue }.map { small[$0 % 10] }.joined(separator: " ")
    }

    /// `1999` is nineteen ninety-nine, `2005` two thousand five.
    static func year(_ year: Int) -> String {
        let (century, rest) = (year / 100, year % 100)
        guard (1100...2099).contains(year), !(2000...2009).contains(year) else { return cardinal(year) }
        if rest == 0 { return cardinal(century) + " hundred" }
        return cardinal(century) + (rest < 10 ? " oh " : " ") + cardinal(rest)
    }

    /// `90` is nineties, `1990` nineteen nineties.
    static func decade(_ year: Int) -> String {
        let words = year < 100 ? cardinal(year) : self.year(year)
        return words.hasSuffix("y") ? words.dropLast() + "ies" : words + "s"
    }

    /// `3`, `14` is three point one four.
    static func decimal(_ whole: String, _ fraction: String?) -> String {
        cardinal(whole) + (fraction.map { " point " + digits($0) } ?? "")
    }

    /// `3` of `4` is three quarters.
    static func fraction(_ upper: Int, _ lower: Int) -> String {
        let part =
            switch lower {
            case 2: upper == 1 ? "half" : "halves"
            case 4: upper == 1 ? "quarter" : "quarters"
            default: ordinal(lower) + (upper == 1 ? "" : "s")
            }
        return cardinal(upper) + " " + part
    }
}
