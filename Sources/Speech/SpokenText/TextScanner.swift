/// Reads text from left to right; a copy is a way to look ahead.
struct TextScanner {
    private let text: [Character]
    private(set) var position = 0
    /// The last whole word before the position, in small letters.
    private(set) var previousWord = ""

    init(_ text: String) { self.text = Array(text) }

    var isAtEnd: Bool { position >= text.count }

    /// The character at a distance from the position, if there is one.
    func peek(_ offset: Int = 0) -> Character? {
        text.indices.contains(position + offset) ? text[position + offset] : nil
    }

    /// Whether a word or number could begin here.
    var isAtStart: Bool { !(peek(-1)?.isWordPart ?? false) }

    /// Whether a word or number could have ended here.
    var isAtBoundary: Bool { !(peek()?.isWordPart ?? false) }

    /// Takes the next character.
    mutating func next() -> Character? {
        guard let character = peek() else { return nil }
        position += 1
        return character
    }

    /// Takes `expected` if it comes next.
    mutating func take(_ expected: String) -> Bool {
        let characters = Array(expected)
        guard text[min(position, text.count)...].starts(with: characters) else { return false }
        position += characters.count
        return true
    }

    /// Takes one of these if it comes next.
    mutating func take(anyOf characters: Set<Character>) -> Bool {
        guard let character = peek(), characters.contains(character) else { return false }
        position += 1
        return true
    }

    /// Takes spaces, if there are any.
    mutating func skipSpaces() { while peek() == " " { position += 1 } }

    /// Takes the longest run of characters with a property; empty if there is none.
    mutating func take(while property: (Character) -> Bool) -> String {
        let start = position
        while let character = peek(), property(character) { position += 1 }
        return String(text[start..<position])
    }

    /// Takes digits; nil if there are not as many as allowed.
    mutating func digits(_ allowed: ClosedRange<Int> = 1...Int.max) -> String? {
        let digits = take(while: \.isDigit)
        return allowed.contains(digits.count) ? digits : nil
    }

    /// Takes letters; nil if there are none.
    mutating func word() -> String? {
        let word = take(while: \.isLetter)
        return word.isEmpty ? nil : word
    }

    /// Remembers the last word of what has been read.
    mutating func remember(_ word: String) { previousWord = word.lowercased() }
}

extension Character {
    /// A digit of ASCII.
    var isDigit: Bool { asciiValue.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false }
    /// What words and numbers are made of.
    var isWordPart: Bool { isLetter || isNumber }
}
