import JSON

/// Everything a tokenizer consists of, read from whatever kind of file.
struct TokenizerDefinition {
    var model: BytePairModel
    var normalizers: [TextNormalizer] = []
    var pretokenizer: Pretokenizer
    var addedTokens: AddedTokens
    var affixes = SpecialTokenAffixes()
    var configuration = TokenizerConfiguration()
}

extension TokenizerDefinition {
    /// Reads `tokenizer.json`.
    ///
    /// - Parameter entries: the vocabulary and merges where they have been read already; nil reads them from `json`.
    init(json: JSONValue, entries: ModelEntries?, configuration: JSONValue?) throws(TokenizerError) {
        let root = JSONField(path: "", value: json)
        _ = try root.object()
        let modelField = try root.required("model", "the byte-pair model")
        try Self.checkModelKind(modelField)
        let entries = if let entries { entries } else { try ModelEntries(modelField) }
        try self.init(root: root, modelField: modelField, entries: entries)
        self.configuration = try TokenizerConfiguration(configuration)
    }

    private init(root: JSONField, modelField: JSONField, entries: ModelEntries) throws(TokenizerError) {
        let normalizers = try root["normalizer"].map { (field) throws(TokenizerError) in try Self.normalizers(field) }
        self.normalizers = normalizers ?? []
        pretokenizer = try Self.pretokenizer(root)
        try Self.checkDecoder(root["decoder"])
        var vocabulary = entries.vocabulary
        let tokens = try Self.addedTokens(root["added_tokens"], &vocabulary)
        addedTokens = AddedTokens(tokens, normalizers: self.normalizers)
        var unknown: Int32?
        if let field = modelField["unk_token"], try !field.string().isEmpty {
            let name = try field.string()
            unknown = addedTokens.byContent[name] ?? vocabulary.id(entry: name)
            guard unknown != nil else { throw field.mismatch("a token of the vocabulary") }
        }
        model = BytePairModel(
            vocabulary: vocabulary, ranking: .merges(entries.merges),
            takesWholePretokens: try modelField.flag("ignore_merges", false), unknownToken: unknown,
            fusesUnknown: try modelField.flag("fuse_unk", false))
        affixes = try Self.affixes(root["post_processor"])
        let ids = affixes.prefix + affixes.suffix
        if let id = ids.first(where: { vocabulary.bytes(of: $0) == nil }) {
            throw .malformed(field: "post_processor", expected: "ids of the vocabulary", found: "\(id)")
        }
    }

    private static func checkModelKind(_ model: JSONField) throws(TokenizerError) {
        // Files older than the field are all BPE when they have merges.
        let kind = try model["type"]?.string() ?? (model["merges"] == nil ? "unnamed" : "BPE")
        guard kind == "BPE" else { throw .unsupported(component: "model", found: kind, supported: ["BPE"]) }
        for option in ["continuing_subword_prefix", "end_of_word_suffix"] {
            guard let affix = try model[option]?.string(), !affix.isEmpty else { continue }
            throw .unsupported(component: "model.\(option)", found: affix, supported: ["null"])
        }
        if let dropout = model["dropout"], dropout.value.double != 0 {
            throw .unsupported(component: "model.dropout", found: dropout.value.text(), supported: ["null"])
        }
    }

    /// Reads the added tokens and gives those outside the model's vocabulary a place in it.
    private static func addedTokens(
        _ field: JSONField?, _ vocabulary: inout Vocabulary
    ) throws(TokenizerError) -> [AddedToken] {
        guard let field else { return [] }
        var tokens: [AddedToken] = []
        for element in try field.elements() {
            let content = try element.required("content", "the token's text").string()
            let written = try element.required("id", "the token's id").integer()
            let isSpecial = try element.flag("special", false)
            // The library goes by the vocabulary when both name an id, and so must we.
            let known = vocabulary.id(entry: content)
            let id = known.map(Int.init) ?? written
            if known == nil {
                try vocabulary.addVerbatim(content, id: id)
            } else {
                vocabulary.setVerbatim(content, id: Int32(id))
            }
            tokens.append(
                AddedToken(
                    id: Int32(id), content: content, isSpecial: isSpecial,
                    isNormalized: try element.flag("normalized", !isSpecial),
                    stripsLeft: try element.flag("lstrip", false), stripsRight: try element.flag("rstrip", false),
                    isSingleWord: try element.flag("single_word", false)))
        }
        return tokens
    }
}
