/// What two adjacent tokens become, and how early: the learned part of byte-pair encoding.
///
/// An open-addressing table keyed by the pair of ids.
struct MergeTable: Sendable {
    /// A possible merge; the lowest rank goes first.
    struct Merge: Equatable {
        var rank: UInt32
        var id: Int32
    }

    private struct Entry {
        var pair: UInt64 = .max
        var merge = Merge(rank: 0, id: 0)
    }

    private var entries: [Entry]
    private var count = 0

    /// An empty table with room for that many merges; it grows when there are more.
    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        entries = [Entry](repeating: Entry(), count: size)
    }

    /// Adds a merge; a pair that is listed twice keeps its last rank, as in the Hugging Face library.
    mutating func add(_ left: Int32, _ right: Int32, _ merge: Merge) {
        if count * 2 >= entries.count { grow() }
        let key = Self.key(left, right)
        let slot = slot(of: key)
        if entries[slot].pair == .max { count += 1 }
        entries[slot] = Entry(pair: key, merge: merge)
    }

    private mutating func grow() {
        let old = entries
        entries = [Entry](repeating: Entry(), count: old.count * 2)
        for entry in old where entry.pair != .max { entries[slot(of: entry.pair)] = entry }
    }

    /// The merge of two adjacent tokens, if they have one.
    @inline(__always)
    func merge(_ left: Int32, _ right: Int32) -> Merge? {
        let entry = entries[slot(of: Self.key(left, right))]
        return entry.pair == .max ? nil : entry.merge
    }

    /// The slot that holds this pair, or the free one where it would go.
    @inline(__always)
    private func slot(of key: UInt64) -> Int {
        let mask = entries.count - 1
        var slot = Int(truncatingIfNeeded: hashPair(key)) & mask
        while entries[slot].pair != key, entries[slot].pair != .max { slot = (slot + 1) & mask }
        return slot
    }

    @inline(__always)
    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }
}
