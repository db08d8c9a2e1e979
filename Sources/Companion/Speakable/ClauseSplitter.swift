/// Finds where plain text may be cut for speaking, looking no further ahead than the next word's first letter.
struct ClauseSplitter: Sendable {
    /// Words before the first comma at which the voice may begin.
    private static let wordsOfFirstClause = 3
    /// Characters before it where words are not set apart.
    private static let charactersOfFirstClause = 6
    /// Words after which the first piece is cut where there is no mark at all.
    private static let mostWordsOfFirstPiece = 16
    /// Characters after which a sentence is cut at a comma, at a space, and anywhere.
    private static let limits = (comma: 160, space: 240, anywhere: 320)

    /// What the piece may end with, as of its last scalar.
    private enum Candidate {
        /// A sentence's end, once white space follows.
        case sentence
        /// An abbreviation or an ellipsis: an end only where a new sentence begins behind it.
        case possibleSentence
        /// A comma and its like, once white space follows.
        case clause
        /// A dash: no white space needs to follow, but a digit must not.
        case dash
        /// A mark of a script without spaces: the next scalar decides nothing but closing quotes.
        case wideSentence, wideClause
    }

    private var text: [Unicode.Scalar] = []
    private var needsSpace = false
    private var candidate: Candidate?
    private var hasSpoken = false

    /// Takes one scalar in, and appends the piece that it shows to have ended.
    mutating func take(_ scalar: Unicode.Scalar, into clauses: inout [String]) {
        if scalar == "\n" {
            emit(into: &clauses)
        } else if scalar.properties.isWhitespace {
            if !text.isEmpty, !needsSpace { meetSpace(into: &clauses) }
        } else {
            meet(scalar, into: &clauses)
        }
    }

    /// Ends the text.
    mutating func finish(into clauses: inout [String]) { emit(into: &clauses) }

    private mutating func meetSpace(into clauses: inout [String]) {
        switch candidate {
        case .sentence, .wideSentence: emit(into: &clauses)
        case .clause, .dash, .wideClause: if allowsClause { emit(into: &clauses) }
        case .possibleSentence: break
        case nil:
            let isLong = text.count >= Self.limits.space
            if isLong || !hasSpoken && wordCount >= Self.mostWordsOfFirstPiece { emit(into: &clauses) }
        }
        needsSpace = !text.isEmpty
    }

    private mutating func meet(_ scalar: Unicode.Scalar, into clauses: inout [String]) {
        if let candidate, ends(at: candidate, before: scalar) { emit(into: &clauses) }
        if text.count >= Self.limits.anywhere { emit(into: &clauses) }
        if needsSpace { text.append(" ") }
        needsSpace = false
        text.append(scalar)
        candidate = nextCandidate(after: scalar)
    }

    /// Whether a piece that may end with `candidate` does, now that `scalar` comes behind it.
    private func ends(at candidate: Candidate, before scalar: Unicode.Scalar) -> Bool {
        switch candidate {
        case .possibleSentence:
            needsSpace && !scalar.properties.isLowercase && scalar.properties.numericType == nil
        case .dash: !needsSpace && scalar.properties.numericType == nil && allowsClause
        case .wideSentence: !Marks.closing.contains(scalar)
        case .wideClause: !Marks.closing.contains(scalar) && allowsClause
        case .sentence, .clause: false
        }
    }

    private func nextCandidate(after scalar: Unicode.Scalar) -> Candidate? {
        switch scalar {
        case "!", "?", "\u{0964}", "\u{0965}": return .sentence
        case ".": return text.dropLast().last == "." ? .possibleSentence : Abbreviations.candidate(after: text)
        case "\u{2026}": return .possibleSentence
        case ",", ";", ":": return .clause
        case "\u{2014}", "\u{2013}": return .dash
        case "-": return text.dropLast().last == " " ? .clause : nil
        case "\u{3002}", "\u{FF01}", "\u{FF1F}": return .wideSentence
        case "\u{FF0C}", "\u{3001}", "\u{FF1B}", "\u{FF1A}": return .wideClause
        default: return Marks.closing.contains(scalar) ? candidate : nil
        }
    }

    private var wordCount: Int { text.reduce(1) { $0 + ($1 == " " ? 1 : 0) } }

    private var allowsClause: Bool {
        if text.count >= Self.limits.comma { return true }
        guard !hasSpoken else { return false }
        let isSpaced = text.contains(" ")
        return isSpaced
            ? wordCount >= Self.wordsOfFirstClause
            : text.count >= Self.charactersOfFirstClause && text.allSatisfy { !$0.isASCII }
    }

    private mutating func emit(into clauses: inout [String]) {
        defer {
            text.removeAll(keepingCapacity: true)
            needsSpace = false
            candidate = nil
        }
        guard text.contains(where: { $0.properties.isAlphabetic || $0.properties.numericType != nil }) else { return }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: text)
        clauses.append(String(view))
        hasSpoken = true
    }

    private enum Marks {
        static let closing: Set<Unicode.Scalar> = [
            "\"", "'", ")", "]", "\u{201D}", "\u{2019}", "\u{00BB}", "\u{300D}", "\u{300F}", "\u{FF09}",
        ]
    }

    /// Words whose full stop does not by itself end a sentence.
    private enum Abbreviations {
        private static let titles: Set<String> = [
            "mr", "mrs", "ms", "dr", "prof", "st", "mt", "capt", "col", "gen", "lt", "sgt", "rev", "hon", "gov", "vs",
            "e.g", "i.e", "eg", "ie", "fig", "cf", "smt", "shri",
        ]
        private static let others: Set<String> = [
            "etc", "inc", "ltd", "co", "corp", "jr", "sr", "no", "vol", "approx", "dept", "est", "min", "max", "hr",
            "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "mon", "tue", "wed",
            "thu", "fri", "sat", "sun", "pp", "p", "ave", "rd", "blvd",
        ]

        /// What the full stop at the end of `text` may be.
        static func candidate(after text: [Unicode.Scalar]) -> Candidate? {
            let word = text.dropLast().reversed().prefix { $0 != " " && $0 != "(" && $0 != "\"" && $0 != "\u{201C}" }
            guard word.count < 12 else { return .sentence }
            var view = String.UnicodeScalarView()
            view.append(contentsOf: word.reversed())
            let name = String(view)
            if titles.contains(name.lowercased()) { return nil }
            if isInitial(name) { return nil }
            let isDotted = name.contains(".") && name.split(separator: ".").allSatisfy { $0.count == 1 }
            return isDotted || others.contains(name.lowercased()) ? .possibleSentence : .sentence
        }

        /// `J` of `J. Smith`; `I` is more often the end of a sentence.
        private static func isInitial(_ name: String) -> Bool {
            name.count == 1 && name != "I" && name.allSatisfy { $0.isUppercase }
        }
    }
}
