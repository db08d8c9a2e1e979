import Inference
import JSON
import Testing

/// Masks against their plain twin: a token fits when its bytes fit one after another.
@Suite struct ConstraintMaskTests {
    private let vocabulary = ConstraintTestVocabulary.shared

    private func plainlyAllowed(_ matcher: any TokenMatcher) -> [Int32] {
        var matcher = matcher
        var mayEnd = TokenMask(count: vocabulary.size, allowingAll: true)
        matcher.apply(to: &mayEnd)
        return (0..<Int32(vocabulary.size)).filter { token in
            guard token != ConstraintTestVocabulary.endToken else { return mayEnd[Int(token)] }
            guard let bytes = vocabulary.spellings[Int(token)] else { return false }
            var matcher = matcher
            for byte in bytes {
                var mask = TokenMask(count: vocabulary.size, allowingAll: true)
                matcher.apply(to: &mask)
                guard mask[Int(byte) + 2] else { return false }
                matcher.accept(Int32(byte) + 2)
            }
            return true
        }
    }

    @Test(arguments: [
        #"{}"#, #"{"type":"string","minLength":2,"maxLength":6}"#, #"{"type":"string","minLength":3}"#,
        #"{"type":"string","maxLength":1}"#, #"{"type":"array","items":{"type":"string","maxLength":4}}"#,
        #"{"type":"object","properties":{"a":{"type":"string"},"b":{"anyOf":[{"type":"string","pattern":"^a*b"},{"type":"string","maxLength":3}]}}}"#,
        #"{"anyOf":[{"type":"object","properties":{"name":{"type":"string"}}},{"type":"object"},{"enum":["a","abc"]}]}"#,
        #"{"type":"object","properties":{"age":{"type":"number","minimum":1}},"additionalProperties":{"type":"string"}}"#,
    ])
    func aTokenFitsWhenItsBytesDo(text: String) throws {
        let constraint = try JSONSchemaConstraint(try JSONValue(parsing: text), trie: vocabulary.trie)
        var random = RandomSource(seed: 7)
        for _ in 0..<3 {
            var matcher = constraint.makeMatcher()
            for _ in 0..<10 {
                let allowed = vocabulary.allowed(&matcher)
                #expect(allowed == plainlyAllowed(matcher))
                guard let token = allowed.randomElement(using: &random), token != 0 else { break }
                matcher.accept(token)
            }
        }
    }

    @Test func droppedStatesAreFoundAgain() throws {
        var limits = ConstraintLimits()
        limits.cachedStates = 3
        let schema = try JSONValue(parsing: #"{"type":"array","items":{"type":"string","minLength":1,"maxLength":9}}"#)
        let forgetful = try JSONSchemaConstraint(schema, trie: vocabulary.trie, limits: limits)
        let steady = try JSONSchemaConstraint(schema, trie: vocabulary.trie)
        var random = RandomSource(seed: 3)
        var one = forgetful.makeMatcher()
        var other = steady.makeMatcher()
        for _ in 0..<40 {
            let allowed = vocabulary.allowed(&other)
            #expect(vocabulary.allowed(&one) == allowed)
            guard let token = allowed.filter({ $0 != 0 }).randomElement(using: &random) else { break }
            one.accept(token)
            other.accept(token)
        }
    }

    @Test func aMaskThatForbidsStaysSo() throws {
        let constraint = try GrammarConstraint(.choice(["ab", "b"]), trie: vocabulary.trie)
        var matcher = constraint.makeMatcher()
        var mask = TokenMask(count: vocabulary.size, allowingAll: true)
        mask[Int(UInt8(ascii: "b")) + 2] = false
        matcher.apply(to: &mask)
        #expect(
            (0..<vocabulary.size).filter { mask[$0] }.allSatisfy {
                vocabulary.spellings[$0]?.first == UInt8(ascii: "a")
            })
    }

    @Test func afterTheEndOnlyEndTokensAreAllowed() throws {
        let constraint = try GrammarConstraint(.choice(["a", "abc"]), trie: vocabulary.trie)
        var matcher = constraint.makeMatcher()
        matcher.accept(Int32(UInt8(ascii: "a")) + 2)
        #expect(!matcher.isComplete)
        #expect(vocabulary.allowed(&matcher).contains(ConstraintTestVocabulary.endToken))
        matcher.accept(ConstraintTestVocabulary.endToken)
        #expect(matcher.isComplete)
        #expect(vocabulary.allowed(&matcher) == [ConstraintTestVocabulary.endToken])
    }

    @Test func aForcedTokenThatDoesNotFitLeavesOnlyTheEnd() throws {
        let constraint = try GrammarConstraint(.choice(["a"]), trie: vocabulary.trie)
        for token in [Int32(UInt8(ascii: "z")) + 2, ConstraintTestVocabulary.specialToken, 1_000_000, -5] {
            var matcher = constraint.makeMatcher()
            matcher.accept(token)
            #expect(vocabulary.allowed(&matcher) == [ConstraintTestVocabulary.endToken])
        }
    }

    @Test func bytesTheVocabularyLacksAreAvoided() throws {
        // Without 0x99 alone, 🙂 could be begun and not ended.
        let poor = ConstraintTestVocabulary(without: [0x99])
        let constraint = try JSONSchemaConstraint(["type": "string"], trie: poor.trie)
        for seed in 0..<20 { #expect(poor.walk(constraint, seed: seed, length: 30) != nil) }
    }

    @Test func aVocabularyThatCannotSpellTheReplyIsAnError() {
        let poor = ConstraintTestVocabulary(without: [UInt8(ascii: "\"")])
        #expect(throws: ConstraintError.self) { try JSONSchemaConstraint(["type": "string"], trie: poor.trie) }
    }
}
