/// What a GGUF file says about its tokenizer: the keys `tokenizer.ggml.*` and `tokenizer.chat_template`.
public struct GGUFTokenizerMetadata: Sendable, Equatable {
    /// `tokenizer.ggml.model`; `gpt2` is byte-level BPE, the one kind that is supported.
    public var model: String
    /// `tokenizer.ggml.pre`: which pretokenizer, by llama.cpp's name for it; `default` when the key is absent.
    public var pretokenizer: String
    /// `tokenizer.ggml.tokens`, in the byte-level alphabet; the position is the id.
    public var tokens: [String]
    /// `tokenizer.ggml.token_type`, one for each token (1 normal, 2 unknown, 3 control, 4 user defined, 5 unused,
    /// 6 byte); may be empty, when all are normal.
    public var tokenTypes: [Int]
    /// `tokenizer.ggml.merges`: `left right`, the earliest first.
    public var merges: [String]
    /// `tokenizer.ggml.bos_token_id`
    public var beginningOfSequenceID: Int?
    /// `tokenizer.ggml.eos_token_id`
    public var endOfSequenceID: Int?
    /// `tokenizer.ggml.unknown_token_id`
    public var unknownID: Int?
    /// `tokenizer.ggml.padding_token_id`
    public var paddingID: Int?
    /// `tokenizer.ggml.add_bos_token`; nil when the key is absent.
    public var addsBeginningOfSequence: Bool?
    /// `tokenizer.chat_template`
    public var chatTemplate: String?

    /// Metadata with these values.
    public init(
        model: String = "gpt2", pretokenizer: String, tokens: [String], tokenTypes: [Int], merges: [String],
        beginningOfSequenceID: Int? = nil, endOfSequenceID: Int? = nil, unknownID: Int? = nil, paddingID: Int? = nil,
        addsBeginningOfSequence: Bool? = nil, chatTemplate: String? = nil
    ) {
        self.model = model
        self.pretokenizer = pretokenizer
        self.tokens = tokens
        self.tokenTypes = tokenTypes
        self.merges = merges
        self.beginningOfSequenceID = beginningOfSequenceID
        self.endOfSequenceID = endOfSequenceID
        self.unknownID = unknownID
        self.paddingID = paddingID
        self.addsBeginningOfSequence = addsBeginningOfSequence
        self.chatTemplate = chatTemplate
    }
}
