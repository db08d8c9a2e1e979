/// Merges the bytes of one pretoken into tokens, always the pair of lowest rank first and the leftmost of equals.
///
/// Short pretokens take a plain scan for the minimum; long ones a linked list with a heap, so that a megabyte of one
/// letter costs O(n log n). Both give the same tokens. The arrays are kept between calls.
struct BytePairMerger: Sendable {
    /// From how many tokens on the heap is faster than scanning.
    static let scanLimit = 24

    private struct Symbol {
        var id: Int32
        var start: Int
        var end: Int
        /// The merge with the next symbol; `noRank` when there is none.
        var rank = noRank
        var mergedID: Int32 = 0
        var previous = -1
        var next = -1
    }

    private struct Candidate: Comparable {
        var rank: UInt32
        var position: Int
        static func < (left: Candidate, right: Candidate) -> Bool {
            left.rank != right.rank ? left.rank < right.rank : left.position < right.position
        }
    }

    private static let noRank = UInt32.max
    private var symbols: [Symbol] = []
    private var heap = BinaryHeap<Candidate>()

    /// Appends the tokens of `bytes` to `output`.
    mutating func encode(
        _ bytes: UnsafeBufferPointer<UInt8>, with model: borrowing BytePairModel, into output: inout [Int32],
        scanLimit: Int = scanLimit
    ) {
        makeSymbols(bytes, model)
        if symbols.count <= scanLimit {
            mergeByScanning(bytes, model)
            for symbol in symbols { output.append(symbol.id) }
        } else {
            mergeByHeap(bytes, model)
            var position = 0
            while position >= 0 {
                output.append(symbols[position].id)
                position = symbols[position].next
            }
        }
        if symbols.count > 1 << 16 { self = BytePairMerger() }
    }

    private mutating func makeSymbols(_ bytes: UnsafeBufferPointer<UInt8>, _ model: borrowing BytePairModel) {
        symbols.removeAll(keepingCapacity: true)
        for position in 0..<bytes.count {
            var id = model.byteTokens[Int(bytes[position])]
            if id < 0 {
                guard let unknown = model.unknownToken else { continue }
                if model.fusesUnknown, let last = symbols.last, last.id == unknown {
                    symbols[symbols.count - 1].end = position + 1
                    continue
                }
                id = unknown
            }
            symbols.append(Symbol(id: id, start: position, end: position + 1))
        }
    }

    /// Ranks the pair of the symbol at `position` and the one at `next`.
    @inline(__always)
    private mutating func rank(
        _ position: Int, _ next: Int, _ bytes: UnsafeBufferPointer<UInt8>, _ model: borrowing BytePairModel
    ) {
        let joined = UnsafeBufferPointer(rebasing: bytes[symbols[position].start..<symbols[next].end])
        let merge = model.merge(symbols[position].id, symbols[next].id, joined)
        symbols[position].rank = merge?.rank ?? Self.noRank
        symbols[position].mergedID = merge?.id ?? 0
    }

    private mutating func mergeByScanning(
        _ bytes: UnsafeBufferPointer<UInt8>, _ model: borrowing BytePairModel
    ) {
        guard symbols.count > 1 else { return }
        for position in 0..<symbols.count - 1 { rank(position, position + 1, bytes, model) }
        while true {
            var best = 0
            for position in 1..<symbols.count where symbols[position].rank < symbols[best].rank { best = position }
            guard symbols[best].rank != Self.noRank else { return }
            symbols[best].id = symbols[best].mergedID
            symbols[best].end = symbols[best + 1].end
            symbols.remove(at: best + 1)
            if best + 1 < symbols.count {
                rank(best, best + 1, bytes, model)
            } else {
                symbols[best].rank = Self.noRank
            }
            if best > 0 { rank(best - 1, best, bytes, model) }
            if symbols.count == 1 { return }
        }
    }

    private mutating func mergeByHeap(_ bytes: UnsafeBufferPointer<UInt8>, _ model: borrowing BytePairModel) {
        let count = symbols.count
        var candidates: [Candidate] = []
        for position in 0..<count {
            symbols[position].previous = position - 1
            guard position + 1 < count else { break }
            symbols[position].next = position + 1
            rank(position, position + 1, bytes, model)
            if symbols[position].rank != Self.noRank {
                candidates.append(Candidate(rank: symbols[position].rank, position: position))
            }
        }
        heap = BinaryHeap(candidates)
        while let candidate = heap.popMinimum() {
            // A merge nearby changes or removes a symbol but leaves its old candidate in the heap.
            guard symbols[candidate.position].rank == candidate.rank else { continue }
            mergeWithNext(candidate.position, bytes, model)
        }
    }

    private mutating func mergeWithNext(
        _ position: Int, _ bytes: UnsafeBufferPointer<UInt8>, _ model: borrowing BytePairModel
    ) {
        let removed = symbols[position].next
        let following = symbols[removed].next
        symbols[position].id = symbols[position].mergedID
        symbols[position].end = symbols[removed].end
        symbols[position].next = following
        symbols[removed].rank = Self.noRank
        symbols[position].rank = Self.noRank
        if following >= 0 {
            symbols[following].previous = position
            rankAndPush(position, following, bytes, model)
        }
        let previous = symbols[position].previous
        if previous >= 0 { rankAndPush(previous, position, bytes, model) }
    }

    private mutating func rankAndPush(
        _ position: Int, _ next: Int, _ bytes: UnsafeBufferPointer<UInt8>, _ model: borrowing BytePairModel
    ) {
        rank(position, next, bytes, model)
        guard symbols[position].rank != Self.noRank else { return }
        heap.push(Candidate(rank: symbols[position].rank, position: position))
    }
}
