import JSON

extension Tokenizer {
    /// Writes a GGUF file's tokenizer as Hugging Face does.
    ///
    /// Control tokens become special added tokens, user-defined ones plain added tokens, and padding entries
    /// (`unused`) are left out.
    ///
    /// - Returns: The contents of `tokenizer.json` and of `tokenizer_config.json`.
    /// - Throws: `TokenizerError.unsupported` for another kind of model or an unknown pretokenizer name, and
    ///   `.malformed` where the metadata contradicts itself.
    public static func huggingFaceJSON(
        fromGGUF metadata: GGUFTokenizerMetadata
    ) throws(TokenizerError) -> (tokenizer: JSONValue, configuration: JSONValue) {
        guard metadata.model == "gpt2" else {
            throw .unsupported(component: "tokenizer.ggml.model", found: metadata.model, supported: ["gpt2"])
        }
        let conversion = try GGUFTokenizerConversion(metadata)
        return (conversion.tokenizer, conversion.configuration)
    }
}

/// One conversion of GGUF metadata to Hugging Face's files.
private struct GGUFTokenizerConversion {
    private enum TokenType {
        static let unknown = 2
        static let control = 3
        static let userDefined = 4
        static let unused = 5
        static let byte = 6
    }

    let metadata: GGUFTokenizerMetadata
    let pretokenizer: GGUFPretokenizer
    private let positions: [String: Int]

    init(_ metadata: GGUFTokenizerMetadata) throws(TokenizerError) {
        self.metadata = metadata
        pretokenizer = try GGUFPretokenizer.named(metadata.pretokenizer)
        let (tokens, types) = (metadata.tokens.count, metadata.tokenTypes.count)
        guard types == tokens || types == 0 else {
            throw .malformed(field: "tokenizer.ggml.token_type", expected: "\(tokens) types", found: "\(types)")
        }
        var positions: [String: Int] = [:]
        for (id, token) in metadata.tokens.enumerated() {
            guard let other = positions.updateValue(id, forKey: token) else { continue }
            throw .duplicateToken(token, first: other, second: id)
        }
        self.positions = positions
        let ids = [
            ("bos_token_id", metadata.beginningOfSequenceID), ("eos_token_id", metadata.endOfSequenceID),
            ("unknown_token_id", metadata.unknownID), ("padding_token_id", metadata.paddingID),
        ]
        for case (let name, let id?) in ids where !metadata.tokens.indices.contains(id) {
            throw .malformed(field: "tokenizer.ggml.\(name)", expected: "an id below \(tokens)", found: "\(id)")
        }
    }

    private func type(of id: Int) -> Int { metadata.tokenTypes.isEmpty ? 1 : metadata.tokenTypes[id] }

    private func token(_ id: Int?) -> JSONValue { id.map { .string(metadata.tokens[$0]) } ?? nil }

    // MARK: tokenizer.json

    var tokenizer: JSONValue {
        [
            "version": "1.0", "truncation": nil, "padding": nil, "added_tokens": .array(addedTokens),
            "normalizer": pretokenizer.normalizer,
            "pre_tokenizer": ["type": "Sequence", "pretokenizers": .array(pretokenizer.steps + [byteLevel])],
            "post_processor": postProcessor,
            "decoder": ["type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true],
            "model": model,
        ]
    }

    private var byteLevel: JSONValue {
        [
            "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true,
            "use_regex": .bool(pretokenizer.usesByteLevelPattern),
        ]
    }

    private var addedTokens: [JSONValue] {
        metadata.tokens.indices.compactMap { id in
            let isSpecial = [TokenType.control, TokenType.unknown].contains(type(of: id))
            guard isSpecial || type(of: id) == TokenType.userDefined else { return nil }
            return [
                "id": .integer(id), "content": .string(metadata.tokens[id]), "single_word": false, "lstrip": false,
                "rstrip": false, "normalized": false, "special": .bool(isSpecial),
            ]
        }
    }

    private var model: JSONValue {
        var vocabulary = JSONObject()
        vocabulary.reserveCapacity(metadata.tokens.count)
        for (id, token) in metadata.tokens.enumerated() where type(of: id) != TokenType.unused {
            vocabulary[type(of: id) == TokenType.byte ? byteToken(token) : token] = .integer(id)
        }
        return [
            "type": "BPE", "dropout": nil, "unk_token": nil, "continuing_subword_prefix": nil,
            "end_of_word_suffix": nil, "fuse_unk": false, "byte_fallback": false,
            "ignore_merges": .bool(pretokenizer.ignoresMerges), "vocab": .object(vocabulary),
            "merges": .array(metadata.merges.map(JSONValue.string)),
        ]
    }

    /// `<0x0A>` in the byte-level alphabet, unless that character is a token already.
    private func byteToken(_ token: String) -> String {
        guard token.hasPrefix("<0x"), token.hasSuffix(">"), token.count == 6,
            let byte = UInt8(token.dropFirst(3).dropLast(), radix: 16)
        else { return token }
        let text = ByteLevelAlphabet.text(of: [byte])
        return positions[text] == nil ? text : token
    }

    private var postProcessor: JSONValue {
        guard addsBeginningOfSequence, let id = metadata.beginningOfSequenceID else {
            return ["type": "ByteLevel", "add_prefix_space": true, "trim_offsets": false, "use_regex": true]
        }
        let name = metadata.tokens[id]
        func item(_ kind: String, _ id: String, _ type: Int) -> JSONValue {
            let reference: JSONValue = ["id": .string(id), "type_id": .integer(type)]
            return .object(JSONObject([(kind, reference)]))
        }
        let entry: JSONValue = [
            "id": .string(name), "ids": .array([.integer(id)]), "tokens": .array([.string(name)]),
        ]
        return [
            "type": "TemplateProcessing",
            "single": .array([item("SpecialToken", name, 0), item("Sequence", "A", 0)]),
            "pair": .array([
                item("SpecialToken", name, 0), item("Sequence", "A", 0), item("SpecialToken", name, 1),
                item("Sequence", "B", 1),
            ]),
            "special_tokens": .object(JSONObject([(name, entry)])),
        ]
    }

    private var addsBeginningOfSequence: Bool {
        metadata.addsBeginningOfSequence ?? pretokenizer.addsBeginningOfSequence
    }

    // MARK: tokenizer_config.json

    var configuration: JSONValue {
        var decoder = JSONObject()
        for token in addedTokens {
            guard case .object(var fields) = token, let id = fields["id"]?.integer else { continue }
            fields["id"] = nil
            decoder[String(id)] = .object(fields)
        }
        var object = JSONObject([
            ("add_bos_token", .bool(addsBeginningOfSequence)), ("add_prefix_space", false),
            ("added_tokens_decoder", .object(decoder)),
        ])
        let names = [
            ("bos_token", metadata.beginningOfSequenceID), ("eos_token", metadata.endOfSequenceID),
            ("unk_token", metadata.unknownID), ("pad_token", metadata.paddingID),
        ]
        for (name, id) in names where id != nil { object[name] = token(id) }
        object["clean_up_tokenization_spaces"] = false
        object["tokenizer_class"] = "PreTrainedTokenizerFast"
        if let template = metadata.chatTemplate { object["chat_template"] = .string(template) }
        return .object(object)
    }
}
