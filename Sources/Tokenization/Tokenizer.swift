/// Turns text into a model's token ids and back: byte-level byte-pair encoding as Hugging Face's `tokenizer.json`
/// describes it, or from a tiktoken rank file.
///
/// Decoding gives the encoded text back, in the tokenizer's Unicode normal form where it has one. (A byte that the
/// vocabulary lacks is dropped, as the Hugging Face library does: SmolLM2 lacks six control characters.)
/// Copies share their tables, and all methods may be called from several threads.
public struct Tokenizer: Sendable {
    let model: BytePairModel
    let normalizers: [TextNormalizer]
    let pretokenizer: Pretokenizer
    let addedTokens: AddedTokens
    let affixes: SpecialTokenAffixes
    private let scratch = EncodingScratchPool()

    /// The text of the token that ends a reply, from `tokenizer_config.json`.
    public let endOfSequenceToken: String?
    /// The text of the token that begins a sequence, from `tokenizer_config.json`.
    public let beginningOfSequenceToken: String?
    /// The text of the token that fills batches up, from `tokenizer_config.json`.
    public let paddingToken: String?

    init(_ definition: TokenizerDefinition) {
        model = definition.model
        normalizers = definition.normalizers
        pretokenizer = definition.pretokenizer
        addedTokens = definition.addedTokens
        affixes = definition.affixes
        endOfSequenceToken = definition.configuration.endOfSequenceToken
        beginningOfSequenceToken = definition.configuration.beginningOfSequenceToken
        paddingToken = definition.configuration.paddingToken
    }

    // MARK: Encoding

    /// The ids of a text, with nothing added before or after it.
    ///
    /// - Parameter parsesSpecialTokens: whether the text of a special token stands for that token. Pass false for text
    ///   from outside, so that nobody can write a turn boundary into it.
    public func encode(_ text: String, parsesSpecialTokens: Bool = true) -> [Int32] {
        var text = text
        var output: [Int32] = []
        text.withUTF8 { bytes in
            output.reserveCapacity(bytes.count / 3 + 4)
            scratch.withScratch { encode(bytes, parsesSpecialTokens, &$0, &output) }
        }
        return output
    }

    /// The ids of a text, with the special tokens that the tokenizer's post-processor adds around one sequence (such as
    /// a beginning-of-sequence token) when `addsSpecialTokens` is true.
    public func encode(_ text: String, addsSpecialTokens: Bool) -> [Int32] {
        let ids = encode(text)
        return addsSpecialTokens ? affixes.prefix + ids + affixes.suffix : ids
    }

    private func encode(
        _ text: UnsafeBufferPointer<UInt8>, _ parsesSpecial: Bool, _ scratch: inout EncodingScratch,
        _ output: inout [Int32]
    ) {
        addedTokens.original.split(
            text, includesSpecial: parsesSpecial,
            plain: { encodeOriginal($0, parsesSpecial, &scratch, &output) },
            found: { output.append($0.id) })
    }

    private func encodeOriginal(
        _ text: UnsafeBufferPointer<UInt8>, _ parsesSpecial: Bool, _ scratch: inout EncodingScratch,
        _ output: inout [Int32]
    ) {
        guard !normalizers.isEmpty else { return encodeNormalized(text, parsesSpecial, &scratch, &output) }
        var normalized = normalizers.reduce(String(decoding: text, as: UTF8.self)) { $1.normalize($0) }
        normalized.withUTF8 { encodeNormalized($0, parsesSpecial, &scratch, &output) }
    }

    private func encodeNormalized(
        _ text: UnsafeBufferPointer<UInt8>, _ parsesSpecial: Bool, _ scratch: inout EncodingScratch,
        _ output: inout [Int32]
    ) {
        guard !addedTokens.normalized.isEmpty else { return encodePlain(text, &scratch, &output) }
        addedTokens.normalized.split(
            text, includesSpecial: parsesSpecial,
            plain: { encodePlain($0, &scratch, &output) },
            found: { output.append($0.id) })
    }

    private func encodePlain(
        _ text: UnsafeBufferPointer<UInt8>, _ scratch: inout EncodingScratch, _ output: inout [Int32]
    ) {
        pretokenizer.forEachPretoken(of: text) { encodePretoken($0, &scratch, &output) }
    }

    @inline(__always)
    private func encodePretoken(
        _ pretoken: UnsafeBufferPointer<UInt8>, _ scratch: inout EncodingScratch, _ output: inout [Int32]
    ) {
        guard pretoken.count <= PretokenCache.longestKey else {
            return encodeAfresh(pretoken, &scratch.merger, &output)
        }
        let hash = hashBytes(pretoken)
        if scratch.cache.append(pretoken, hash: hash, to: &output) { return }
        let start = output.count
        encodeAfresh(pretoken, &scratch.merger, &output)
        scratch.cache.insert(pretoken, hash: hash, output[start...])
    }

    private func encodeAfresh(
        _ pretoken: UnsafeBufferPointer<UInt8>, _ merger: inout BytePairMerger, _ output: inout [Int32]
    ) {
        if model.takesWholePretokens, let id = model.vocabulary.id(of: pretoken), !isSpecial(id) {
            output.append(id)
        } else {
            merger.encode(pretoken, with: model, into: &output)
        }
    }

    // MARK: Decoding

    /// The text of these ids; bytes that are not UTF-8 become U+FFFD, and unknown ids nothing.
    ///
    /// - Parameter skipsSpecialTokens: whether special tokens are left out.
    public func decode(_ ids: some Sequence<Int32>, skipsSpecialTokens: Bool = false) -> String {
        var bytes: [UInt8] = []
        for id in ids where !(skipsSpecialTokens && isSpecial(id)) {
            if let token = model.vocabulary.bytes(of: id) { bytes.append(contentsOf: token) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Tokens

    /// The raw bytes of a token, perhaps only part of a character; nil for an id that is not in use.
    public func bytes(of id: Int32) -> [UInt8]? { model.vocabulary.bytes(of: id).map(Array.init) }

    /// The token as the vocabulary writes it: in the byte-level alphabet (`Ġhello`), added tokens as they are.
    public func token(of id: Int32) -> String? {
        if let token = addedTokens.byID[id] { return token.content }
        guard let bytes = model.vocabulary.bytes(of: id) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return model.vocabulary.id(verbatim: text) == id ? text : ByteLevelAlphabet.text(of: bytes)
    }

    /// The id of a token, written as `token(of:)` writes it.
    public func id(of token: String) -> Int32? {
        if let id = addedTokens.byContent[token] { return id }
        return model.vocabulary.id(entry: token)
    }

    /// Whether the id is a special token: one that controls the model and is not part of the text.
    public func isSpecial(_ id: Int32) -> Bool { addedTokens.specialIDs.contains(id) }

    /// The added tokens, special and other, by id.
    public var allAddedTokens: [AddedToken] { addedTokens.byID.values.sorted { $0.id < $1.id } }

    /// Highest id + 1. A model may have more rows than that, which are padding and must not be sampled.
    public var vocabularySize: Int { model.vocabulary.count }

    /// The id of `endOfSequenceToken`.
    public var endOfSequenceID: Int32? { endOfSequenceToken.flatMap(id(of:)) }

    /// The id of `beginningOfSequenceToken`.
    public var beginningOfSequenceID: Int32? { beginningOfSequenceToken.flatMap(id(of:)) }
}
