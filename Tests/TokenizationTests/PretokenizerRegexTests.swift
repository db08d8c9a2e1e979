import Testing
import Tokenization

@Suite struct PretokenizerRegexTests {
    @Test(arguments: [
        ("a|ab|abc", "abc", ["a"]), ("(?:abc|ab|a)", "abcaba", ["abc", "ab", "a"]),
        ("[^a-c]+", "abcxyzab", ["xyz"]), ("[]a]+", "a]b", ["a]"]), ("[a-]+", "a-b", ["a-"]),
        (#"\p{Lu}\p{Ll}*"#, "HelloWorld", ["Hello", "World"]), (#"\P{L}+"#, "a12b", ["12"]),
        (#"[^\S\n]+"#, "a \t\nb", [" \t"]), (#"\p{^N}+"#, "12ab3", ["ab"]), (#"\x41\x{1F600}\u0042"#, "A😀B", ["A😀B"]),
        ("a{2}", "aaaaa", ["aa", "aa"]), ("a{2,3}", "aaaaa", ["aaa", "aa"]), ("a{,2}b", "aaab", ["aab"]),
        ("a{2,}", "aaaa a", ["aaaa"]), ("a{x}", "a{x}", ["a{x}"]), ("(?:ab){2,3}", "abababab", ["ababab"]),
        ("a+?", "aaa", ["a", "a", "a"]), ("a*+ab|c", "aabc", ["c"]), ("(?:ab)*+a", "ababa", ["ababa"]),
        ("(?>a|ab)c", "abc ac", ["ac"]), (#"\s+(?!\S)"#, "a   b  ", ["  ", "  "]), ("a(?=b)", "ab ac", ["a"]),
        ("(?i:k)", "kK\u{212A}", ["k", "K", "\u{212A}"]), ("(?i)a(?-i:b)c", "ABC AbC", ["AbC"]),
        ("x(?i)y|Z", "xY z", ["xY", "z"]),
        ("^a|b$", "a\nab\nb", ["a", "a", "b", "b"]), (#"\A.|.\z"#, "ab\nc", ["a", "c"]),
        (#"\bcat\b"#, "cat concat cat", ["cat", "cat"]),
        (".+", "ab\ncd", ["ab", "cd"]), ("(a|b)+(?:c|d)?", "abadx", ["abad"]),
    ])
    func matchesAreFoundLeftToRight(pattern: String, text: String, expected: [String]) throws {
        #expect(try RegexProgram(pattern: pattern).matches(in: text) == expected)
    }

    @Test(arguments: [
        "(", ")", "(a", "a)", "[", "[a", "[]", "*", "a**", "a|*", "+a", #"\"#, #"\p"#, #"\p{"#, #"\p{Zzz}"#,
        #"\p{Han}"#,
        "(?<=a)", "(?<name>a)", "(?x)", "(?", #"(a)\1"#, "a{3,2}", "a{1001}", "[b-a]", #"[a-\d]"#, "[[:alpha:]]",
        #"[\p{L}&&\p{N}]"#, "(?:a*)*", "(?:|a)+", "^*", "(?i", #"\x4"#, #"\x{110000}"#, #"\xG1"#, #"\uD800"#,
    ])
    func whatIsNotSupportedIsRefusedWithAReason(pattern: String) {
        #expect(throws: TokenizerError.self) { try RegexProgram(pattern: pattern) }
    }

    @Test func nestingAndSizeAreLimited() {
        let deep = String(repeating: "(", count: 5000) + "a" + String(repeating: ")", count: 5000)
        #expect(throws: TokenizerError.self) { try RegexProgram(pattern: deep) }
        #expect(throws: TokenizerError.self) { try RegexProgram(pattern: "(?:(?:(?:ab){1000}){1000}){1000}") }
        #expect(throws: TokenizerError.self) { try RegexProgram(pattern: String(repeating: "a", count: 1 << 17)) }
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["(?:a+)+b", "(?:a|a)+b", "(?:a+a+)+b", #"\s*\s*\s*\s*\s*b"#])
    func aHostilePatternEndsInsteadOfHanging(pattern: String) throws {
        let text = String(repeating: "a", count: 2000) + String(repeating: " ", count: 2000)
        #expect(try RegexProgram(pattern: pattern).matches(in: text).isEmpty)
    }

    @Test(.timeLimit(.minutes(1)))
    func randomPatternsNeitherCrashNorHang() {
        var generator = SeededGenerator(seed: 8)
        let parts = [
            "a", "b", "(", ")", "(?:", "(?=", "(?!", "(?>", "(?i:", "|", "*", "+", "?", "{2}", "{1,3}", "[", "]", "^",
            "-",
            #"\s"#, #"\p{L}"#, #"\S"#, "$", ".", "é", #"\"#, "+",
        ]
        var compiled = 0
        for _ in 0..<5000 {
            let count = Int.random(in: 1...8, using: &generator)
            let pattern = (0..<count).map { _ in parts.randomElement(using: &generator) ?? "" }.joined()
            guard let program = try? RegexProgram(pattern: pattern) else { continue }
            compiled += 1
            let text = generator.text(upTo: 8) + "aab ba éa"
            let matches = program.matches(in: text, stepsPerByte: 16)
            #expect(matches.joined().utf8.count <= text.utf8.count)
        }
        #expect(compiled > 500)
    }

    @Test func categoriesAreThoseOfTheStandardLibrary() throws {
        let space = try RegexProgram(pattern: #"\s"#)
        let letter = try RegexProgram(pattern: #"\p{L}"#)
        let number = try RegexProgram(pattern: #"\p{N}"#)
        let mark = try RegexProgram(pattern: #"\p{M}"#)
        for codePoint in stride(from: UInt32(0), through: 0x1FFFF, by: 7) {
            guard let scalar = Unicode.Scalar(codePoint) else { continue }
            let properties = scalar.properties
            let text = String(scalar)
            #expect(space.matches(in: text).isEmpty != properties.isWhitespace)
            #expect(number.matches(in: text).isEmpty == (properties.numericType == nil || !isNumber(properties)))
            let category = properties.generalCategory
            let isLetter = [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter]
                .contains(category)
            #expect(letter.matches(in: text).isEmpty != isLetter)
            let isMark = [.nonspacingMark, .spacingMark, .enclosingMark].contains(category)
            #expect(mark.matches(in: text).isEmpty != isMark)
        }
    }

    private func isNumber(_ properties: Unicode.Scalar.Properties) -> Bool {
        [.decimalNumber, .letterNumber, .otherNumber].contains(properties.generalCategory)
    }
}
