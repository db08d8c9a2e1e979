import Locking

/// Asks again what may succeed a little later.
struct Persistence: Sendable {
    var attempts: Int
    /// Longer than this nobody waits; a teacher that asks for more ends the run.
    var longestWait = 600.0
    var sleep: @Sendable (Double) async throws -> Void = { try await Task.sleep(for: .seconds($0)) }
    /// Whether no more is to be begun.
    var isStopping: @Sendable () -> Bool = { false }
    /// Told of each failure that is tried again, and in how many seconds.
    var onRetry: @Sendable (TeacherError, Double) -> Void = { _, _ in }
    private let hasSucceeded = Locked(false)

    init(attempts: Int) { self.attempts = attempts }

    /// The reply, and how often the prompt was sent in vain at a cost.
    func reply(
        of teacher: any Teacher, to request: TeacherRequest
    ) async -> (result: Result<TeacherReply, TeacherError>, wasted: Int) {
        var wasted = 0
        for attempt in 1... {
            do throws(TeacherError) {
                let reply = try await teacher.reply(to: request)
                hasSucceeded.withLock { $0 = true }
                return (.success(reply), wasted)
            } catch {
                if error.mayCost { wasted += 1 }
                guard let wait = wait(after: error, attempt: attempt) else { return (.failure(error), wasted) }
                onRetry(error, wait)
                do { try await sleep(wait) } catch { return (.failure(.cancelled), wasted) }
                if isStopping() { return (.failure(.cancelled), wasted) }
            }
        }
        return (.failure(.cancelled), wasted)
    }

    /// Seconds to wait; nil: it is of no use.
    private func wait(after error: TeacherError, attempt: Int) -> Double? {
        guard error.isPassing, attempt < attempts, !isStopping() else { return nil }
        // A teacher that was never there will not come.
        if case .unreachable = error, !hasSucceeded.withLock({ $0 }) { return nil }
        // Doubled from a second on, and spread, so that many do not come back together.
        let backoff = min(60, Double(1 << min(attempt - 1, 10))) * Double.random(in: 0.5...1)
        guard case .refused(_, _, _, let asked?) = error else { return backoff }
        return asked > longestWait ? nil : max(asked, backoff)
    }
}
