import Foundation

/// Splits speech into sentences, knowing abbreviations, decimals, initials, ellipses and lists.
package enum Sentences {
    /// The sentences, in their order; what has neither letter nor digit is none.
    package static func split(_ text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).flatMap { splitLine(Array($0)) }
    }

    private static let terminators: Set<Character> = [".", "!", "?", "…", "。", "！", "？", "।", "॥", "؟"]
    private static let closers: Set<Character> = ["\"", "'", "\u{201D}", "\u{2019}", ")", "]", "»", "*", "_"]
    private static let unspaced: Set<Character> = ["。", "！", "？"]

    /// Never the end of a sentence.
    private static let titles: Set<String> = [
        "dr", "mr", "mrs", "ms", "prof", "st", "mt", "ft", "gen", "sen", "rep", "capt", "lt", "col", "sgt", "rev",
        "hon", "vs", "e.g", "i.e", "eg", "ie", "approx", "ca", "cf", "fig", "vol", "no", "nr", "op", "al", "messrs",
        "mme", "sra", "sr.", "viz",
    ]
    /// The end of a sentence only where a new one plainly begins.
    private static let shortenings: Set<String> = [
        "a.m", "p.m", "am", "pm", "etc", "inc", "ltd", "co", "corp", "jr", "sr", "u.s", "u.k", "u.s.a", "d.c", "u.n",
        "e.u", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "mon", "tue",
        "tues",
        "wed", "thu", "thurs", "fri", "sat", "sun", "ave", "blvd", "rd", "ph.d", "m.d", "b.a", "m.a", "b.c", "a.d",
        "dept", "est", "max", "tel", "temp",
    ]
    /// Of those, the ones that are more often words.
    private static let words: Set<String> = ["mar", "sun", "sat", "max", "no", "co", "am", "mon", "dec"]
    private static let starters: Set<String> = [
        "i", "i'm", "i'll", "i've", "i'd", "it", "it's", "the", "that", "that's", "this", "there", "there's", "you",
        "you're", "you'll", "your", "we", "we'll", "they", "he", "she", "don't", "do", "did", "a", "an", "and", "but",
        "so", "if", "when", "what", "how", "why", "where", "who", "is", "are", "can", "could", "would", "shall", "let",
        "let's", "just", "no", "yes", "not", "my", "our", "then", "also", "please", "have", "enjoy", "take", "bring",
        "want", "want", "after", "before", "in", "on", "at", "for", "with", "maybe", "perhaps", "sounds", "good",
        "great", "should", "make", "leave", "get", "try",
    ]

    private static func splitLine(_ characters: [Character]) -> [String] {
        var sentences: [String] = []
        var start = 0, index = 0
        while index < characters.count {
            guard terminators.contains(characters[index]) else {
                index += 1
                continue
            }
            var end = index
            while end < characters.count, terminators.contains(characters[end]) { end += 1 }
            let marks = characters[index..<end]
            while end < characters.count, closers.contains(characters[end]) { end += 1 }
            if isEnd(characters, start: start, mark: index, marks: marks, after: end) {
                append(characters[start..<end], to: &sentences)
                start = end
            }
            index = max(end, index + 1)
        }
        append(characters[start...], to: &sentences)
        return sentences
    }

    private static func append(_ characters: ArraySlice<Character>, to sentences: inout [String]) {
        guard characters.contains(where: { $0.isLetter || $0.isNumber }) else { return }
        sentences.append(String(characters).trimmingCharacters(in: .whitespaces))
    }

    private static func isEnd(
        _ characters: [Character], start: Int, mark: Int, marks: ArraySlice<Character>, after end: Int
    ) -> Bool {
        guard end < characters.count else { return true }
        if marks.contains(where: unspaced.contains) { return true }
        guard characters[end].isWhitespace else {
            // "Yes!No" is two, "3.5" and "annie.example" are not.
            return marks.contains { $0 == "!" || $0 == "?" } && characters[end].isUppercase
        }
        let rest = characters[end...].drop(while: \.isWhitespace)
        guard let next = rest.first(where: { $0.isLetter || $0.isNumber }) else { return true }
        if next.isLowercase { return false }
        let before = characters[start..<mark]
        if marks.contains("…") || marks.count(where: { $0 == "." }) > 1 {
            return before.split(whereSeparator: \.isWhitespace).count >= 3
        }
        guard marks.first == ".", marks.count == 1 else { return true }
        return isFullStop(before, next: nextWord(rest))
    }

    private static func isFullStop(_ before: ArraySlice<Character>, next: String) -> Bool {
        let word = String(before.reversed().prefix { !$0.isWhitespace && $0 != "(" && $0 != "\"" }.reversed())
        let folded = word.lowercased()
        let beginsSentence = starters.contains(next.lowercased())
        // "1. Milk" numbers a list; "at 5. Then" does not.
        if !word.isEmpty, word.allSatisfy(\.isNumber), before.allSatisfy({ $0.isWhitespace || $0.isNumber }) {
            return false
        }
        if titles.contains(folded) {
            // "No." is a word of its own unless a number follows.
            return folded == "no" && next.first?.isNumber != true
        }
        if shortenings.contains(folded) {
            return words.contains(folded) ? next.first?.isNumber != true : beginsSentence
        }
        let isInitial = word.count == 1 && word.first?.isUppercase == true && word != "I"
        return !isInitial || beginsSentence
    }

    private static func nextWord(_ rest: ArraySlice<Character>) -> String {
        let word = rest.drop { !($0.isLetter || $0.isNumber) }.prefix {
            $0.isLetter || $0.isNumber || $0 == "'" || $0 == "\u{2019}"
        }
        return String(word).replacing("\u{2019}", with: "'")
    }
}
