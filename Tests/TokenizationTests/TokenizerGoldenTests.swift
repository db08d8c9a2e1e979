import Foundation
import JSON
import Testing
import Tokenization

@Suite struct TokenizerGoldenTests {
    @Test(arguments: ["smollm2", "qwen35"])
    func goldenStringsAreExactWithTheTrimmedTokenizer(name: String) throws {
        try TokenizerGolden(name).check(TokenizerFixtures.trimmed(name))
    }

    @Test func goldenStringsAreExactWithTheTrimmedRanks() throws {
        let ranks = try Data(contentsOf: TokenizerFixtures.directory.appending(path: "qwen35-trimmed.tiktoken"))
        try TokenizerGolden("qwen35").check(TokenizerFixtures.qwen(ranks: ranks))
    }

    @Test(.enabled(if: TokenizerFixtures.isThere(TokenizerFixtures.smolLMFile)))
    func goldenStringsAreExactWithTheTokenizerOfTheDefaultModel() throws {
        let metadata = try GGUFHeader.tokenizer(of: TokenizerFixtures.smolLMFile)
        let (json, configuration) = try Tokenizer.huggingFaceJSON(fromGGUF: metadata)
        let tokenizer = try Tokenizer(tokenizerJSON: json, configuration: configuration)
        try TokenizerGolden("smollm2").check(tokenizer)
        #expect(tokenizer.vocabularySize == 49152)
        #expect(tokenizer.endOfSequenceToken == "<|im_end|>")
        #expect(tokenizer.endOfSequenceID == 2)
        #expect(tokenizer.beginningOfSequenceToken == "<|im_start|>")
    }

    @Test(.enabled(if: TokenizerFixtures.isThere(TokenizerFixtures.qwenRankFile)))
    func goldenStringsAreExactWithTheWholeRankFile() throws {
        let tokenizer = try TokenizerFixtures.qwen(ranks: Data(contentsOf: TokenizerFixtures.qwenRankFile))
        try TokenizerGolden("qwen35").check(tokenizer)
        #expect(tokenizer.vocabularySize == 248077)
    }

    /// Strict merges would need three tokens: no merge leads to this one.
    @Test func aRankFileTakesAPretokenThatIsATokenWhole() throws {
        let ranks = try Data(contentsOf: TokenizerFixtures.directory.appending(path: "qwen35-trimmed.tiktoken"))
        #expect(try TokenizerFixtures.qwen(ranks: ranks).encode("加拿大") == [108918])
    }

    @Test func pretokensAreThoseOfTheHuggingFaceLibrary() throws {
        let golden = try TokenizerFixtures.json("pretokenizers-golden.json")
        let texts = try #require(golden["texts"]?.array).map { try #require($0.string) }
        for variant in try #require(golden["variants"]?.array) {
            var json = try #require(try TokenizerFixtures.json("smollm2-trimmed.json").object)
            json["pre_tokenizer"] = variant["pre_tokenizer"]
            let tokenizer = try Tokenizer(tokenizerJSON: .object(json), configuration: nil)
            let expected = try #require(variant["pretokens"]?.array)
            for (text, pretokens) in zip(texts, expected) {
                let found = tokenizer.pretokens(of: text)
                #expect(found == pretokens.array?.compactMap(\.string), "\(variant["name"]?.string ?? "")")
            }
        }
    }

    @Test func addedTokensAreFoundAsInTheHuggingFaceLibrary() throws {
        let golden = try TokenizerFixtures.json("added-tokens-golden.json")
        let texts = try #require(golden["texts"]?.array).map { try #require($0.string) }
        for variant in try #require(golden["variants"]?.array) {
            var json = try #require(try TokenizerFixtures.json("smollm2-trimmed.json").object)
            json["normalizer"] = variant["normalizer"]
            json["added_tokens"] = .array(
                (json["added_tokens"]?.array ?? []) + (variant["added_tokens"]?.array ?? []))
            let tokenizer = try Tokenizer(tokenizerJSON: .object(json), configuration: nil)
            for (text, ids) in zip(texts, try #require(variant["ids"]?.array)) {
                let found = tokenizer.encode(text).map(Int.init)
                #expect(found == ids.array?.compactMap(\.integer), "\(variant["name"]?.string ?? ""): \(text)")
            }
        }
    }
}
