import Foundation
import Inference
import Testing

/// Patterns against Swift's own regular expressions.
@Suite struct ConstraintPatternTests {
    private static let patterns = [
        "a*b", "(a|b)+c?", "[a-c]{2,3}", "[^ab]", "a.c", "\\d+\\.\\d{2}", "\\w+@\\w+", "(?:ab)*", "a|", "",
        "(a(b(c)?)?)?", "a{0}",
        "[\\]\\-a]+", "[-a]b", "a+?b", "\\x61\\u0062", "é|ü", "[à-ü]+", "(a|ab)(c|bcd)", "\\s\\S", "a{2}|b{1,}",
        "(?<name>a)b",
        "[.]\\.", "a{b", "🙂+", "[^\\n]", "\\$\\^", "x*y*z*",
    ]

    @Test(arguments: patterns)
    func wholeMatchesAgree(pattern: String) throws {
        let automaton = try PatternAutomaton(try RegexParser.parse(pattern).anchored(), limits: ConstraintLimits())
        let regex = try Regex(pattern == "a{b" ? "a\\{b" : pattern).matchingSemantics(.unicodeScalar)
            .asciiOnlyWordCharacters()
        var random = RandomSource(seed: 5)
        let letters = Array("abcd.1_@ -]é🙂xyz\n{$^")
        for length in 0..<500 {
            let text = String((0..<(length % 7)).map { _ in letters.randomElement(using: &random) ?? "a" })
            #expect(automaton.matches(text) == (text.wholeMatch(of: regex) != nil), "\(text)")
        }
    }

    @Test(arguments: ["^ab", "b$", "^a|b$", "^(a|b)c$", "b", "^$", "(^a)", "^a*$", "a|^b|c$"])
    func searchesAgree(pattern: String) throws {
        let automaton = try PatternAutomaton(try RegexParser.parse(pattern).searching(), limits: ConstraintLimits())
        let regex = try Regex(pattern).matchingSemantics(.unicodeScalar)
        var random = RandomSource(seed: 6)
        for length in 0..<400 {
            let text = String((0..<(length % 5)).map { _ in "abc".randomElement(using: &random) ?? "a" })
            #expect(automaton.matches(text) == (text.firstMatch(of: regex) != nil), "\(text)")
        }
    }

    @Test func aRegexRuleTakesWhatMatchesAsAWhole() throws {
        let vocabulary = ConstraintTestVocabulary.shared
        let constraint = try GrammarConstraint(.regex("^(yes|no|\"é\")\\n?$"), trie: vocabulary.trie)
        for text in ["yes", "no\n", "\"é\""] { #expect(vocabulary.accepts(constraint, text)) }
        for text in ["", "ye", "yess", "é"] { #expect(!vocabulary.accepts(constraint, text)) }
    }

    @Test(arguments: 0..<300)
    func utf8RangesSpellExactlyTheirCodePoints(seed: Int) throws {
        var random = RandomSource(seed: UInt64(seed))
        func codePoint() -> UInt32 {
            UInt32.random(in: 0...(0x10FFFF >> UInt32.random(in: 0...14, using: &random)), using: &random)
        }
        let bounds = [codePoint(), codePoint()].sorted()
        let pattern = "[\\u{\(String(bounds[0], radix: 16))}-\\u{\(String(bounds[1], radix: 16))}]"
        guard Unicode.Scalar(bounds[0]) != nil, Unicode.Scalar(bounds[1]) != nil else { return }
        let vocabulary = ConstraintTestVocabulary.shared
        let constraint = try GrammarConstraint(.regex(pattern), trie: vocabulary.trie)
        let edges: [UInt32] = [0, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF]
        for value in edges + bounds + [bounds[0] &- 1, bounds[1] + 1] + (0..<6).map({ _ in codePoint() }) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            #expect(
                vocabulary.accepts(constraint, String(scalar)) == (bounds[0]...bounds[1]).contains(value), "\(value)")
        }
    }
}
