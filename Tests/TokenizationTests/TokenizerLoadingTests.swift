import Foundation
import JSON
import Testing
import Tokenization

@Suite struct TokenizerLoadingTests {
    /// A whole tokenizer in a few lines: the letters a, b, c and `ab`.
    private static let small = #"""
        {"added_tokens": [{"id": 5, "content": "<x>", "special": true}], "normalizer": null,
         "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true},
         "post_processor": null, "decoder": {"type": "ByteLevel"},
         "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "c": 2, "ab": 3, "\"": 4}, "merges": ["a b"]}}
        """#

    private func load(_ text: String, configuration: String? = nil) throws -> Tokenizer {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try Data(text.utf8).write(to: directory.appending(path: "tokenizer.json"))
        if let configuration {
            try Data(configuration.utf8).write(to: directory.appending(path: "tokenizer_config.json"))
        }
        return try Tokenizer(contentsOf: directory)
    }

    @Test func aDirectoryIsLoadedWithItsConfiguration() throws {
        let tokenizer = try load(Self.small, configuration: #"{"eos_token": "<x>"}"#)
        #expect(tokenizer.encode("abc<x>") == [3, 2, 5])
        #expect(tokenizer.endOfSequenceID == 5)
        #expect(tokenizer.vocabularySize == 6)
    }

    @Test func aMissingFileIsNamed() {
        #expect { try Tokenizer(contentsOf: URL(filePath: "/nowhere")) } throws: {
            "\($0)".contains("/nowhere/tokenizer.json: there is no such file")
        }
    }

    // MARK: The quick reader and the general one

    @Test(arguments: ["smollm2-trimmed.json", "qwen35-trimmed.json"])
    func publishedShapesAreReadQuickly(name: String) throws {
        #expect(try TokenizerFileScanner.reads(TokenizerFixtures.bytes(name)))
    }

    @Test(arguments: [
        small, small.replacingOccurrences(of: #""a b""#, with: #"["a", "b"]"#),
        small.replacingOccurrences(of: #""a": 0"#, with: #""\u0061" : 0"#),
        small.replacingOccurrences(of: #""normalizer""#, with: #""model2": {"vocab": {"z": [1, "}"]}}, "normalizer""#),
    ])
    func bothReadersGiveTheSameTokenizer(text: String) throws {
        #expect(TokenizerFileScanner.reads(Array(text.utf8)))
        let quick = try load(text)
        let general = try Tokenizer(tokenizerJSON: JSONValue(parsing: text), configuration: nil)
        for tokenizer in [quick, general] {
            #expect(tokenizer.encode("abcab\"<x>") == [3, 2, 3, 4, 5])
            #expect((0..<7).map { tokenizer.token(of: $0) } == ["a", "b", "c", "ab", "\"", "<x>", nil])
        }
    }

    @Test(arguments: [
        // Merges before the vocabulary, a name twice, an id that is no plain integer.
        small.replacingOccurrences(of: #""type": "BPE", "vocab""#, with: #""merges": ["a b"], "vocab""#)
            .replacingOccurrences(of: #", "merges": ["a b"]}}"#, with: "}}"),
        small.replacingOccurrences(of: #""type": "BPE""#, with: #""vocab": {}"#),
        small.replacingOccurrences(of: #""b": 1"#, with: #""b": 1.0"#),
    ])
    func unusualShapesAreReadTheGeneralWay(text: String) throws {
        #expect(!TokenizerFileScanner.reads(Array(text.utf8)))
        #expect(try load(text).encode("ab") == [3])
    }

    @Test func damagedFilesNeverCrashAndBothReadersAgree() throws {
        var generator = SeededGenerator(seed: 9)
        let original = Array(Self.small.utf8)
        let alphabet = Array(#"{}[]",:0123456789\ab type null"#.utf8) + [0xC3, 0xFF]
        for _ in 0..<1500 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let position = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[position] = alphabet.randomElement(using: &generator) ?? 0
                case 1: bytes.remove(at: position)
                default: bytes.insert(alphabet.randomElement(using: &generator) ?? 0, at: position)
                }
            }
            let general = try? Tokenizer(tokenizerJSON: JSONValue(parsing: bytes), configuration: nil)
            let quick = try? Tokenizer(tokenizerFile: bytes)
            #expect((quick == nil) == (general == nil), "\(String(decoding: bytes, as: UTF8.self))")
            #expect(quick?.encode("abcab\"<x>") == general?.encode("abcab\"<x>"))
        }
    }

    // MARK: Damage

    @Test(arguments: [
        ("not JSON", small, "{", "not valid JSON"),
        ("no model", #""model""#, #""modal""#, "'model': expected the byte-pair model, found nothing"),
        ("another model", #""type": "BPE""#, #""type": "Unigram""#, "model 'Unigram' is not supported; supported: BPE"),
        (
            "vocabulary of the wrong type", #"{"a": 0, "b": 1, "c": 2, "ab": 3, "\"": 4}"#, "[1]",
            "'model.vocab': expected an object"
        ),
        ("an id of the wrong type", #""b": 1"#, #""b": "1""#, "model.vocab['b']': expected a token id"),
        ("a negative id", #""b": 1"#, #""b": -1"#, "token 'b' has id -1"),
        ("a huge id", #""b": 1"#, #""b": 999999999"#, "token 'b' has id 999999999"),
        ("one id twice", #""b": 1"#, #""b": 0"#, "tokens 'a' and 'b' both have id 0"),
        ("an added token's id in use", #""id": 5"#, #""id": 2"#, "tokens 'c' and '<x>' both have id 2"),
        ("an unknown left part", #""a b""#, #""z b""#, "merge 0 names 'z'"),
        ("an unknown right part", #""a b""#, #""a z""#, "merge 0 names 'z'"),
        ("an unknown result", #""a b""#, #""a c""#, "merge 0 names 'ac'"),
        ("a merge of three", #""a b""#, #""a b c""#, "model.merges[0]': expected two tokens"),
        ("a merge of the wrong type", #""a b""#, "7", "model.merges[0]': expected an array, found an integer"),
        ("merges of the wrong type", #"["a b"]"#, "{}", "model.merges': expected an array, found an object"),
        (
            "an unknown normalizer", #""normalizer": null"#, #""normalizer": {"type": "Lowercase"}"#,
            "normalizer 'Lowercase' is not supported"
        ),
        (
            "an unknown pretokenizer", #""type": "ByteLevel", "add"#, #""type": "Metaspace", "add"#,
            "pre_tokenizer 'Metaspace' is not supported; supported: ByteLevel, Split, Digits, Sequence"
        ),
        ("no pretokenizer", #""pre_tokenizer""#, #""other""#, "'pre_tokenizer': expected"),
        (
            "an unknown decoder", #""decoder": {"type": "ByteLevel"}"#, #""decoder": {"type": "WordPiece"}"#,
            "decoder 'WordPiece' is not supported"
        ),
        (
            "an unknown post-processor", #""post_processor": null"#, #""post_processor": {"type": "BertProcessing"}"#,
            "post_processor 'BertProcessing' is not supported"
        ),
        (
            "an unknown word for unknown", #""type": "BPE""#, #""type": "BPE", "unk_token": "<unk>""#,
            "'model.unk_token': expected a token of the vocabulary"
        ),
        (
            "subword affixes", #""type": "BPE""#, #""type": "BPE", "end_of_word_suffix": "</w>""#,
            "model.end_of_word_suffix '</w>' is not supported"
        ),
        (
            "added tokens without text", #""content": "<x>", "#, "",
            "'added_tokens[0].content': expected the token's text"
        ),
    ])
    func damageIsNamed(what: String, original: String, replacement: String, message: String) {
        let text = Self.small.replacingOccurrences(of: original, with: replacement)
        #expect(text != Self.small)
        #expect { try load(text) } throws: { $0 is TokenizerError && "\($0)".contains(message) }
    }

    @Test(arguments: [
        (#"{"type": "Split", "pattern": {"Regex": "("}, "behavior": "Isolated"}"#, "expected ')'"),
        (
            #"{"type": "Split", "pattern": {"Regex": "a"}, "behavior": "Sideways"}"#,
            "'Sideways' is not supported; supported: Removed"
        ),
        (#"{"type": "Split", "pattern": "a", "behavior": "Isolated"}"#, "pattern.String': expected"),
        (#"{"type": "Digits"}"#, "without ByteLevel"),
        (
            #"{"type": "Sequence", "pretokenizers": [{"type": "ByteLevel"}, {"type": "Digits"}]}"#,
            "Digits after ByteLevel"
        ),
    ])
    func damagedPretokenizersAreNamed(pretokenizer: String, message: String) throws {
        var json = try #require(try JSONValue(parsing: Self.small).object)
        json["pre_tokenizer"] = try JSONValue(parsing: pretokenizer)
        #expect { try Tokenizer(tokenizerJSON: .object(json), configuration: nil) } throws: {
            $0 is TokenizerError && "\($0)".contains(message)
        }
    }

    // MARK: Missing bytes

    @Test func bytesOutsideTheVocabularyBecomeTheUnknownTokenOrNothing() throws {
        #expect(try load(Self.small).encode("azb") == [3])
        let unknown = Self.small.replacingOccurrences(of: #""type": "BPE""#, with: #""unk_token": "c""#)
        #expect(try load(unknown).encode("azzb") == [0, 2, 2, 1])
        let fused = unknown.replacingOccurrences(of: #""unk_token""#, with: #""fuse_unk": true, "unk_token""#)
        #expect(try load(fused).encode("azzb") == [0, 2, 1])
    }

    // MARK: Rank files

    @Test(arguments: [
        ("YQ== 0\nYg== x\n", "line 2"), ("YQ==0\n", "line 1 of the rank file: no space"),
        ("Y 0\n", "line 1 of the rank file: the token is not base64"),
        ("YQ= 0\n", "line 1"), ("Y!== 0\n", "line 1"), ("YR== 0\n", "line 1"), (" 0\n", "line 1"),
        ("YQ== \n", "line 1"),
        ("YQ== 0\nYQ== 1\n", "'a' has two ids, 0 and 1"), ("YQ== 0\nYg== 0\n", "both have id 0"),
        ("YQ== 999999999\n", "has id 999999999"),
    ])
    func damagedRankFilesAreNamed(text: String, message: String) {
        #expect { try Tokenizer(tiktoken: Data(text.utf8), pattern: #"\S+|\s+"#, specialTokens: [:]) } throws: {
            $0 is TokenizerError && "\($0)".contains(message)
        }
    }

    @Test func rankFilesMayEndLinesEitherWay() throws {
        let ranks = Data("YQ== 0\r\nYg== 1\r\n\r\nYWI= 2".utf8)
        let tokenizer = try Tokenizer(tiktoken: ranks, pattern: #"\S+|\s+"#, specialTokens: ["<e>": 3])
        #expect(tokenizer.encode("abba<e>") == [2, 1, 0, 3])
    }
}
