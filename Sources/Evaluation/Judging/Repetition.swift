/// Finds that a reply has run into a loop.
package enum Repetition {
    /// The same sentence three times, or the same few words five times on end; nil: neither.
    package static func find(in text: String) -> String? {
        var counts: [[String]: Int] = [:]
        for sentence in Sentences.split(text) {
            let words = Words(sentence).all
            counts[words, default: 0] += 1
            if words.count >= 3, counts[words] == 3 { return sentence }
        }
        let words = Words(text).all
        for length in 1...8 where words.count >= length * 5 {
            for start in 0...(words.count - length * 5) {
                let unit = words[start..<start + length]
                let repeats = (1..<5).allSatisfy {
                    Array(words[start + $0 * length..<start + ($0 + 1) * length]) == Array(unit)
                }
                if repeats { return unit.joined(separator: " ") }
            }
        }
        return nil
    }
}
