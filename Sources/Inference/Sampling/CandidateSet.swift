/// The tokens that may still be drawn, each with its unnormalised probability.
///
/// Selections are partial (quickselect): nothing is sorted, yet the result is exactly what sorting by falling logit,
/// then rising token, would give.
package struct CandidateSet: Sendable {
    private struct Candidate {
        /// The logit's key above the inverted token, so that falling order is falling logit, then rising token.
        var rank: UInt64
        var weight: Float
    }

    private var candidates: [Candidate] = []

    package init() {}

    package var count: Int { candidates.count }
    /// The sum of the weights.
    package var mass: Double { candidates.reduce(0) { $0 + Double($1.weight) } }

    package mutating func removeAll() { candidates.removeAll(keepingCapacity: true) }

    @inline(__always)
    package mutating func append(token: Int, key: Int32, weight: Float) {
        let rank = UInt64(UInt32(bitPattern: key) ^ 0x8000_0000) << 32 | UInt64(~UInt32(truncatingIfNeeded: token))
        candidates.append(Candidate(rank: rank, weight: weight))
    }

    private static func token(of candidate: Candidate) -> Int { Int(~UInt32(truncatingIfNeeded: candidate.rank)) }

    /// Tokens and keys, most likely first.
    package mutating func sorted() -> [(token: Int, key: Int32)] {
        candidates.sort { $0.rank > $1.rank }
        return candidates.map {
            (Self.token(of: $0), Int32(bitPattern: UInt32(truncatingIfNeeded: $0.rank >> 32) ^ 0x8000_0000))
        }
    }

    /// Keeps the `limit` most likely candidates.
    package mutating func keepLargest(_ limit: Int) {
        guard limit < candidates.count else { return }
        let kept = candidates.withUnsafeMutableBufferPointer { candidates in
            Self.prefix(of: candidates) { _, count in count >= limit }
        }
        candidates.removeLast(candidates.count - kept)
    }

    /// Keeps the smallest set of most likely candidates whose weights sum up to at least `target`.
    package mutating func keepMass(_ target: Double) {
        let kept = candidates.withUnsafeMutableBufferPointer { candidates in
            Self.prefix(of: candidates) { mass, _ in mass >= target }
        }
        candidates.removeLast(candidates.count - kept)
    }

    /// Reorders so that the shortest prefix (in falling order) that is `enough` stands first; returns its length.
    /// `enough` is asked with the mass and the count of a prefix, and must stay true once it is.
    private static func prefix(
        of candidates: UnsafeMutableBufferPointer<Candidate>,
        enough: (_ mass: Double, _ count: Int) -> Bool
    ) -> Int {
        var low = 0
        var high = candidates.count
        var massBelow = 0.0
        while low < high {
            let pivot = partition(candidates, low, high)
            var mass = massBelow
            for index in low..<pivot { mass += Double(candidates[index].weight) }
            if pivot > 0, enough(mass, pivot) {
                high = pivot
            } else if enough(mass + Double(candidates[pivot].weight), pivot + 1) {
                return pivot + 1
            } else {
                massBelow = mass + Double(candidates[pivot].weight)
                low = pivot + 1
            }
        }
        return low
    }

    /// Moves larger ranks of `low ..< high` before smaller ones around a median of three; returns the pivot's place.
    private static func partition(
        _ candidates: UnsafeMutableBufferPointer<Candidate>, _ low: Int, _ high: Int
    ) -> Int {
        let last = high - 1
        let middle = low + (last - low) / 2
        if candidates[middle].rank > candidates[low].rank { candidates.swapAt(middle, low) }
        if candidates[last].rank > candidates[low].rank { candidates.swapAt(last, low) }
        if candidates[middle].rank > candidates[last].rank { candidates.swapAt(middle, last) }
        let pivot = candidates[last].rank
        var boundary = low
        for index in low..<last where candidates[index].rank > pivot {
            candidates.swapAt(index, boundary)
            boundary += 1
        }
        candidates.swapAt(boundary, last)
        return boundary
    }

    /// The token at `position` (0 up to, not including, the mass) on the line of weights.
    package func token(at position: Double) -> Int? {
        var rest = position
        var last: Int?
        for candidate in candidates where candidate.weight > 0 {
            rest -= Double(candidate.weight)
            last = Self.token(of: candidate)
            if rest < 0 { break }
        }
        return last
    }
}
