import Locking

/// Remembers the tokens of pretokens met before: most text is made of few words.
///
/// A table of fixed size in which a newcomer replaces the entry in its way; when the stored bytes reach their limit,
/// it starts afresh.
struct PretokenCache: Sendable {
    static let longestKey = 64
    private static let slotCount = 1 << 14
    private static let storageLimit = 1 << 20

    private struct Slot {
        var hash: UInt64 = 0
        var keyStart: UInt32 = 0
        var tokenStart: UInt32 = 0
        var keyCount: UInt8 = 0
        var tokenCount: UInt8 = 0
    }

    private var slots: [Slot] = []
    private var keys: [UInt8] = []
    private var tokens: [Int32] = []

    /// Appends the tokens of `key` to `output` if they are known.
    @inline(__always)
    func append(_ key: UnsafeBufferPointer<UInt8>, hash: UInt64, to output: inout [Int32]) -> Bool {
        guard !slots.isEmpty else { return false }
        let slot = slots[Int(truncatingIfNeeded: hash) & (Self.slotCount - 1)]
        guard slot.hash == hash, Int(slot.keyCount) == key.count, key.count > 0 else { return false }
        let start = Int(slot.keyStart)
        for position in 0..<key.count where keys[start + position] != key[position] { return false }
        let first = Int(slot.tokenStart)
        for position in first..<first + Int(slot.tokenCount) { output.append(tokens[position]) }
        return true
    }

    /// Notes the tokens of `key`, which is at most `longestKey` bytes.
    mutating func insert(_ key: UnsafeBufferPointer<UInt8>, hash: UInt64, _ ids: ArraySlice<Int32>) {
        guard key.count <= Self.longestKey, ids.count <= key.count else { return }
        if slots.isEmpty || keys.count > Self.storageLimit {
            slots = [Slot](repeating: Slot(), count: Self.slotCount)
            keys.removeAll(keepingCapacity: true)
            tokens.removeAll(keepingCapacity: true)
        }
        slots[Int(truncatingIfNeeded: hash) & (Self.slotCount - 1)] = Slot(
            hash: hash, keyStart: UInt32(keys.count), tokenStart: UInt32(tokens.count), keyCount: UInt8(key.count),
            tokenCount: UInt8(ids.count))
        keys.append(contentsOf: key)
        tokens.append(contentsOf: ids)
    }
}

/// What one run of encoding works with, kept for the next run.
struct EncodingScratch: Sendable {
    var cache = PretokenCache()
    var merger = BytePairMerger()
}

/// Lends scratch space to concurrent runs of encoding, so that none waits for another.
final class EncodingScratchPool: Sendable {
    private static let limit = 4
    private let idle = Locked<[EncodingScratch]>([])

    func withScratch(_ body: (inout EncodingScratch) -> Void) {
        var scratch = idle.withLock { $0.popLast() } ?? EncodingScratch()
        body(&scratch)
        let returned = consume scratch
        idle.withLock { idle in
            if idle.count < Self.limit { idle.append(returned) }
        }
    }
}
