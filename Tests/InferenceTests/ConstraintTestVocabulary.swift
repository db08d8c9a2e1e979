import Inference

/// A byte-level vocabulary with the kinds of tokens real ones have: all bytes, words, pieces of JSON that span several
/// rules, whole and broken characters, and tokens that mean no text.
struct ConstraintTestVocabulary {
    static let endToken: Int32 = 0
    static let specialToken: Int32 = 1

    let spellings: [[UInt8]?]
    let trie: TokenTrie

    static let shared = ConstraintTestVocabulary()

    init(without missing: Set<UInt8> = []) {
        var spellings: [[UInt8]?] = [nil, nil]
        for byte in UInt8.min...UInt8.max { spellings.append(missing.contains(byte) ? nil : [byte]) }
        let words = [
            "{\"", "\":", "\": ", "\": \"", "\",", "\", \"", "\"}", "\"]", "\"},", "}}", "}]", "]}", "}, {", "},",
            "[{\"", "[[",
            "[]", "{}", "{ ", "\n", "\n  ", "\n    ", "  ", ", ", ": ", " the", " a", "the", "an", "name", "age",
            "value",
            "tru", "true", "false", "null", "nul", "12", "123", "0", "00", "-1", "1.", ".5", "e1", "e+", "é", "ü", "🙂",
            "日本",
            "\\", "\\n", "\\\"", "\\u", "\\u00", "\\ud83d", "\\ude00", "a\"", "b\",\"", "name\":\"", "ab", "abc",
            "aaaa", "x-1",
            "@", ".com", "2024-", "01", "T1", ":00", "Z", "\" ", " \"", "\t", "\r\n", "\u{2028}",
        ]
        spellings += words.map { Array($0.utf8) }
        // Halves of characters, and a byte that is never in UTF-8.
        spellings += [[0xC3], [0xA9], [0xF0, 0x9F], [0x99, 0x82], [0x61, 0xE6], [0xFF], [0x22, 0xC3]]
        self.spellings = spellings
        trie = TokenTrie(vocabularySize: spellings.count, endTokens: [Self.endToken]) { spellings[Int($0)] }
    }

    var size: Int { spellings.count }

    /// The tokens a matcher allows.
    func allowed(_ matcher: inout any TokenMatcher) -> [Int32] {
        var mask = TokenMask(count: size, allowingAll: true)
        matcher.apply(to: &mask)
        return (0..<Int32(size)).filter { mask[Int($0)] }
    }

    /// Whether a constraint takes a text, byte by byte, and may end there.
    func accepts(_ constraint: any TokenConstraint, _ text: String) -> Bool {
        var matcher = constraint.makeMatcher()
        for byte in text.utf8 {
            let token = Int32(byte) + 2
            guard allowed(&matcher).contains(token) else { return false }
            matcher.accept(token)
        }
        return allowed(&matcher).contains(Self.endToken)
    }

    /// Random allowed tokens until the end: free for `length` tokens, then with a liking for what closes.
    ///
    /// - Returns: The text; nil if some state allowed nothing, or no end was found.
    func walk(_ constraint: any TokenConstraint, seed: Int, length: Int = 60) -> [UInt8]? {
        var random = RandomSource(seed: UInt64(seed))
        var matcher = constraint.makeMatcher()
        var text: [UInt8] = []
        for step in 0..<(length + 4000) {
            let allowed = allowed(&matcher)
            guard !allowed.isEmpty, !allowed.contains(Self.specialToken) else { return nil }
            let mayEnd = allowed.contains(Self.endToken)
            if mayEnd, step > length || allowed.count == 1 || Int.random(in: 0..<4, using: &random) == 0 { return text }
            if matcher.isComplete { return nil }
            let token =
                step > length && Int.random(in: 0..<4, using: &random) > 0
                ? closer(allowed, &random) : allowed.randomElement(using: &random) ?? 0
            guard token != Self.endToken else { return text }
            text += spellings[Int(token)] ?? []
            matcher.accept(token)
        }
        return nil
    }

    private func closer(_ allowed: [Int32], _ random: inout RandomSource) -> Int32 {
        for byte in "\"}],:0".utf8 where allowed.contains(Int32(byte) + 2) { return Int32(byte) + 2 }
        return allowed.randomElement(using: &random) ?? 0
    }
}
