extension SpokenRules {
    /// `7:30`, `14:05`, `7:30 pm`, `7 a.m.`
    static func time(_ scanner: inout TextScanner) -> String? {
        guard let hourText = scanner.digits(1...2), let hour = Int(hourText), hour <= 24 else { return nil }
        guard scanner.take(":") else {
            guard (1...12).contains(hour), let half = halfOfDay(&scanner) else { return nil }
            return NumberWords.cardinal(hour) + half
        }
        guard let minute = scanner.digits(2...2).flatMap({ Int($0) }), minute < 60 else { return nil }
        var ahead = scanner
        if ahead.take(":"), let second = ahead.digits(2...2).flatMap({ Int($0) }), second < 60, ahead.isAtBoundary {
            scanner = ahead
            return [(hour, "hour"), (minute, "minute"), (second, "second")].filter { $0.0 > 0 }
                .map { NumberWords.cardinal($0.0) + " " + $0.1 + ($0.0 == 1 ? "" : "s") }.joined(separator: " ")
        }
        guard scanner.isAtBoundary || scanner.peek() == "a" || scanner.peek() == "p" else { return nil }
        let half = halfOfDay(&scanner)
        guard scanner.isAtBoundary else { return nil }
        if minute == 0 {
            if let half { return NumberWords.cardinal(hour) + half }
            if hour % 24 == 0 { return "midnight" }
            return NumberWords.cardinal(hour) + (hour <= 12 ? " o'clock" : " hundred")
        }
        return NumberWords.cardinal(hour) + (minute < 10 ? " oh " : " ") + NumberWords.cardinal(minute) + (half ?? "")
    }

    /// `am`, `p.m.` and the like, after a number.
    private static func halfOfDay(_ scanner: inout TextScanner) -> String? {
        var ahead = scanner
        _ = ahead.take(" ")
        for (signs, words) in [(["am", "AM", "a.m.", "A.M."], " AM"), (["pm", "PM", "p.m.", "P.M."], " PM")] {
            for sign in signs {
                var after = ahead
                guard after.take(sign), after.isAtBoundary else { continue }
                scanner = after
                return words + (sign.hasSuffix(".") ? endOfSentence(after) : "")
            }
        }
        return nil
    }

    /// `2024-03-15`, `3/15/2024`, `15.03.2024`.
    static func numericDate(_ scanner: inout TextScanner) -> String? {
        guard let first = scanner.digits(1...4), let separator = scanner.next(), "-/.".contains(separator),
            let second = scanner.digits(1...2), scanner.next() == separator, let third = scanner.digits(2...4),
            scanner.isAtBoundary
        else { return nil }
        let isYearFirst = first.count == 4 && separator == "-" && third.count == 2
        guard isYearFirst || (first.count < 3 && third.count == 4), let a = Int(first), let b = Int(second),
            let c = Int(third)
        else { return nil }
        let (year, month, day): (Int, Int, Int)
        switch separator {
        case "-" where isYearFirst: (year, month, day) = (a, b, c)
        // With strokes the month comes first, as Americans write, unless it cannot be one.
        case "/" where a <= 12: (year, month, day) = (c, a, b)
        default: (year, month, day) = (c, b, a)
        }
        return date(month: month, day: day, year: year)
    }

    /// `March 15`, `Mar. 15th, 2024`.
    static func monthAndDay(_ scanner: inout TextScanner) -> String? {
        guard let month = month(&scanner), scanner.take(" "), let day = day(&scanner) else { return nil }
        var ahead = scanner
        _ = ahead.take(",")
        if ahead.take(" "), let year = ahead.digits(4...4).flatMap({ Int($0) }), ahead.isAtBoundary,
            (1100...2099).contains(year)
        {
            scanner = ahead
            return date(month: month, day: day, year: year)
        }
        return date(month: month, day: day, year: nil)
    }

    /// `15 March 2024`.
    static func dayAndMonth(_ scanner: inout TextScanner) -> String? {
        let article = scanner.previousWord == "the" ? "" : "the "
        guard let day = day(&scanner) else { return nil }
        scanner.skipSpaces()
        _ = scanner.take("of ")
        guard let month = month(&scanner), scanner.isAtBoundary else { return nil }
        let words = article + NumberWords.ordinal(day) + " of " + months[month - 1]
        var ahead = scanner
        guard ahead.take(" "), let year = ahead.digits(4...4).flatMap({ Int($0) }), ahead.isAtBoundary else {
            return words
        }
        scanner = ahead
        return words + ", " + NumberWords.year(year)
    }

    private static func day(_ scanner: inout TextScanner) -> Int? {
        guard let day = scanner.digits(1...2).flatMap({ Int($0) }), (1...31).contains(day) else { return nil }
        for suffix in ["st", "nd", "rd", "th"] where scanner.take(suffix) { break }
        return scanner.isAtBoundary && scanner.peek() != ":" && scanner.peek() != "%" ? day : nil
    }

    /// A month's name, or its first letters with or without a full stop.
    private static func month(_ scanner: inout TextScanner) -> Int? {
        guard let word = scanner.word(), word.count >= 3 else { return nil }
        guard let index = months.firstIndex(where: { $0 == word || ($0.hasPrefix(word) && word.count <= 4) })
        else { return nil }
        if word.count < months[index].count { _ = scanner.take(".") }
        return index + 1
    }

    private static func date(month: Int, day: Int, year: Int?) -> String? {
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        return months[month - 1] + " " + NumberWords.ordinal(day) + (year.map { ", " + NumberWords.year($0) } ?? "")
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
}
