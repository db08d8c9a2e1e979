/// The tokens of a model by id, with an index from their bytes back to the id.
///
/// All bytes lie in one array and the index is an open-addressing table over slices of it: no `String` is made, which
/// is most of what loading a vocabulary would otherwise cost.
struct Vocabulary: Sendable {
    /// No published vocabulary comes near; the limit keeps a damaged file from asking for gigabytes.
    static let maximumID = 1 << 22

    private struct Slice {
        var start: UInt32 = 0
        var count: Int32 = -1
    }

    private var blob: [UInt8] = []
    private var slices: [Slice] = []
    /// Hash in the high half, id + 1 in the low half, 0 where free; the length is a power of two.
    private var index: [UInt64] = []
    /// Entries that are not written in the byte-level alphabet, by their text; the index does not hold them.
    private var verbatim: [String: Int32] = [:]
    /// The bytes of the longest indexed token.
    private(set) var longestToken = 0

    /// Highest id + 1.
    var count: Int { slices.count }

    mutating func reserveCapacity(tokens: Int, bytes: Int) {
        slices.reserveCapacity(tokens)
        blob.reserveCapacity(bytes)
    }

    /// Adds a token by its raw bytes.
    mutating func add(bytes: UnsafeBufferPointer<UInt8>, id: Int) throws(TokenizerError) {
        let start = blob.count
        blob.append(contentsOf: bytes)
        try place(start: start, id: id)
    }

    /// Adds a token as `tokenizer.json` writes it: in the byte-level alphabet, or verbatim when it leaves that alphabet.
    mutating func add(entry: UnsafeBufferPointer<UInt8>, id: Int) throws(TokenizerError) {
        let start = blob.count
        if ByteLevelAlphabet.appendBytes(of: entry, to: &blob) {
            try place(start: start, id: id)
        } else {
            guard let text = String(validating: entry, as: UTF8.self) else {
                throw .malformed(field: "model.vocab", expected: "UTF-8", found: "other bytes in token \(id)")
            }
            try addVerbatim(text, id: id)
        }
    }

    /// Adds a token whose text stands for itself and is never the result of merging.
    mutating func addVerbatim(_ text: String, id: Int) throws(TokenizerError) {
        let start = blob.count
        blob.append(contentsOf: text.utf8)
        try place(start: start, id: id)
        if let other = verbatim.updateValue(Int32(id), forKey: text), other != Int32(id) {
            throw .duplicateToken(text, first: Int(other), second: id)
        }
    }

    /// Replaces the bytes of a token that is also an added token: those are written as plain text.
    mutating func setVerbatim(_ text: String, id: Int32) {
        slices[Int(id)] = Slice(start: UInt32(blob.count), count: Int32(text.utf8.count))
        blob.append(contentsOf: text.utf8)
    }

    private mutating func place(start: Int, id: Int) throws(TokenizerError) {
        let count = blob.count - start
        guard id >= 0, id <= Self.maximumID, blob.count <= Int(Int32.max) else {
            throw .idOutOfRange(token: String(decoding: blob[start...], as: UTF8.self), id: id, maximum: Self.maximumID)
        }
        if id >= slices.count {
            if id == slices.count {
                slices.append(Slice())
            } else {
                slices.append(contentsOf: repeatElement(Slice(), count: id + 1 - slices.count))
            }
        }
        guard slices[id].count < 0 else {
            let first = String(decoding: bytes(of: Int32(id)) ?? [], as: UTF8.self)
            throw .duplicateID(id, first: first, second: String(decoding: blob[start...], as: UTF8.self))
        }
        slices[id] = Slice(start: UInt32(start), count: Int32(count))
    }

    // MARK: Looking up

    /// The raw bytes of a token.
    func bytes(of id: Int32) -> ArraySlice<UInt8>? {
        guard id >= 0, id < slices.count, slices[Int(id)].count >= 0 else { return nil }
        let slice = slices[Int(id)]
        return blob[Int(slice.start)..<Int(slice.start) + Int(slice.count)]
    }

    /// The token written verbatim in the vocabulary.
    func id(verbatim text: String) -> Int32? { verbatim[text] }

    /// The token that `tokenizer.json` writes like this.
    func id(entry text: String) -> Int32? {
        var bytes: [UInt8] = []
        var text = text
        guard text.withUTF8({ ByteLevelAlphabet.appendBytes(of: $0, to: &bytes) }) else { return verbatim[text] }
        return bytes.withUnsafeBufferPointer { id(of: $0) }
    }

    /// The token with exactly these bytes; needs `buildIndex` to have run.
    @inline(__always)
    func id(of bytes: UnsafeBufferPointer<UInt8>) -> Int32? {
        guard bytes.count <= longestToken, !index.isEmpty else { return nil }
        return id(of: bytes, hash: hashBytes(bytes))
    }

    private func id(of bytes: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int32? {
        let mask = index.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while index[slot] != 0 {
            if index[slot] >> 32 == hash >> 32 {
                let id = Int32(truncatingIfNeeded: index[slot] & 0xFFFF_FFFF) - 1
                if isToken(id, equalTo: bytes) { return id }
            }
            slot = (slot + 1) & mask
        }
        return nil
    }

    private func isToken(_ id: Int32, equalTo bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let slice = slices[Int(id)]
        guard Int(slice.count) == bytes.count else { return false }
        let start = Int(slice.start)
        for position in 0..<bytes.count where blob[start + position] != bytes[position] { return false }
        return true
    }

    /// Indexes every token added so far, except the verbatim ones.
    mutating func buildIndex() throws(TokenizerError) {
        var capacity = 16
        while capacity < slices.count * 2 { capacity *= 2 }
        index = [UInt64](repeating: 0, count: capacity)
        let skipped = Set(verbatim.values)
        for id in slices.indices where slices[id].count >= 0 {
            if !skipped.isEmpty, skipped.contains(Int32(id)) { continue }
            if let other = insert(Int32(id)) {
                let text = ByteLevelAlphabet.text(of: bytes(of: Int32(id)) ?? [])
                throw .duplicateToken(text, first: Int(other), second: id)
            }
        }
    }

    /// - Returns: the id that already has the same bytes, if any; nothing is inserted then.
    private mutating func insert(_ id: Int32) -> Int32? {
        let slice = slices[Int(id)]
        let range = Int(slice.start)..<Int(slice.start) + Int(slice.count)
        let (hash, existing) = blob.withUnsafeBufferPointer { blob in
            let bytes = UnsafeBufferPointer(rebasing: blob[range])
            let hash = hashBytes(bytes)
            return (hash, self.id(of: bytes, hash: hash))
        }
        if let existing { return existing }
        longestToken = max(longestToken, range.count)
        let mask = index.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while index[slot] != 0 { slot = (slot + 1) & mask }
        index[slot] = (hash & ~0xFFFF_FFFF) | UInt64(UInt32(bitPattern: id) + 1)
        return nil
    }
}
