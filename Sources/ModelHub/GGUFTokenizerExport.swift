import Checkpoints
import Foundation
import JSON
import Tokenization

/// The tokenizer of a Hugging Face directory as GGUF metadata.
struct GGUFTokenizerExport {
    private let tokenizer: JSONValue
    private let configuration: JSONValue
    private let template: String?
    private let vocabularySize: Int
    private let path: String

    /// llama.cpp's token types.
    private enum TokenType {
        static let normal: Int32 = 1
        static let control: Int32 = 3
        static let userDefined: Int32 = 4
        static let unused: Int32 = 5
    }

    /// The names under which llama.cpp knows pretokenizers, one for each that differs.
    private static let pretokenizers = ["smollm", "qwen2", "qwen35", "llama-bpe", "gpt-2", "dbrx", "tekken", "gpt-4o"]

    init(directory: URL, vocabularySize: Int) throws {
        let file = directory.appending(path: "tokenizer.json")
        tokenizer = try JSONFile.read(file)
        configuration = try JSONFile.readIfPresent(directory.appending(path: "tokenizer_config.json")) ?? [:]
        template = try ChatTemplateFile.read(directory, configuration)
        self.vocabularySize = vocabularySize
        path = file.path
    }

    /// The keys `tokenizer.*`.
    var metadata: GGUFMetadata {
        get throws {
            let ids = try identifiers
            let (tokens, types) = try table(ids)
            var metadata = GGUFMetadata()
            metadata["tokenizer.ggml.model"] = .string("gpt2")
            metadata["tokenizer.ggml.pre"] = .string(try pretokenizer)
            metadata["tokenizer.ggml.tokens"] = .array(.string, tokens.map { .string($0) })
            metadata["tokenizer.ggml.token_type"] = .array(.int32, types.map { .int32($0) })
            metadata["tokenizer.ggml.merges"] = .array(.string, try merges.map { .string($0) })
            let special = [
                ("bos", "bos_token"), ("eos", "eos_token"), ("unknown", "unk_token"), ("padding", "pad_token"),
            ]
            for (name, key) in special {
                let token = configuration[key]?.string ?? configuration[key]?["content"]?.string
                guard let id = token.flatMap({ ids[$0] }) else { continue }
                metadata["tokenizer.ggml.\(name)_token_id"] = .uint32(UInt32(id))
            }
            metadata["tokenizer.ggml.add_bos_token"] = .bool(addsBeginToken)
            if let template { metadata["tokenizer.chat_template"] = .string(template) }
            return metadata
        }
    }

    // MARK: Vocabulary

    private func failure(_ message: String) -> CheckpointError {
        CheckpointError(.unsupported, file: path, message + "; GGUF export needs a byte-level BPE tokenizer.json")
    }

    private var addedTokens: [JSONValue] { tokenizer["added_tokens"]?.array ?? [] }

    private var identifiers: [String: Int] {
        get throws {
            guard tokenizer["model"]?["type"]?.string ?? "BPE" == "BPE",
                let vocabulary = tokenizer["model"]?["vocab"]?.object
            else { throw failure("found no vocabulary of a BPE model") }
            var ids: [String: Int] = [:]
            ids.reserveCapacity(vocabulary.count)
            for (token, id) in vocabulary { ids[token] = id.integer }
            for token in addedTokens {
                if let content = token["content"]?.string { ids[content] = token["id"]?.integer }
            }
            return ids
        }
    }

    /// Token and type of each id; rows of the embedding that no token has are unused.
    private func table(_ ids: [String: Int]) throws -> (tokens: [String], types: [Int32]) {
        var tokens = (0..<vocabularySize).map { "[PAD\($0)]" }
        var types = [Int32](repeating: TokenType.unused, count: vocabularySize)
        for (token, id) in ids {
            guard tokens.indices.contains(id) else {
                throw failure("found the token id \(id), but the embedding has \(vocabularySize) rows")
            }
            tokens[id] = token
            types[id] = TokenType.normal
        }
        for token in addedTokens {
            guard let id = token["id"]?.integer else { continue }
            types[id] = token["special"]?.bool ?? false ? TokenType.control : TokenType.userDefined
        }
        return (tokens, types)
    }

    private var merges: [String] {
        get throws {
            try (tokenizer["model"]?["merges"]?.array ?? []).map { merge in
                if let text = merge.string { return text }
                guard let left = merge[0]?.string, let right = merge[1]?.string else {
                    throw failure("found a merge that is neither 'left right' nor a pair")
                }
                return "\(left) \(right)"
            }
        }
    }

    private var addsBeginToken: Bool {
        if let adds = configuration["add_bos_token"]?.bool { return adds }
        guard let begin = configuration["bos_token"]?.string ?? configuration["bos_token"]?["content"]?.string
        else { return false }
        let processors = tokenizer["post_processor"]?["processors"]?.array ?? [tokenizer["post_processor"] ?? nil]
        return processors.contains { $0["single"]?[0]?["SpecialToken"]?["id"]?.string == begin }
    }

    // MARK: Pretokenizer

    /// The name of the pretokenizer that splits text as this tokenizer does.
    private var pretokenizer: String {
        get throws {
            let wanted = Signature(tokenizer)
            for name in Self.pretokenizers {
                let metadata = GGUFTokenizerMetadata(pretokenizer: name, tokens: [], tokenTypes: [], merges: [])
                let candidate = try Tokenizer.huggingFaceJSON(fromGGUF: metadata).tokenizer
                if Signature(candidate) == wanted { return name }
            }
            throw failure("found a pretokenizer that llama.cpp has no name for")
        }
    }

    /// What decides how text is split; other fields have no effect on ids.
    private struct Signature: Equatable {
        let normalizers: [String]
        let steps: [JSONValue]
        let ignoresMerges: Bool

        init(_ tokenizer: JSONValue) {
            let normalizer = tokenizer["normalizer"] ?? nil
            let normalizers = normalizer["normalizers"]?.array ?? (normalizer.isNull ? [] : [normalizer])
            self.normalizers = normalizers.compactMap { $0["type"]?.string }
            let pretokenizer = tokenizer["pre_tokenizer"] ?? nil
            let steps = pretokenizer["pretokenizers"]?.array ?? (pretokenizer.isNull ? [] : [pretokenizer])
            self.steps = steps.map { step in
                [
                    "type": step["type"] ?? nil, "pattern": step["pattern"] ?? nil,
                    "digits": step["individual_digits"] ?? nil,
                    "regex": step["type"] == "ByteLevel" ? step["use_regex"] ?? true : nil,
                ]
            }
            ignoresMerges = tokenizer["model"]?["ignore_merges"]?.bool ?? false
        }
    }
}

/// The chat template of a directory as text.
private enum ChatTemplateFile {
    static func read(_ directory: URL, _ configuration: JSONValue) throws -> String? {
        let file = directory.appending(path: "chat_template.jinja")
        if FileManager.default.fileExists(atPath: file.path) { return try String(contentsOf: file, encoding: .utf8) }
        return configuration["chat_template"]?.string
    }
}
