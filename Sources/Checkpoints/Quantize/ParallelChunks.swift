import Foundation

/// Splits work over rows among threads.
enum ParallelChunks {
    /// Calls the closure for every chunk, on up to that many threads, and returns the results in the order of the chunks,
    /// whichever thread finished first.
    static func map<Result: Sendable>(
        count: Int, threads: Int, _ body: @Sendable (Int) -> Result
    ) -> [Result] {
        guard count > 0 else { return [] }
        let workers = max(1, min(threads, count))
        return [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
            nonisolated(unsafe) let output = buffer
            DispatchQueue.concurrentPerform(iterations: workers) { worker in
                for chunk in stride(from: worker, to: count, by: workers) {
                    (output.baseAddress! + chunk).initialize(to: body(chunk))
                }
            }
            initialized = count
        }
    }
}
