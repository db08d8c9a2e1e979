/// A request whose answer is still to come.
struct PendingRequest: Sendable {
    /// Who waits for the answer.
    enum Waiter: Sendable {
        case one(CheckedContinuation<WorkerResponse, any Error>)
        case audio(AsyncThrowingStream<[Int16], any Error>.Continuation)
    }

    let request: WorkerRequest
    let waiter: Waiter
    /// Whether a part of the answer has been handed on, so that asking again would repeat it.
    var hasBegun = false
    /// How many workers have ended over it.
    var endedWorkers = 0

    /// Whether another worker may be asked: a request that has ended two of them may end every one.
    var mayBeAskedAgain: Bool { !hasBegun && endedWorkers < 2 }

    func fail(_ error: any Error) {
        switch waiter {
        case .one(let continuation): continuation.resume(throwing: error)
        case .audio(let continuation): continuation.finish(throwing: error)
        }
    }

    /// Whether nothing comes after this answer.
    func isFinished(by response: WorkerResponse) -> Bool {
        guard case .audio = waiter, case .audio = response else { return true }
        return false
    }

    /// Hands on an answer.
    func take(_ response: WorkerResponse) {
        switch (waiter, response) {
        case (_, .failure(let error)): fail(error)
        case (.one(let continuation), _): continuation.resume(returning: response)
        case (.audio(let continuation), .audio(let samples)): continuation.yield(samples)
        case (.audio(let continuation), .finished): continuation.finish()
        case (.audio, _): fail(WorkerSupervisor.unexpectedAnswer)
        }
    }
}
