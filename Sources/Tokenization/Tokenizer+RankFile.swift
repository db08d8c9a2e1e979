import Foundation

extension Tokenizer {
    /// A tokenizer from a tiktoken rank file, which has no list of merges: of two neighbours, those merge first whose
    /// joined bytes have the lowest rank, and a pretoken that is itself a token is taken whole.
    ///
    /// Where a checkpoint has a `tokenizer.json`, prefer it: for a few tokens in a thousand the two differ.
    ///
    /// - Parameters:
    ///   - ranks: The file: lines of `base64 rank`.
    ///   - pattern: The regular expression whose matches are the pretokens.
    ///   - specialTokens: Special tokens with their ids, outside the ranks.
    ///   - normalizer: The Unicode normal form applied first.
    ///   - endOfSequenceToken: Which special token ends a reply.
    /// - Throws: `TokenizerError`.
    public init(
        tiktoken ranks: Data, pattern: String, specialTokens: [String: Int32], normalizer: TextNormalizer? = nil,
        endOfSequenceToken: String? = nil
    ) throws {
        var vocabulary = try ranks.withUnsafeBytes { try RankFile.vocabulary($0.bindMemory(to: UInt8.self)) }
        var added: [AddedToken] = []
        for (content, id) in specialTokens.sorted(by: { $0.value < $1.value }) {
            try vocabulary.addVerbatim(content, id: Int(id))
            added.append(AddedToken(id: id, content: content))
        }
        let normalizers = normalizer.map { [$0] } ?? []
        var definition = TokenizerDefinition(
            model: BytePairModel(vocabulary: vocabulary, ranking: .ranks, takesWholePretokens: true),
            normalizers: normalizers,
            pretokenizer: Pretokenizer(steps: [.split(try RegexProgram(pattern: pattern), .isolated, inverts: false)]),
            addedTokens: AddedTokens(added, normalizers: normalizers))
        definition.configuration.endOfSequenceToken = endOfSequenceToken
        self.init(definition)
    }
}
