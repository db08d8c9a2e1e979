import JSON

/// What `tokenizer_config.json` says about a tokenizer's special tokens.
struct TokenizerConfiguration: Sendable, Equatable {
    var endOfSequenceToken: String?
    var beginningOfSequenceToken: String?
    var paddingToken: String?

    init() {}

    init(_ json: JSONValue?) throws(TokenizerError) {
        guard let json else { return }
        let root = JSONField(path: "", value: json)
        _ = try root.object()
        endOfSequenceToken = try Self.token(root["eos_token"])
        beginningOfSequenceToken = try Self.token(root["bos_token"])
        paddingToken = try Self.token(root["pad_token"])
    }

    /// A token, written as its text or as an object with `content`.
    private static func token(_ field: JSONField?) throws(TokenizerError) -> String? {
        guard let field else { return nil }
        if let text = field.value.string { return text }
        guard let content = field["content"] else { throw field.mismatch("a string, or an object with content") }
        return try content.string()
    }
}
