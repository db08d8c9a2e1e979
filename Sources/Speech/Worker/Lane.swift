import Foundation

/// Work waiting for one thread.
final class Lane<Job: Sendable>: @unchecked Sendable {
    private let condition = NSCondition()
    private var jobs: [Job] = []
    private var isClosed = false

    /// Adds work behind all other.
    func add(_ job: Job) {
        condition.lock()
        defer { condition.unlock() }
        jobs.append(job)
        condition.signal()
    }

    /// No more work comes; what waits is dropped.
    func close() {
        condition.lock()
        defer { condition.unlock() }
        isClosed = true
        condition.broadcast()
    }

    /// The next work, once there is some; nil when the lane is closed.
    func take() -> Job? {
        condition.lock()
        defer { condition.unlock() }
        while jobs.isEmpty, !isClosed { condition.wait() }
        return isClosed ? nil : jobs.removeFirst()
    }

    /// All work that waits now; nil when the lane is closed.
    func takeWaiting() -> [Job]? {
        condition.lock()
        defer { condition.unlock() }
        guard !isClosed else { return nil }
        defer { jobs = [] }
        return jobs
    }
}
