/// Cuts text, ready to be spoken, into sentences and clauses.
package enum SpokenClauses {
    /// A stretch without punctuation, and the mark after it.
    package struct Clause: Equatable, Sendable {
        package var text: String
        package var mark: Character?

        package init(text: String, mark: Character?) {
            self.text = text
            self.mark = mark
        }
    }

    private static let sentenceEnds: Set<Character> = [".", "!", "?", "…"]
    private static let marks: Set<Character> = [".", "!", "?", "…", ",", ";", ":"]
    /// Longer sentences are cut at a comma or between words, so that the first sound does not wait for all of them.
    private static let maximumSentenceCount = 240

    /// The sentences of a text, each with its final mark.
    package static func sentences(of text: String) -> [String] {
        var sentences: [String] = []
        var current = ""
        var hasEnded = false
        for character in text {
            if hasEnded, character.isWhitespace {
                finish(&current, &sentences)
                hasEnded = false
                continue
            }
            hasEnded = sentenceEnds.contains(character)
            current.append(character.isNewline ? " " : character)
            if current.count >= maximumSentenceCount, character.isWhitespace || marks.contains(character) {
                finish(&current, &sentences)
                hasEnded = false
            }
        }
        finish(&current, &sentences)
        return sentences
    }

    /// The clauses of a sentence.
    package static func clauses(of sentence: String) -> [Clause] {
        var clauses: [Clause] = []
        var current = ""
        for character in sentence {
            guard marks.contains(character) else {
                current.append(character)
                continue
            }
            let text = current.trimmed
            if !text.isEmpty { clauses.append(Clause(text: text, mark: character == "…" ? "." : character)) }
            current = ""
        }
        let text = current.trimmed
        if !text.isEmpty { clauses.append(Clause(text: text, mark: nil)) }
        return clauses
    }

    private static func finish(_ current: inout String, _ sentences: inout [String]) {
        let sentence = current.trimmed
        if sentence.contains(where: { $0.isLetter || $0.isNumber }) { sentences.append(sentence) }
        current = ""
    }
}

extension String {
    /// Without white space at its ends.
    fileprivate var trimmed: String {
        let start = drop(while: \.isWhitespace)
        let count = start.reversed().drop(while: \.isWhitespace).count
        return String(start.prefix(count))
    }
}
