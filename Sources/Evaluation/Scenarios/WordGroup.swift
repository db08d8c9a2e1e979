import Foundation

/// Alternatives of which one must be said, such as `rain*|shower|wet`: words or phrases, `*` for any ending.
public struct WordGroup: Sendable, Equatable {
    /// As written.
    public let text: String
    private let phrases: [[Substring]]

    /// Reads the alternatives between `|`; nil when one of them has no word.
    public init?(_ text: String) {
        let folded = text.split(separator: "|", omittingEmptySubsequences: false).map { Words.folded(String($0)) }
        let phrases = folded.map { Words.split($0, keeping: "*") }
        guard !phrases.isEmpty, phrases.allSatisfy({ phrase in phrase.contains { $0 != "*" } }) else { return nil }
        self.text = text
        self.phrases = phrases.map { $0.map { $0[...] } }
    }

    /// Whether one of the alternatives occurs, as whole words.
    public func occurs(in words: Words) -> Bool { phrases.contains { words.contains($0) } }
}

/// A text as words to compare: without case, accents, punctuation and possessive endings.
public struct Words: Sendable, Equatable {
    /// In their order.
    public let all: [String]

    /// The words of a text.
    public init(_ text: String) { all = Self.split(Self.folded(text)) }

    /// Whether the phrase's words stand somewhere one after another; a word that ends in `*` may go on.
    func contains(_ phrase: [Substring]) -> Bool {
        guard !phrase.isEmpty, all.count >= phrase.count else { return false }
        return (0...(all.count - phrase.count)).contains { start in
            phrase.indices.allSatisfy { Self.matches(all[start + $0], phrase[$0]) }
        }
    }

    private static func matches(_ word: String, _ pattern: Substring) -> Bool {
        pattern.last == "*" ? word.hasPrefix(pattern.dropLast()) : word[...] == pattern
    }

    /// Lower case, without accents, with plain apostrophes.
    static func folded(_ text: String) -> String {
        let plain = text.replacing("\u{2019}", with: "'").replacing("\u{2018}", with: "'")
        return plain.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
    }

    /// - Parameter kept: Characters that belong to words beside letters, digits and inner apostrophes.
    static func split(_ folded: String, keeping kept: String = "") -> [String] {
        folded.split { !($0.isLetter || $0.isNumber || $0 == "'" || kept.contains($0)) }.compactMap { piece in
            var word = piece
            while word.first == "'" { word.removeFirst() }
            while word.last == "'" { word.removeLast() }
            if word.hasSuffix("'s") { word.removeLast(2) }
            return word.isEmpty ? nil : String(word)
        }
    }
}
