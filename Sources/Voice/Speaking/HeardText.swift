/// How much of a clause's text belongs to the part of its sound that was played.
package enum HeardText {
    /// The whole words that end within the first `fraction` of the text, counted by letters.
    package static func prefix(of text: String, fraction: Double) -> String {
        guard fraction < 1 else { return text }
        guard fraction > 0 else { return "" }
        // Half a letter forgives rounding, so that a word played to its end counts.
        let budget = Double(text.count) * fraction + 0.5
        var heard = text.startIndex
        var index = text.startIndex
        var letters = 0
        while index < text.endIndex {
            let next = text.index(after: index)
            letters += 1
            let endsWord = !text[index].isWhitespace && (next == text.endIndex || text[next].isWhitespace)
            if endsWord {
                guard Double(letters) <= budget else { break }
                heard = next
            }
            index = next
        }
        return String(text[..<heard])
    }
}
