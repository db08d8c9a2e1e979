/// A tokenizer's added tokens, ready to be looked up by id, by text and in a text.
struct AddedTokens: Sendable {
    let byID: [Int32: AddedToken]
    let byContent: [String: Int32]
    let specialIDs: Set<Int32>
    /// Those looked for in the original text.
    let original: AddedTokenFinder
    /// Those looked for in the normalised text, themselves normalised.
    let normalized: AddedTokenFinder

    init(_ tokens: [AddedToken], normalizers: [TextNormalizer]) {
        byID = Dictionary(tokens.map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
        byContent = Dictionary(tokens.map { ($0.content, $0.id) }, uniquingKeysWith: { _, last in last })
        specialIDs = Set(tokens.filter(\.isSpecial).map(\.id))
        original = AddedTokenFinder(tokens.filter { !$0.isNormalized })
        normalized = AddedTokenFinder(tokens.filter(\.isNormalized)) { token in
            normalizers.reduce(token.content) { $1.normalize($0) }
        }
    }
}

/// The special tokens that a post-processor puts around one sequence.
struct SpecialTokenAffixes: Sendable, Equatable {
    var prefix: [Int32] = []
    var suffix: [Int32] = []
}
