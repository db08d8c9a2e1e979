/// The tokens with a duty, from the tokenizer's metadata of a GGUF file.
public struct GGUFSpecialTokens: Sendable, Equatable {
    /// Begins a text.
    public var begin: Int?
    /// Ends a text or, in chat models, a turn.
    public var end: Int?
    /// Fills up a batch.
    public var padding: Int?
    /// All tokens that end a reply, `end` first.
    public var stops: [Int]

    /// Names under which chat models end a turn or a text; a file's `eos_token_id` is one of them, and the others end a
    /// reply just as well.
    private static let stopNames: Set<String> = [
        "<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>", "<|end_of_turn|>",
        "<end_of_turn>", "<|end|>", "</s>",
    ]
    /// Token types of tokens that no text is split into: control and user-defined.
    private static let specialTypes: Set<Int> = [3, 4]

    /// Reads `tokenizer.ggml.*`; a file without a tokenizer gives no tokens.
    public init(_ metadata: GGUFMetadata) throws(GGUFError) {
        let tokens = try metadata.strings("tokenizer.ggml.tokens") ?? []
        let types = try metadata.integers("tokenizer.ggml.token_type") ?? []
        func identifier(_ name: String) throws(GGUFError) -> Int? {
            let key = "tokenizer.ggml.\(name)_token_id"
            guard let id = try metadata.integer(key), id >= 0, id != Int(UInt32.max) else { return nil }
            guard tokens.isEmpty || id < tokens.count else {
                throw .invalid("'\(key)' is \(id), but there are \(tokens.count) tokens")
            }
            return id
        }
        begin = try identifier("bos")
        end = try identifier("eos")
        padding = try identifier("padding")
        stops = []
        for id in [end, try identifier("eot"), try identifier("eom")] {
            if let id, !stops.contains(id) { stops.append(id) }
        }
        for (id, type) in types.enumerated()
        where Self.specialTypes.contains(type) && id < tokens.count && Self.stopNames.contains(tokens[id]) {
            if !stops.contains(id) { stops.append(id) }
        }
    }
}
