/// A byte-pair model: which bytes are which tokens, and which neighbours merge first.
struct BytePairModel: Sendable {
    /// Where the rank of a merge comes from.
    enum Ranking: Sendable {
        /// A list of merges (`tokenizer.json`).
        case merges(MergeTable)
        /// The id of the joined bytes is the rank (a tiktoken rank file).
        case ranks
    }

    var vocabulary: Vocabulary
    let ranking: Ranking
    /// The token of each single byte, -1 where the vocabulary lacks it.
    let byteTokens: [Int32]
    /// Whether a pretoken that is itself a token is taken whole, without merging (`ignore_merges`, and tiktoken).
    let takesWholePretokens: Bool
    /// What stands for a byte that the vocabulary lacks; nil drops the byte.
    let unknownToken: Int32?
    /// Whether a run of unknown bytes becomes one unknown token.
    let fusesUnknown: Bool

    init(
        vocabulary: Vocabulary, ranking: Ranking, takesWholePretokens: Bool, unknownToken: Int32? = nil,
        fusesUnknown: Bool = false
    ) {
        self.vocabulary = vocabulary
        self.ranking = ranking
        self.takesWholePretokens = takesWholePretokens
        self.unknownToken = unknownToken
        self.fusesUnknown = fusesUnknown
        byteTokens = (0...255).map { (byte: UInt8) in
            withUnsafePointer(to: byte) { vocabulary.id(of: UnsafeBufferPointer(start: $0, count: 1)) } ?? -1
        }
    }

    /// The merge of two adjacent tokens; `bytes` are those of both together.
    @inline(__always)
    func merge(_ left: Int32, _ right: Int32, _ bytes: UnsafeBufferPointer<UInt8>) -> MergeTable.Merge? {
        switch ranking {
        case .merges(let table):
            table.merge(left, right)
        case .ranks:
            vocabulary.id(of: bytes).map { MergeTable.Merge(rank: UInt32(bitPattern: $0), id: $0) }
        }
    }
}
