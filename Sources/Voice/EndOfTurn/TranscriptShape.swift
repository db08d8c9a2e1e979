/// Whether words look like a finished sentence.
package enum TranscriptShape: Sendable, Equatable {
    /// Ends as sentences end.
    case whole
    /// Ends without a sign.
    case open
    /// Ends in a word that wants another one after it.
    case hanging

    /// The shape of `transcript`.
    package init(_ transcript: String) {
        let trimmed = transcript.trimmingSuffix { $0.isWhitespace || "\"'”’)".contains($0) }
        let last = Self.lastWord(of: trimmed)
        // The recogniser puts a full stop after whatever it is given, also in the midst of a sentence.
        if trimmed.last == "?" || trimmed.last == "!" {
            self = .whole
        } else if [",", "…"].contains(trimmed.last) || trimmed.hasSuffix("...") || Self.wanting.contains(last) {
            self = .hanging
        } else if trimmed.last == "." {
            self = .whole
        } else {
            self = .open
        }
    }

    private static func lastWord(of text: Substring) -> String {
        let bare = text.trimmingSuffix { !$0.isLetter && !$0.isNumber }
        return bare.reversed().prefix { $0.isLetter || $0 == "'" }.reversed().map { String($0) }.joined().lowercased()
    }

    /// English words that hardly end a sentence.
    private static let wanting: Set<String> = [
        "a", "an", "the", "and", "or", "but", "so", "because", "if", "when", "while", "of", "to", "for", "from", "with",
        "at", "by", "my", "your", "his", "our", "their", "um", "uh", "er", "as", "than", "i'm", "it's",
    ]
}

extension StringProtocol {
    /// The text without the characters at its end that `matches` picks.
    func trimmingSuffix(while matches: (Character) -> Bool) -> SubSequence {
        var end = endIndex
        while end > startIndex, matches(self[index(before: end)]) { end = index(before: end) }
        return self[startIndex..<end]
    }
}
