import Compute

/// The states of finished sequences, for prompts that begin with the same tokens.
///
/// States share their pages with each other and with running sequences, and are given up least recently used first.
struct PrefixCache {
    private struct Entry {
        let tokens: [Int32]
        let salt: String?
        let state: SequenceState
        var lastUse: Int
    }

    private var entries: [Entry] = []
    private var clock = 0
    private let layout: StateLayout
    private static let entryLimit = 512

    init(layout: StateLayout) { self.layout = layout }

    var isEmpty: Bool { entries.isEmpty }

    /// The longest kept beginning of `tokens`, as a state to go on from, and its length.
    ///
    /// - Parameters:
    ///   - limit: the most positions that are of use.
    ///   - live: states of running sequences that may be shared as well.
    mutating func longestPrefix(
        of tokens: [Int32], limit: Int, salt: String?, live: [(tokens: [Int32], salt: String?, state: SequenceState)]
    ) -> SequenceState? {
        var best: (length: Int, state: SequenceState, entry: Int?)?
        func consider(_ candidate: [Int32], _ state: SequenceState, _ entry: Int?) {
            let length = reusableLength(of: state, common: Self.commonPrefix(tokens, candidate, limit: limit))
            if length > (best?.length ?? 0) { best = (length, state, entry) }
        }
        for (index, entry) in entries.enumerated() where entry.salt == salt {
            consider(entry.tokens, entry.state, index)
        }
        for sequence in live where sequence.salt == salt { consider(sequence.tokens, sequence.state, nil) }
        guard let best else { return nil }
        if let entry = best.entry {
            clock += 1
            entries[entry].lastUse = clock
        }
        return best.state.fork(at: best.length)
    }

    /// Keeps the state of a sequence that has come to its end; shorter states of the same sequence are dropped.
    mutating func insert(_ state: SequenceState, tokens: [Int32], salt: String?) {
        let tokens = Array(tokens.prefix(state.length))
        guard !tokens.isEmpty else { return }
        if layout.isTokenGranular {
            entries.removeAll { entry in
                entry.salt == salt
                    && Self.commonPrefix(entry.tokens, tokens, limit: entry.tokens.count) == entry.tokens.count
            }
        }
        if entries.count >= Self.entryLimit { _ = evict() }
        clock += 1
        entries.append(Entry(tokens: tokens, salt: salt, state: state, lastUse: clock))
    }

    /// Gives up the state that was not used for longest; false when there is none.
    mutating func evict() -> Bool {
        guard let oldest = entries.indices.min(by: { entries[$0].lastUse < entries[$1].lastUse }) else { return false }
        entries.remove(at: oldest)
        return true
    }

    /// Attention can be cut at any token; recurrent state only where it stands.
    private func reusableLength(of state: SequenceState, common: Int) -> Int {
        let length = min(common, state.length)
        return layout.isTokenGranular || length == state.length ? length : 0
    }

    private static func commonPrefix(_ left: [Int32], _ right: [Int32], limit: Int) -> Int {
        let count = min(left.count, right.count, limit)
        return left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                var index = 0
                while index < count, left[index] == right[index] { index += 1 }
                return index
            }
        }
    }
}
