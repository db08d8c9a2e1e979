import Locking
import WebRTC

/// What playing a generation of sound comes to, told from the transport's thread.
package enum PlayoutEvent: Sendable, Equatable {
    /// The clause's first sample has left.
    case started(generation: Int, clause: Int)
    /// The clause's last sample has left.
    case played(generation: Int, clause: Int)
    /// Sound came too late: this many seconds of silence stood in the midst of a clause.
    case gap(generation: Int, seconds: Double)
    /// How loud she is, 0 to 1, told a few times a second while she speaks.
    case level(Float)
}

/// Her side of the line: sound by generation and clause, drawn a frame at a time, taken back in an instant.
///
/// Sound of a generation that is not the current one is refused under the same lock that hands sound to the line, so
/// nothing of an interrupted reply can be heard after ``flush()``, whoever is late.
package final class Playout: AudioSource {
    private struct State {
        var queue = PlayoutQueue()
        var frames = 0
    }

    private let state = Locked(State())
    private let notify: @Sendable (PlayoutEvent) -> Void
    /// Frames between reports of loudness: 160 ms.
    private static let levelPeriod = 8

    /// - Parameter notify: Told what happens; called on the transport's thread, so it must not wait.
    package init(notify: @escaping @Sendable (PlayoutEvent) -> Void) {
        self.notify = notify
    }

    /// Expects the sound of `generation` and refuses all older sound.
    package func begin(_ generation: Int) {
        state.withLock { $0.queue.begin(generation) }
    }

    /// Lets the generation be heard.
    package func open(_ generation: Int) {
        state.withLock { $0.queue.open(generation) }
    }

    /// Fades out and keeps its place, or goes on from there.
    package func setPaused(_ paused: Bool) {
        state.withLock { $0.queue.setPaused(paused) }
    }

    /// Stops what is playing; the text heard of it comes back.
    package func flush() -> String {
        state.withLock { $0.queue.flush() }
    }

    /// Announces the next clause.
    package func beginClause(_ id: Int, text: String, of generation: Int) {
        state.withLock { $0.queue.beginClause(id, text: text, of: generation) }
    }

    /// Adds a clause's next samples; false when nobody will hear them.
    package func append(_ samples: [Int16], to clause: Int, of generation: Int) -> Bool {
        state.withLock { $0.queue.append(samples, to: clause, of: generation) }
    }

    /// All of the clause's sound is there.
    package func endClause(_ id: Int, of generation: Int) {
        state.withLock { $0.queue.endClause(id, of: generation) }.forEach(notify)
    }

    /// The clause's sound failed: it ends where it was heard. The words that were not come back.
    package func abandonClause(_ id: Int, of generation: Int) -> String? {
        state.withLock { $0.queue.abandonClause(id, of: generation) }
    }

    package func read(into frame: UnsafeMutableBufferPointer<Int16>) -> Bool {
        let (isSound, events) = state.withLock { state -> (Bool, [PlayoutEvent]) in
            var (isSound, events) = state.queue.read(into: frame)
            state.frames += 1
            if isSound, state.frames >= Self.levelPeriod {
                state.frames = 0
                events.append(.level(audioLevel(frame.lazy.map { Float($0) / 32_768 })))
            }
            return (isSound, events)
        }
        events.forEach(notify)
        return isSound
    }
}
