import Locking

/// Lets requests in until the server is asked to stop, then waits for those inside, but not for ever.
final class RequestGate: Sendable {
    private struct State {
        var isDraining = false
        var nextTicket: UInt64 = 0
        var requests: [UInt64: StopSignal] = [:]
    }

    private let state = Locked(State())
    private let grace: Duration

    init(grace: Duration) { self.grace = grace }

    /// Lets a request in.
    ///
    /// - Returns: The ticket to hand back with ``leave(_:)``.
    /// - Throws: 503 once the server is stopping.
    func enter(_ signal: StopSignal) throws(APIError) -> UInt64 {
        let ticket: UInt64? = state.withLock { state in
            guard !state.isDraining else { return nil }
            state.nextTicket += 1
            state.requests[state.nextTicket] = signal
            return state.nextTicket
        }
        guard let ticket else { throw APIError(describing: StopSignal.Reason.shuttingDown) }
        return ticket
    }

    func leave(_ ticket: UInt64) { state.withLock { _ = $0.requests.removeValue(forKey: ticket) } }

    /// Refuses new requests, and stops those still running when the grace is over.
    func drain(thenClose closeConnections: @escaping @Sendable () -> Void) {
        let isFirst = state.withLock { state in
            defer { state.isDraining = true }
            return !state.isDraining
        }
        guard isFirst else { return }
        Task { [weak self, grace] in
            try? await Task.sleep(for: grace)
            self?.stopAll()
            // Streams get a moment to say why they end; a client that does not read cannot hold the server.
            try? await Task.sleep(for: .seconds(1))
            closeConnections()
        }
    }

    private func stopAll() {
        let signals = state.withLock { Array($0.requests.values) }
        for signal in signals { signal.stop(.shuttingDown) }
    }
}
