/// Finds a text that turns in circles while it is being written.
struct LoopDetector: Sendable {
    /// Words that a circle may have.
    private static let longestCircle = 24
    /// Characters that a circle within words may have, and for how many characters in a row it must be kept.
    private static let longestStutter = 8, stutterLength = 48
    /// A sentence of so many words or more may stand twice, a shorter one as often as it likes.
    private static let fewestWords = 4
    private static let sentenceEnds: Set<Character> = [".", "!", "?", "\u{3002}", "\u{FF01}", "\u{FF1F}", "\u{0964}"]

    private var word = ""
    /// Hashes of the last words, a ring.
    private var words: [Int] = []
    /// For each length of a circle, how many of the last words are what stood that many words before.
    private var runs = [Int](repeating: 0, count: longestCircle + 1)
    private var sentence: [Int] = []
    private var sentences: [[Int]: Int] = [:]
    private var characters: [Character] = []
    private var stutters = [Int](repeating: 0, count: longestStutter + 1)

    /// Takes more text; true when it is a loop.
    mutating func check(_ text: String) -> Bool {
        for character in text {
            if takeCharacter(character) { return true }
            if character.isLetter || character.isNumber || character == "'" || character == "\u{2019}" {
                word.append(contentsOf: character.lowercased())
                continue
            }
            if endWord() { return true }
            if Self.sentenceEnds.contains(character) || character.isNewline, endSentence() {
                return true
            }
        }
        return false
    }

    /// Ends the text; true when its end makes it a loop.
    mutating func finish() -> Spoilage? { endWord() || endSentence() ? .loop : nil }

    private mutating func endWord() -> Bool {
        guard !word.isEmpty else { return false }
        let hash = word.hashValue
        word = ""
        sentence.append(hash)
        for length in 1...Self.longestCircle {
            let isSame = words.count >= length && words[words.count - length] == hash
            runs[length] = isSame ? runs[length] + 1 : 0
            if isSame, runs[length] >= Self.tolerated(length) { return true }
        }
        words.append(hash)
        if words.count > 4 * Self.longestCircle { words.removeFirst(2 * Self.longestCircle) }
        return false
    }

    /// Words in a row that may repeat what stood `length` words before: "very, very, very" is speech.
    private static func tolerated(_ length: Int) -> Int {
        switch length {
        case 1: 6
        case 2...3: 4 * length
        case 4...7: 2 * length + 1
        default: 2 * length
        }
    }

    private mutating func endSentence() -> Bool {
        defer { sentence = [] }
        guard sentence.count >= Self.fewestWords else { return false }
        sentences[sentence, default: 0] += 1
        return sentences[sentence, default: 0] >= 3
    }

    private mutating func takeCharacter(_ character: Character) -> Bool {
        for length in 1...Self.longestStutter {
            let isSame = characters.count >= length && characters[characters.count - length] == character
            stutters[length] = isSame ? stutters[length] + 1 : 0
            if isSame, stutters[length] >= Self.stutterLength { return true }
        }
        characters.append(character)
        if characters.count > 4 * Self.longestStutter { characters.removeFirst(2 * Self.longestStutter) }
        return false
    }
}
