import JSON

/// How each of llama.cpp's pretokenizer names is written in `tokenizer.json`.
///
/// GGUF stores only the name; the patterns are those of the models' own Hugging Face files. The last step is always
/// `ByteLevel`.
struct GGUFPretokenizer {
    /// The component `normalizer`.
    var normalizer: JSONValue = nil
    /// The components before `ByteLevel`.
    var steps: [JSONValue] = []
    /// Whether `ByteLevel` applies GPT-2's own pattern.
    var usesByteLevelPattern = false
    /// The model's `ignore_merges`.
    var ignoresMerges = false
    /// Whether a beginning-of-sequence token is added when the file does not say.
    var addsBeginningOfSequence = false

    private static let contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
    private static let spaces = #"\s*[\r\n]+|\s+(?!\S)|\s+"#

    private static let families: [(names: [String], pretokenizer: GGUFPretokenizer)] = [
        (
            ["gpt-2", "phi-2", "mpt", "olmo", "jais", "exaone4", "trillion", "granite-docling"],
            GGUFPretokenizer(usesByteLevelPattern: true)
        ),
        (
            ["smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b"],
            GGUFPretokenizer(steps: [digits], usesByteLevelPattern: true)
        ),
        (
            ["qwen2", "deepseek-r1-qwen", "stablelm2"],
            GGUFPretokenizer(normalizer: nfc, steps: [split(words(digits: #"\p{N}"#))])
        ),
        (["qwen35"], GGUFPretokenizer(normalizer: nfc, steps: [split(qwen35)])),
        (
            ["llama-bpe", "llama3", "llama-v3", "falcon3", "pixtral"],
            GGUFPretokenizer(
                steps: [split(words(digits: #"\p{N}{1,3}"#))], ignoresMerges: true, addsBeginningOfSequence: true)
        ),
        (
            ["dbrx", "smaug-bpe", "chatglm-bpe"],
            GGUFPretokenizer(steps: [split(words(digits: #"\p{N}{1,3}"#))])
        ),
        (
            ["tekken"],
            GGUFPretokenizer(
                steps: [split(cased(suffix: "", digits: #"\p{N}"#))], ignoresMerges: true,
                addsBeginningOfSequence: true)
        ),
        (
            ["gpt-4o"],
            GGUFPretokenizer(steps: [split(cased(suffix: contractions + "?", digits: #"\p{N}{1,3}"#))])
        ),
        (["default"], GGUFPretokenizer(steps: unnamed.map(split))),
    ]

    /// The names that are known.
    static var supported: [String] { families.flatMap(\.names) }

    /// The pretokenizer of that name.
    static func named(_ name: String) throws(TokenizerError) -> GGUFPretokenizer {
        guard let family = families.first(where: { $0.names.contains(name) }) else {
            throw .unsupported(component: "tokenizer.ggml.pre", found: name, supported: supported)
        }
        return family.pretokenizer
    }

    // MARK: Components

    private static let nfc: JSONValue = ["type": "NFC"]
    private static let digits: JSONValue = ["type": "Digits", "individual_digits": true]

    private static func split(_ pattern: String) -> JSONValue {
        ["type": "Split", "pattern": ["Regex": .string(pattern)], "behavior": "Isolated", "invert": false]
    }

    // MARK: Patterns

    /// The pattern of cl100k and its descendants.
    private static func words(digits: String) -> String {
        #"\#(contractions)|[^\r\n\p{L}\p{N}]?\p{L}+|\#(digits)| ?[^\s\p{L}\p{N}]+[\r\n]*|\#(spaces)"#
    }

    /// Qwen3.5's: combining marks belong to words, which matters for Indic scripts.
    private static let qwen35 =
        #"\#(contractions)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\#(spaces)"#

    /// The pattern of o200k and its descendants, which cuts before a capital.
    private static func cased(suffix: String, digits: String) -> String {
        let (upper, lower) = (#"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#, #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#)
        let start = #"[^\r\n\p{L}\p{N}]?"#
        return "\(start)\(upper)*\(lower)+\(suffix)|\(start)\(upper)+\(lower)*\(suffix)|\(digits)"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\(spaces)"
    }

    /// What llama.cpp does with a file that names no pretokenizer.
    private static let unnamed = [
        #"[\p{P}\$\+<=>\^~\|]+"#, Pretokenizer.byteLevelPattern, #"\p{N}+"#, "[0-9][0-9][0-9]",
    ]
}
