import Companion
import Locking
import Speech

struct StageFailure: Error, CustomStringConvertible {
    var description: String
}

/// A speech engine that hears loud sound as speech and says what the test tells it to.
final class FakeSpeech: SpeechEngine {
    struct Behaviour {
        var transcribe: @Sendable ([Float]) async throws -> String = { _ in "Hello there." }
        var synthesize: @Sendable (String) throws -> [[Int16]] = { _ in [[Int16](repeating: 1000, count: 2400)] }
        /// Instead of the above: a stream the test fills.
        var stream: (@Sendable () -> AsyncThrowingStream<[Int16], any Error>)?
        var detectorFails = false
        var probability: Float? = 0.9
    }

    let behaviour = Locked(Behaviour())
    let spoken = Locked<[String]>([])
    let detections = Locked(0)

    func transcribe(_ samples: [Float]) async throws -> String {
        try await behaviour.withLock { $0.transcribe }(samples)
    }

    func synthesize(_ text: String, voice: VoiceSettings) -> AsyncThrowingStream<[Int16], any Error> {
        spoken.withLock { $0.append(text) }
        let (make, stream) = behaviour.withLock { ($0.synthesize, $0.stream) }
        if let stream { return stream() }
        return AsyncThrowingStream { continuation in
            do {
                for chunk in try make(text) { continuation.yield(chunk) }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
    }

    func makeVoiceActivityDetector() async throws -> any VoiceActivityDetector {
        if behaviour.withLock({ $0.detectorFails }) { throw StageFailure(description: "no model") }
        return Detector(engine: self)
    }

    func endOfTurnProbability(_ samples: [Float]) async throws -> Float? { behaviour.withLock { $0.probability } }

    private struct Detector: VoiceActivityDetector {
        let engine: FakeSpeech

        func speechProbability(_ window: [Float]) async throws -> Float {
            if engine.behaviour.withLock({ $0.detectorFails }) { throw StageFailure(description: "worker gone") }
            engine.detections.withLock { $0 += 1 }
            return window.contains { abs($0) > 0.1 } ? 0.95 : 0.02
        }

        func reset() async {}
    }
}

/// A companion that notes what is done with its replies.
final class FakeCompanion: Replying {
    struct Behaviour {
        var events: @Sendable (String) -> [ReplyEvent] = { text in
            [.text("Yes: \(text)"), .clause("Yes."), .clause(text), .finished(FakeCompanion.summary)]
        }
        var beginFails = false
        var commitFails = false
        /// Keeps the event stream open after its events.
        var staysOpen = false
    }

    static let summary = ReplySummary(text: "", firstToken: nil, firstClause: nil, total: 0)

    let behaviour = Locked(Behaviour())
    /// What was done, in order.
    let journal = Locked<[String]>([])

    func note(_ entry: String) { journal.withLock { $0.append(entry) } }

    func prepare(partial text: String) async {}

    func begin(_ text: String) async throws -> any Reply {
        if behaviour.withLock({ $0.beginFails }) { throw StageFailure(description: "model unreachable") }
        note("begin \(text)")
        let (events, staysOpen) = behaviour.withLock { ($0.events(text), $0.staysOpen) }
        return FakeReply(companion: self, scripted: events, staysOpen: staysOpen)
    }
}

private final class FakeReply: Reply {
    let companion: FakeCompanion
    let events: AsyncStream<ReplyEvent>

    init(companion: FakeCompanion, scripted: [ReplyEvent], staysOpen: Bool) {
        self.companion = companion
        let (events, continuation) = AsyncStream<ReplyEvent>.makeStream()
        self.events = events
        scripted.forEach { continuation.yield($0) }
        if !staysOpen { continuation.finish() }
    }

    func commit() async throws {
        if companion.behaviour.withLock({ $0.commitFails }) { throw StageFailure(description: "disk full") }
        companion.note("commit")
    }

    func discard() async { companion.note("discard") }
    func interrupt(heard: String) async { companion.note("interrupt: \(heard)") }
    func complete() async { companion.note("complete") }
}
