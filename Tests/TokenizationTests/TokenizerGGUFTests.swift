import Foundation
import JSON
import Testing
import Tokenization

@Suite struct TokenizerGGUFTests {
    private func metadata(_ pretokenizer: String) -> GGUFTokenizerMetadata {
        GGUFTokenizerMetadata(
            pretokenizer: pretokenizer, tokens: ["a", "b", "ab", "<|end|>", "<tool>", "[PAD5]", "<0x0A>"],
            tokenTypes: [1, 1, 1, 3, 4, 5, 6], merges: ["a b"], beginningOfSequenceID: 3, endOfSequenceID: 3,
            paddingID: 0, chatTemplate: "{{ messages }}")
    }

    private func pattern(_ pretokenizer: String) throws -> String? {
        let json = try Tokenizer.huggingFaceJSON(fromGGUF: metadata(pretokenizer)).tokenizer
        return json["pre_tokenizer"]?["pretokenizers"]?[0]?["pattern"]?["Regex"]?.string
    }

    @Test func tokenTypesBecomeAddedTokens() throws {
        let (json, configuration) = try Tokenizer.huggingFaceJSON(fromGGUF: metadata("gpt-2"))
        let tokenizer = try Tokenizer(tokenizerJSON: json, configuration: configuration)
        #expect(tokenizer.encode("ab<|end|><tool>\n") == [2, 3, 4, 6])
        #expect(tokenizer.isSpecial(3))
        #expect(!tokenizer.isSpecial(4))
        #expect(tokenizer.token(of: 5) == nil)
        #expect(tokenizer.decode([6]) == "\n")
        #expect(tokenizer.encode("ab", addsSpecialTokens: true) == [2])
    }

    @Test func theConfigurationNamesTheSpecialTokensAndTheTemplate() throws {
        let configuration = try Tokenizer.huggingFaceJSON(fromGGUF: metadata("smollm")).configuration
        #expect(configuration["eos_token"] == "<|end|>")
        #expect(configuration["pad_token"] == "a")
        #expect(configuration["unk_token"] == nil)
        #expect(configuration["chat_template"] == "{{ messages }}")
        #expect(configuration["added_tokens_decoder"]?["4"]?["special"] == false)
    }

    @Test func smolLMCutsDigitsThenAppliesTheByteLevelPattern() throws {
        let json = try Tokenizer.huggingFaceJSON(fromGGUF: metadata("smollm")).tokenizer
        let steps = try #require(json["pre_tokenizer"]?["pretokenizers"]?.array)
        #expect(steps.map { $0["type"]?.string } == ["Digits", "ByteLevel"])
        #expect(steps[0]["individual_digits"] == true)
        #expect(steps[1]["use_regex"] == true)
        #expect(json["normalizer"] == .some(.null))
    }

    @Test func qwenPatternsAreTheOfficialOnes() throws {
        #expect(try pattern("qwen35") == TokenizerGolden("qwen35").pattern)
        let qwen2 =
            #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
        #expect(try pattern("qwen2") == qwen2)
        let json = try Tokenizer.huggingFaceJSON(fromGGUF: metadata("qwen35")).tokenizer
        #expect(json["normalizer"] == ["type": "NFC"])
    }

    @Test func llama3AddsItsBeginningAndTakesWholePretokens() throws {
        #expect(try pattern("llama-bpe")?.contains(#"\p{N}{1,3}"#) == true)
        let (json, configuration) = try Tokenizer.huggingFaceJSON(fromGGUF: metadata("llama-bpe"))
        #expect(json["model"]?["ignore_merges"] == true)
        let tokenizer = try Tokenizer(tokenizerJSON: json, configuration: configuration)
        #expect(tokenizer.encode("ab", addsSpecialTokens: true) == [3, 2])
    }

    @Test func whatTheFileSaysAboutTheBeginningDecides() throws {
        var metadata = metadata("llama-bpe")
        metadata.addsBeginningOfSequence = false
        let json = try Tokenizer.huggingFaceJSON(fromGGUF: metadata).tokenizer
        #expect(json["post_processor"]?["type"] == "ByteLevel")
    }

    @Test(arguments: ["default", "gpt-4o", "tekken", "stablelm2", "starcoder", "deepseek-r1-qwen", "llama3"])
    func everyKnownNameGivesATokenizerThatLoads(name: String) throws {
        let (json, configuration) = try Tokenizer.huggingFaceJSON(fromGGUF: metadata(name))
        let tokenizer = try Tokenizer(tokenizerJSON: json, configuration: configuration)
        #expect(tokenizer.encode("ab<|end|>") == [2, 3])
    }

    @Test func anUnknownNameIsRefusedWithTheKnownOnes() {
        #expect { try Tokenizer.huggingFaceJSON(fromGGUF: metadata("nobody-bpe")) } throws: {
            "\($0)".contains("'nobody-bpe' is not supported") && "\($0)".contains("smollm")
        }
    }

    @Test func metadataThatContradictsItselfIsRefused() {
        var types = metadata("gpt-2")
        types.tokenTypes.removeLast()
        #expect(throws: TokenizerError.self) { try Tokenizer.huggingFaceJSON(fromGGUF: types) }
        var id = metadata("gpt-2")
        id.endOfSequenceID = 7
        #expect(throws: TokenizerError.self) { try Tokenizer.huggingFaceJSON(fromGGUF: id) }
        var twice = metadata("gpt-2")
        twice.tokens[1] = "a"
        #expect(throws: TokenizerError.self) { try Tokenizer.huggingFaceJSON(fromGGUF: twice) }
        var model = metadata("gpt-2")
        model.model = "llama"
        #expect(throws: TokenizerError.self) { try Tokenizer.huggingFaceJSON(fromGGUF: model) }
    }
}
