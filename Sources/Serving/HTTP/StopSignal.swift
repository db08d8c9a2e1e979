import Locking

/// Tells one request's generations to stop, from whichever side the reason comes.
final class StopSignal: Sendable {
    /// Why a request ends before its reply does.
    enum Reason: Error, Sendable, Equatable {
        case clientGone
        case shuttingDown
    }

    private struct State {
        var reason: Reason?
        var handlers: [@Sendable (Reason) -> Void] = []
    }

    private let state = Locked(State())

    /// The first reason wins; later ones change nothing.
    func stop(_ reason: Reason) {
        let handlers: [@Sendable (Reason) -> Void] = state.withLock { state in
            guard state.reason == nil else { return [] }
            state.reason = reason
            defer { state.handlers = [] }
            return state.handlers
        }
        for handler in handlers { handler(reason) }
    }

    /// Calls the handler when the signal is given, or at once if it has been.
    func onStop(_ handler: @escaping @Sendable (Reason) -> Void) {
        let reason: Reason? = state.withLock { state in
            if state.reason == nil { state.handlers.append(handler) }
            return state.reason
        }
        if let reason { handler(reason) }
    }
}
