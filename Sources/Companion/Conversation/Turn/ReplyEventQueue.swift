import Locking

/// The events of a reply on their way to the one who reads them.
///
/// An `AsyncStream` would still deliver what it had buffered when the reply is cut off; this forgets it, so that nothing
/// of a reply comes after its end.
final class ReplyEventQueue: Sendable {
    private struct State {
        var events: [ReplyEvent] = []
        var isClosed = false
        var reader: CheckedContinuation<ReplyEvent?, Never>?
    }

    private let state = Locked(State())

    func send(_ event: ReplyEvent) {
        let reader = state.withLock { state -> CheckedContinuation<ReplyEvent?, Never>? in
            guard !state.isClosed else { return nil }
            guard let reader = state.reader else {
                state.events.append(event)
                return nil
            }
            state.reader = nil
            return reader
        }
        reader?.resume(returning: event)
    }

    /// Ends the events: after those that wait, or at once.
    func close(dropping: Bool) {
        let reader = state.withLock { state -> CheckedContinuation<ReplyEvent?, Never>? in
            state.isClosed = true
            if dropping { state.events = [] }
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: nil)
    }

    /// The events, to be iterated once. Cancelling the task that reads ends them for it.
    var stream: AsyncStream<ReplyEvent> {
        AsyncStream {
            await self.next()
        } onCancel: {
            self.close(dropping: true)
        }
    }

    private func next() async -> ReplyEvent? {
        await withCheckedContinuation { continuation in
            let (isReady, event) = state.withLock { state -> (Bool, ReplyEvent?) in
                if !state.events.isEmpty { return (true, state.events.removeFirst()) }
                // A second reader would wait for ever.
                guard !state.isClosed, state.reader == nil else { return (true, nil) }
                state.reader = continuation
                return (false, nil)
            }
            if isReady { continuation.resume(returning: event) }
        }
    }
}
