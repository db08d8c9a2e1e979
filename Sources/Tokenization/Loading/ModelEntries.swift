import JSON

/// The two long parts of a `tokenizer.json`, the vocabulary and the merges over it, as they are read entry by entry.
///
/// First all tokens, then `finishVocabulary`, then the merges in order of rank.
struct ModelEntries {
    private(set) var vocabulary = Vocabulary()
    private(set) var merges = MergeTable(capacity: 0)
    private var mergeCount = 0
    private var joined: [UInt8] = []

    /// Nothing yet.
    init() {}

    mutating func reserveCapacity(tokens: Int, bytes: Int) {
        vocabulary.reserveCapacity(tokens: tokens, bytes: bytes)
    }

    /// Adds a token as the file writes it.
    mutating func addToken(_ entry: UnsafeBufferPointer<UInt8>, id: Int) throws(TokenizerError) {
        try vocabulary.add(entry: entry, id: id)
    }

    /// Makes the tokens findable.
    mutating func finishVocabulary() throws(TokenizerError) {
        try vocabulary.buildIndex()
        // Most tokens are the result of one merge.
        merges = MergeTable(capacity: vocabulary.count)
    }

    /// Adds the next merge, its parts as the file writes them.
    mutating func addMerge(
        _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
    ) throws(TokenizerError) {
        joined.removeAll(keepingCapacity: true)
        let leftID = try find(left, from: 0)
        let rightID = try find(right, from: joined.count)
        guard let merged = joined.withUnsafeBufferPointer({ vocabulary.id(of: $0) }) else {
            throw unknown(left, right)
        }
        merges.add(leftID, rightID, MergeTable.Merge(rank: UInt32(mergeCount), id: merged))
        mergeCount += 1
    }

    private mutating func find(_ part: UnsafeBufferPointer<UInt8>, from start: Int) throws(TokenizerError) -> Int32 {
        guard ByteLevelAlphabet.appendBytes(of: part, to: &joined) else { throw unknown(part) }
        let id = joined.withUnsafeBufferPointer { vocabulary.id(of: UnsafeBufferPointer(rebasing: $0[start...])) }
        guard let id else { throw unknown(part) }
        return id
    }

    private func unknown(_ parts: UnsafeBufferPointer<UInt8>...) -> TokenizerError {
        .unknownTokenInMerge(index: mergeCount, token: String(decoding: parts.joined(), as: UTF8.self))
    }
}

extension ModelEntries {
    /// Reads both from the field `model`.
    init(_ model: JSONField) throws(TokenizerError) {
        let field = try model.required("vocab", "an object of token ids")
        for (token, id) in try field.object() {
            guard let id = id.integer else {
                throw JSONField(path: "\(field.path)['\(token)']", value: id).mismatch("a token id")
            }
            try token.withBytes { (bytes) throws(TokenizerError) in try addToken(bytes, id: id) }
        }
        let elements = try model.required("merges", "an array").elements()
        try finishVocabulary()
        for element in elements {
            let (left, right) = try Self.parts(element)
            try left.withBytes { (left) throws(TokenizerError) in
                try right.withBytes { (right) throws(TokenizerError) in try addMerge(left, right) }
            }
        }
    }

    /// The parts of a merge, written as `"a b"` or `["a", "b"]`.
    private static func parts(_ field: JSONField) throws(TokenizerError) -> (left: String, right: String) {
        if let text = field.value.string {
            let parts = text.utf8.split(separator: 0x20, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw field.mismatch("two tokens with one space between") }
            return (String(Substring(parts[0])), String(Substring(parts[1])))
        }
        let parts = try field.elements()
        guard parts.count == 2 else { throw field.mismatch("two tokens") }
        return (try parts[0].string(), try parts[1].string())
    }
}

extension String {
    /// Runs `body` on the text's UTF-8.
    func withBytes(_ body: (UnsafeBufferPointer<UInt8>) throws(TokenizerError) -> Void) throws(TokenizerError) {
        let bytes = Array(utf8)
        try bytes.withUnsafeBufferPointer(body)
    }
}
