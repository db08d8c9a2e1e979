import Locking

/// Holds a line's events until they are taken.
///
/// When nobody takes them, the oldest sound is dropped after ten seconds of it; everything else is kept, in order.
package final class CallEventQueue: Sendable {
    private struct State {
        var events: [CallEvent] = []
        var audioCount = 0
        var isFinished = false
        var waiter: CheckedContinuation<CallEvent?, Never>?

        mutating func append(_ event: CallEvent, maximumAudio: Int) {
            if case .audio = event {
                audioCount += 1
                if audioCount > maximumAudio, let oldest = events.firstIndex(where: \.isAudio) {
                    events.remove(at: oldest)
                    audioCount -= 1
                }
            }
            events.append(event)
        }

        mutating func removeFirst() -> CallEvent {
            let event = events.removeFirst()
            if event.isAudio { audioCount -= 1 }
            return event
        }
    }

    private static let maximumAudio = 500
    private static let mostWaiting = 5

    private let state = Locked(State())

    package init() {}

    /// The events as a sequence, to be iterated once.
    package var stream: AsyncStream<CallEvent> {
        AsyncStream(unfolding: { await self.next() })
    }

    /// Whether somebody has asked for an event that has not come yet.
    package var hasWaitingReader: Bool { state.withLock { $0.waiter != nil } }

    /// Adds an event. Nothing comes after ``CallEvent/closed(_:)``.
    ///
    /// - Parameter mayWait: Nobody is woken for it yet: up to five such events are handed on together, or with the next
    ///   that may not wait.
    package func push(_ event: CallEvent, mayWait: Bool = false) {
        let woken = state.withLock { state -> (waiter: CheckedContinuation<CallEvent?, Never>, event: CallEvent)? in
            guard !state.isFinished else { return nil }
            if case .closed = event { state.isFinished = true }
            state.append(event, maximumAudio: Self.maximumAudio)
            guard let waiter = state.waiter, !mayWait || state.events.count >= Self.mostWaiting else { return nil }
            state.waiter = nil
            return (waiter, state.removeFirst())
        }
        woken?.waiter.resume(returning: woken?.event)
    }

    private func next() async -> CallEvent? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let result = state.withLock { state -> CallEvent?? in
                    if !state.events.isEmpty { return state.removeFirst() }
                    if state.isFinished || Task.isCancelled { return .some(nil) }
                    state.waiter = continuation
                    return nil
                }
                if let result { continuation.resume(returning: result) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> CheckedContinuation<CallEvent?, Never>? in
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume(returning: nil)
        }
    }
}

extension CallEvent {
    fileprivate var isAudio: Bool {
        if case .audio = self { true } else { false }
    }
}
