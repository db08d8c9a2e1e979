/// Writes English text as it is said: numbers, times, dates, money, units, abbreviations and signs in words.
///
/// What espeak-ng would spell out, swallow or take for the end of a sentence is put into words before it sees it.
public enum SpokenText {
    /// The words to say. Text without anything to rewrite comes back as it is, but for white space.
    public static func spoken(_ text: String) -> String {
        var scanner = TextScanner(text)
        var spoken = ""
        while !scanner.isAtEnd {
            if let words = SpokenRules.apply(&scanner) {
                // Words that replace a sign do not run into those around it.
                if words.first?.isWordPart ?? false, spoken.last?.isWordPart ?? false { spoken.append(" ") }
                spoken += words
            } else if scanner.isAtStart, let word = scanner.word() {
                if spoken.last?.isWordPart ?? false { spoken.append(" ") }
                spoken += word
                scanner.remember(word)
            } else if let character = scanner.next() {
                spoken.append(character.isWhitespace ? " " : character)
            }
        }
        return tidied(spoken)
    }

    /// Single spaces, none before a mark, and one mark where several met.
    private static func tidied(_ text: String) -> String {
        var tidied = ""
        for character in text {
            switch character {
            case " ": if !tidied.isEmpty, tidied.last != " " { tidied.append(" ") }
            case ",", ";", ":", ".", "!", "?":
                while tidied.last == " " { tidied.removeLast() }
                guard let last = tidied.last else { continue }
                // The stronger mark stays.
                if ",;:".contains(last) {
                    guard ".!?".contains(character) else { continue }
                    tidied.removeLast()
                    tidied.append(character)
                } else if !(".!?".contains(last) && ",;:.".contains(character)) || (last == "." && character == ".") {
                    tidied.append(character)
                }
            default: tidied.append(character)
            }
        }
        while tidied.last == " " || tidied.last == "," { tidied.removeLast() }
        return tidied
    }
}

/// The ways to say what is not written as words; each reads from where the scanner stands, or gives nil.
enum SpokenRules {
    private typealias Rule = @Sendable (inout TextScanner) -> String?

    private static let atDigits: [Rule] = [telephone, numericDate, time, dayAndMonth, number]
    private static let atSigns: [Rule] = [money, vulgarFraction, symbol]
    private static let atLetters: [Rule] = [address, abbreviation, monthAndDay]

    /// Applies the first rule that fits.
    static func apply(_ scanner: inout TextScanner) -> String? {
        guard let character = scanner.peek() else { return nil }
        let rules: [Rule]
        if character.isLetter {
            guard scanner.isAtStart else { return nil }
            rules = atLetters
        } else if character.isDigit {
            rules = atDigits
        } else if "+(-−".contains(character) {
            rules = [telephone, signedNumber] + atSigns
        } else {
            rules = atSigns
        }
        for rule in rules {
            var ahead = scanner
            if let words = rule(&ahead), ahead.position > scanner.position {
                scanner = ahead
                return words
            }
        }
        return nil
    }

    private static func signedNumber(_ scanner: inout TextScanner) -> String? {
        guard let sign = scanner.peek(), sign == "-" || sign == "−", scanner.peek(1)?.isDigit ?? false,
            scanner.peek(-1).map({ $0 == " " || $0 == "(" }) ?? true
        else { return nil }
        return number(&scanner)
    }
}
