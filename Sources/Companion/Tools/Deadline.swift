import Locking

/// A limit of time has passed.
struct DeadlineExceeded: Error, Equatable {
    let limit: Duration
}

/// Runs `operation`, and stops waiting for it after `limit` or when the task is cancelled, whether or not the operation
/// heeds being cancelled.
///
/// - Throws: ``DeadlineExceeded``, `CancellationError`, or what `operation` throws.
func withDeadline<Value: Sendable>(
    _ limit: Duration, _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let race = Race<Value>()
    let work = Task {
        do { race.finish(.success(try await operation())) } catch { race.finish(.failure(error)) }
    }
    let timer = Task {
        try await Task.sleep(for: limit)
        race.finish(.failure(DeadlineExceeded(limit: limit)))
    }
    defer {
        work.cancel()
        timer.cancel()
    }
    return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { race.start($0) }
    } onCancel: {
        race.finish(.failure(CancellationError()))
    }
}

/// The first to finish decides.
private final class Race<Value: Sendable>: Sendable {
    private enum State {
        case open
        case waiting(CheckedContinuation<Value, any Error>)
        case decided(Result<Value, any Error>)
        case over
    }

    private let state = Locked(State.open)

    func start(_ continuation: CheckedContinuation<Value, any Error>) {
        let result = state.withLock { state -> Result<Value, any Error>? in
            if case .decided(let result) = state {
                state = .over
                return result
            }
            state = .waiting(continuation)
            return nil
        }
        if let result { continuation.resume(with: result) }
    }

    func finish(_ result: Result<Value, any Error>) {
        let continuation = state.withLock { state -> CheckedContinuation<Value, any Error>? in
            switch state {
            case .open:
                state = .decided(result)
                return nil
            case .waiting(let continuation):
                state = .over
                return continuation
            case .decided, .over: return nil
            }
        }
        continuation?.resume(with: result)
    }
}
