import Foundation
import JSON
import Testing
import Tokenization

@Suite struct TokenizerTests {
    private let smol: Tokenizer
    private let qwen: Tokenizer

    init() throws {
        smol = try TokenizerFixtures.trimmed("smollm2")
        qwen = try TokenizerFixtures.trimmed("qwen35")
    }

    // MARK: Round trips

    @Test func anyTextSurvivesARoundTrip() throws {
        let ranks = try Data(contentsOf: TokenizerFixtures.directory.appending(path: "qwen35-trimmed.tiktoken"))
        let golden = try TokenizerGolden("qwen35")
        let plain = try Tokenizer(tiktoken: ranks, pattern: golden.pattern, specialTokens: golden.addedTokens)
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<500 {
            let text = generator.text(upTo: 30)
            #expect(Array(plain.decode(plain.encode(text)).utf8) == Array(text.utf8))
        }
    }

    @Test func anyTextComesBackInTheNormalFormOfTheTokenizer() {
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<500 {
            let text = generator.text(upTo: 30)
            let composed = text.precomposedStringWithCanonicalMapping
            // A special token cuts the text before it is composed.
            guard !text.contains("<|im_end|>") else { continue }
            #expect(Array(qwen.decode(qwen.encode(text)).utf8) == Array(composed.utf8))
        }
    }

    @Test(arguments: TextNormalizer.allCases)
    func normalFormsAreExact(form: TextNormalizer) throws {
        let ranks = try Data(contentsOf: TokenizerFixtures.directory.appending(path: "qwen35-trimmed.tiktoken"))
        let tokenizer = try Tokenizer(tiktoken: ranks, pattern: ".+", specialTokens: [:], normalizer: form)
        for entry in try #require(TokenizerFixtures.json("normal-forms-golden.json")["cases"]?.array) {
            let text = try #require(entry["text"]?.string)
            let expected = try #require(entry[form.rawValue]?.string)
            let found = tokenizer.decode(tokenizer.encode(text))
            #expect(found.unicodeScalars.elementsEqual(expected.unicodeScalars), "\(text)")
        }
    }

    @Test func anyBytesAreSpelledByTheirTokens() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            let bytes = (0..<Int.random(in: 0...80, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            #expect(qwen.merge(bytes, usingHeap: false).flatMap { qwen.bytes(of: $0) ?? [] } == bytes)
        }
    }

    @Test func encodingIsTheSameWithAWarmCache() {
        var generator = SeededGenerator(seed: 4)
        let texts = (0..<300).map { _ in generator.text(upTo: 20) }
        let first = texts.map { qwen.encode($0) }
        #expect(texts.map { qwen.encode($0) } == first)
    }

    @Test func concurrentEncodingGivesTheSameTokens() async {
        var generator = SeededGenerator(seed: 5)
        let texts = (0..<50).map { _ in generator.text(upTo: 40) }
        let expected = texts.map { qwen.encode($0) }
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask { [qwen] in texts.map { qwen.encode($0) } == expected }
            }
            for await isSame in group { #expect(isSame) }
        }
    }

    // MARK: Merging

    @Test func theHeapAndThePlainScanMergeAlike() {
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<500 {
            let bytes = Array(generator.text(upTo: 40).utf8)
            #expect(qwen.merge(bytes, usingHeap: true) == qwen.merge(bytes, usingHeap: false))
            #expect(smol.merge(bytes, usingHeap: true) == smol.merge(bytes, usingHeap: false))
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["a", " ", "7", "\u{301}\u{323}", "👩‍👩‍👧‍👦", "'", "\n "])
    func aLongRunOfOneThingTakesSeconds(part: String) {
        let text = String(repeating: part, count: 50_000 / part.utf8.count)
        let ids = qwen.encode(text)
        #expect(Array(qwen.decode(ids).utf8) == Array(text.precomposedStringWithCanonicalMapping.utf8))
    }

    // MARK: Special tokens

    @Test func specialTokensAreTextWhenNotParsed() {
        let text = "a<|im_end|>b"
        #expect(smol.encode(text).contains(2))
        let ids = smol.encode(text, parsesSpecialTokens: false)
        #expect(!ids.contains(2))
        #expect(smol.decode(ids) == text)
    }

    @Test func specialTokensCanBeLeftOutOfText() {
        let ids = smol.encode("<|im_start|>Hello<|im_end|>")
        #expect(smol.decode(ids, skipsSpecialTokens: true) == "Hello")
        #expect(smol.decode(ids) == "<|im_start|>Hello<|im_end|>")
    }

    @Test func nothingIsAddedUnlessAskedFor() throws {
        var json = try #require(try TokenizerFixtures.json("smollm2-trimmed.json").object)
        json["post_processor"] = [
            "type": "Sequence",
            "processors": [
                ["type": "ByteLevel"],
                [
                    "type": "TemplateProcessing",
                    "single": [
                        ["SpecialToken": ["id": "<|im_start|>", "type_id": 0]],
                        ["Sequence": ["id": "A", "type_id": 0]],
                        ["SpecialToken": ["id": "<|im_end|>", "type_id": 0]],
                    ],
                    "special_tokens": [
                        "<|im_start|>": ["id": "<|im_start|>", "ids": [1], "tokens": ["<|im_start|>"]],
                        "<|im_end|>": ["id": "<|im_end|>", "ids": [2], "tokens": ["<|im_end|>"]],
                    ],
                ],
            ],
        ]
        let tokenizer = try Tokenizer(tokenizerJSON: .object(json), configuration: nil)
        #expect(tokenizer.encode("Hello") == [19556])
        #expect(tokenizer.encode("Hello", addsSpecialTokens: true) == [1, 19556, 2])
        #expect(tokenizer.encode("Hello", addsSpecialTokens: false) == [19556])
    }

    @Test func theLongestAddedTokenWins() throws {
        let ranks = try Data(contentsOf: TokenizerFixtures.directory.appending(path: "qwen35-trimmed.tiktoken"))
        let tokenizer = try Tokenizer(
            tiktoken: ranks, pattern: #"\s+|\S+"#, specialTokens: ["<a": 300_000, "<a>": 300_001, "<a><b": 300_002])
        #expect(tokenizer.encode("<a><a<a><b") == [300_001, 300_000, 300_002])
    }

    // MARK: Tokens

    @Test func tokensAreShownAsInTheVocabulary() {
        let ids = smol.encode(" the<|im_end|>")
        #expect(ids.compactMap(smol.token(of:)) == ["Ġthe", "<|im_end|>"])
        #expect(smol.id(of: "Ġthe") == ids[0])
        #expect(smol.bytes(of: ids[0]) == Array(" the".utf8))
        #expect(smol.isSpecial(2))
        #expect(!smol.isSpecial(ids[0]))
    }

    @Test(arguments: [-1, 48_000, 49_152, Int32.max, Int32.min])
    func unknownIdsAreNothing(id: Int32) {
        #expect(smol.bytes(of: id) == nil)
        #expect(smol.token(of: id) == nil)
        #expect(smol.decode([id]) == "")
    }

    @Test func anIdThatIsNotSpecialIsNotSkipped() {
        let ids = qwen.encode("hi<|im_end|>")
        #expect(qwen.decode(ids, skipsSpecialTokens: true) == "hi")
    }

    @Test(arguments: [
        (#"{"eos_token": "</s>", "bos_token": {"content": "<s>", "lstrip": false}, "pad_token": null}"#, "</s>", "<s>"),
        (#"{"eos_token": {"__type": "AddedToken", "content": "<|im_end|>"}}"#, "<|im_end|>", nil),
        ("{}", nil, nil),
    ])
    func configuredTokensAreStringsOrObjects(text: String, end: String?, beginning: String?) throws {
        let tokenizer = try Tokenizer(
            tokenizerJSON: TokenizerFixtures.json("smollm2-trimmed.json"), configuration: JSONValue(parsing: text))
        #expect(tokenizer.endOfSequenceToken == end)
        #expect(tokenizer.beginningOfSequenceToken == beginning)
        #expect(tokenizer.paddingToken == nil)
    }
}
