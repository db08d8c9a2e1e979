import Locking

/// Counts observations by size; the buckets are cumulative only when printed.
package final class Histogram: Sendable {
    private struct State {
        var counts: [UInt64]
        var sum = 0.0
    }

    /// Upper bounds of the buckets, rising; one more bucket takes what is larger.
    package let bounds: [Double]
    private let state: Locked<State>

    package init(bounds: [Double]) {
        self.bounds = bounds
        state = Locked(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    package func observe(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock {
            $0.counts[bucket] += 1
            $0.sum += value
        }
    }

    /// For each bound, and last for infinity, how many observations were at most that large; and the sum of all.
    package func snapshot() -> (cumulative: [UInt64], sum: Double) {
        let current = state.withLock { ($0.counts, $0.sum) }
        var total: UInt64 = 0
        return (
            current.0.map {
                total += $0
                return total
            }, current.1
        )
    }
}
