import Foundation
import Testing
import Tokenization

@Suite struct DetokenizerTests {
    private let tokenizer: Tokenizer

    init() throws { tokenizer = try TokenizerFixtures.trimmed("qwen35") }

    private func pieces(of ids: [Int32], skipsSpecialTokens: Bool = false) -> [String] {
        var detokenizer = IncrementalDetokenizer(tokenizer, skipsSpecialTokens: skipsSpecialTokens)
        return ids.map { detokenizer.append($0) } + [detokenizer.finish()]
    }

    private func byteTokens(_ bytes: [UInt8]) -> [Int32] { bytes.flatMap { tokenizer.merge([$0], usingHeap: false) } }

    @Test func aCharacterAppearsWithItsLastByte() {
        #expect(pieces(of: byteTokens(Array("a😀b".utf8))) == ["a", "", "", "", "😀", "b", ""])
    }

    @Test func aByteThatCanNeverCompleteIsReplacedAtOnce() {
        #expect(pieces(of: byteTokens([0x61, 0xFF, 0x62])) == ["a", "\u{FFFD}", "b", ""])
        #expect(pieces(of: byteTokens([0xE0, 0x80])) == ["", "\u{FFFD}\u{FFFD}", ""])
        #expect(pieces(of: byteTokens([0xF4, 0x90])) == ["", "\u{FFFD}\u{FFFD}", ""])
        #expect(pieces(of: byteTokens([0xED, 0xA0])) == ["", "\u{FFFD}\u{FFFD}", ""])
    }

    @Test func anUnfinishedCharacterIsReplacedAtTheEnd() {
        #expect(pieces(of: byteTokens([0x61, 0xF0, 0x9F, 0x98])) == ["a", "", "", "", "\u{FFFD}"])
    }

    @Test func anUnfinishedCharacterIsReplacedWhenAnotherBegins() {
        #expect(pieces(of: byteTokens([0xE2, 0x82, 0x61])) == ["", "", "\u{FFFD}a", ""])
    }

    @Test func aSkippedSpecialTokenDoesNotBreakACharacter() throws {
        let end = try #require(tokenizer.id(of: "<|im_end|>"))
        var ids = byteTokens(Array("é".utf8))
        ids.insert(end, at: 1)
        #expect(pieces(of: ids, skipsSpecialTokens: true) == ["", "", "é", ""])
        #expect(pieces(of: ids).joined() == "\u{FFFD}<|im_end|>\u{FFFD}")
    }

    @Test func goldenTextsStreamWithoutAReplacementCharacter() throws {
        for entry in try TokenizerGolden("qwen35").cases {
            let pieces = pieces(of: entry.ids)
            #expect(Array(pieces.joined().utf8) == Array(entry.decoded.utf8))
            #expect(!pieces.joined().contains("\u{FFFD}"))
        }
    }

    @Test(arguments: [false, true])
    func thePiecesOfAnyTokensJoinToTheDecodedText(skipsSpecialTokens: Bool) {
        var generator = SeededGenerator(seed: 7)
        let known = (Int32(0)..<Int32(tokenizer.vocabularySize)).filter { tokenizer.bytes(of: $0) != nil }
        let bytes = byteTokens(Array(0...255))
        for _ in 0..<1000 {
            let ids = (0..<Int.random(in: 0...40, using: &generator)).compactMap { _ in
                // Single bytes make broken sequences far more likely than tokens drawn evenly.
                (Bool.random(using: &generator) ? bytes : known).randomElement(using: &generator)
            }
            let joined = pieces(of: ids, skipsSpecialTokens: skipsSpecialTokens).joined()
            let decoded = tokenizer.decode(ids, skipsSpecialTokens: skipsSpecialTokens)
            #expect(Array(joined.utf8) == Array(decoded.utf8))
        }
    }
}
