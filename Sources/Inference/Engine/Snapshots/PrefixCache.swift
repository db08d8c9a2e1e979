import Compute

/// The states of earlier sequences, for prompts that begin with the same tokens.
///
/// States share their pages with each other and with running sequences, and are given up least recently used first.
/// Attention can be cut at any token. Recurrent state can be gone on from only where it stands, and takes memory of its
/// own, so it is kept where later prompts are likely to part from this one (see ``TurnBoundaries``).
struct PrefixCache {
    /// Why a state is kept.
    enum Kind: Equatable {
        /// It stands at the end of a reply.
        case finished
        /// At the end of a user's turn: later prompts of the same conversation begin like this.
        case turn
        /// Where conversations part: system prompt and tools.
        case shared
    }

    private struct Entry {
        let tokens: [Int32]
        let salt: String?
        let state: SequenceState
        let kind: Kind
        var lastUse: Int
        var isSaved: Bool
    }

    /// What is known of a prompt's beginning.
    struct Match {
        /// The longest kept beginning, as a state to go on from.
        var state: SequenceState?
        /// How many first tokens some kept sequence shares, whether or not there is a state to go on from.
        var commonLength = 0
    }

    private var entries: [Entry] = []
    private var clock = 0
    private let layout: StateLayout
    private let recurrentLimit: Int
    private static let entryLimit = 512
    /// States of a conversation that are kept whatever lies between them.
    private static let latestKept = 3

    /// - Parameter recurrentMemory: bytes that recurrent state may take.
    init(layout: StateLayout, recurrentMemory: Int = .max) {
        self.layout = layout
        recurrentLimit = layout.recurrentBytes == 0 ? .max : recurrentMemory / layout.recurrentBytes
    }

    var isEmpty: Bool { entries.isEmpty }

    /// The longest kept beginning of `tokens`.
    ///
    /// - Parameters:
    ///   - limit: the most positions that are of use.
    ///   - live: states of running sequences that may be shared as well.
    mutating func longestPrefix(
        of tokens: [Int32], limit: Int, salt: String?, live: [(tokens: [Int32], salt: String?, state: SequenceState)]
    ) -> Match {
        var match = Match()
        var best: (length: Int, state: SequenceState, entry: Int?)?
        var shortest: (length: Int, entry: Int)?
        func consider(_ candidate: [Int32], _ state: SequenceState, _ entry: Int?) {
            let common = Self.commonPrefix(tokens, candidate, limit: limit)
            match.commonLength = max(match.commonLength, min(common, state.length))
            let length = reusableLength(of: state, common: common)
            if length > (best?.length ?? 0) { best = (length, state, entry) }
            if let entry, length > 0, entries[entry].kind == .shared, length < (shortest?.length ?? .max) {
                shortest = (length, entry)
            }
        }
        for (index, entry) in entries.enumerated() where entry.salt == salt {
            consider(entry.tokens, entry.state, index)
        }
        for sequence in live where sequence.salt == salt { consider(sequence.tokens, sequence.state, nil) }
        // What every conversation begins with stays for the next one.
        for entry in [shortest?.entry, best?.entry].compactMap(\.self) { touch(entry) }
        if let best { match.state = best.state.fork(at: best.length) }
        return match
    }

    /// Whether there is a state that stands at the end of exactly these tokens; it counts as used.
    mutating func contains(_ tokens: ArraySlice<Int32>, salt: String?) -> Bool {
        guard let entry = entries.firstIndex(where: { $0.salt == salt && $0.tokens[...] == tokens }) else {
            return false
        }
        touch(entry)
        return true
    }

    /// Keeps the state of a sequence; with attention only, shorter states of the same sequence are dropped.
    mutating func insert(
        _ state: SequenceState, tokens: [Int32], salt: String?, kind: Kind = .finished, isSaved: Bool = false
    ) {
        let tokens = Array(tokens.prefix(state.length))
        guard !tokens.isEmpty, recurrentLimit > 0 else { return }
        if layout.isTokenGranular {
            entries.removeAll { entry in
                entry.salt == salt
                    && Self.commonPrefix(entry.tokens, tokens, limit: entry.tokens.count) == entry.tokens.count
            }
        } else {
            entries.removeAll { $0.salt == salt && $0.tokens == tokens }
            if kind != .shared { thinOut(before: tokens, salt: salt) }
        }
        while entries.count >= min(Self.entryLimit, recurrentLimit) { _ = evict() }
        clock += 1
        entries.append(
            Entry(tokens: tokens, salt: salt, state: state, kind: kind, lastUse: clock, isSaved: isSaved))
    }

    /// Leaves of a conversation that goes on with `tokens` its latest states and ever fewer of those before: who changes
    /// something far back waits at most twice as long as for all that was said since. And it leaves out the states of
    /// replies that the history holds in another form, from which nothing can go on.
    private mutating func thinOut(before tokens: [Int32], salt: String?) {
        let own = entries.indices.filter { entries[$0].salt == salt && entries[$0].kind != .shared }
        let kept = own.filter { tokens.starts(with: entries[$0].tokens) }
            .sorted { entries[$0].tokens.count > entries[$1].tokens.count }
        var dropped: Set<Int> = []
        var newer = 0
        for (rank, entry) in kept.enumerated() {
            let older = rank + 1 < kept.count ? tokens.count - entries[kept[rank + 1]].tokens.count : .max
            if rank >= Self.latestKept, older <= 2 * newer {
                dropped.insert(entry)
            } else {
                newer = tokens.count - entries[entry].tokens.count
            }
        }
        if let last = kept.first(where: { entries[$0].kind == .turn }) {
            for entry in own where entries[entry].kind == .finished && !kept.contains(entry) {
                if entries[entry].tokens.starts(with: entries[last].tokens) { dropped.insert(entry) }
            }
        }
        for entry in dropped.sorted(by: >) { entries.remove(at: entry) }
    }

    /// Gives up the state that was not used for longest; false when there is none.
    mutating func evict() -> Bool {
        guard let oldest = entries.indices.min(by: { entries[$0].lastUse < entries[$1].lastUse }) else { return false }
        entries.remove(at: oldest)
        return true
    }

    /// The latest state that later prompts are likely to begin with and that was not handed out here before.
    mutating func nextUnsaved() -> StoredSnapshot? {
        let candidates = entries.indices.filter {
            !entries[$0].isSaved && (layout.isTokenGranular || entries[$0].kind != .finished)
        }
        guard let latest = candidates.max(by: { entries[$0].lastUse < entries[$1].lastUse }) else { return nil }
        entries[latest].isSaved = true
        let entry = entries[latest]
        return StoredSnapshot(
            tokens: entry.tokens, salt: entry.salt, isShared: entry.kind == .shared, contents: entry.state.contents())
    }

    private mutating func touch(_ entry: Int) {
        clock += 1
        entries[entry].lastUse = clock
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
