import JSON
import Locking
import Voice

/// A call that runs on fakes, and what a test does to it.
final class RunningCall: Sendable {
    let line = FakeLine()
    let speech = FakeSpeech()
    let companion = FakeCompanion()
    let clock = ManualClock()
    let metrics = Recorder()
    private let task: Task<Void, Never>

    final class Recorder: CallMetrics {
        let turns = Locked<[TurnTimings]>([])
        func turn(_ timings: TurnTimings) { turns.withLock { $0.append(timings) } }
        func bargeIn(_ seconds: Double) {}
        func gap(_ seconds: Double) {}
    }

    init(_ options: CallOptions = CallOptions(), prepare: (FakeSpeech, FakeCompanion) -> Void = { _, _ in }) {
        prepare(speech, companion)
        let call = Call(
            transport: line, speech: speech, replying: companion, options: options, metrics: metrics, clock: clock)
        task = Task { await call.run() }
    }

    /// Lets the microphone hear so many seconds of speech or silence; the clock goes along.
    func hear(_ seconds: Double, loud: Bool) {
        for index in 0..<Int((seconds * 50).rounded()) {
            let sample: Float = loud ? (index % 2 == 0 ? 0.5 : 0.4) : 0
            line.happen(.audio([Float](repeating: sample, count: 320), isConcealed: false))
            clock.advance(by: 0.02)
        }
    }

    /// Lets the microphone hear so many seconds of noise of that loudness.
    func hear(_ seconds: Double, level: Float) {
        for _ in 0..<Int((seconds * 50).rounded()) {
            line.happen(.audio([Float](repeating: level, count: 320), isConcealed: false))
            clock.advance(by: 0.02)
        }
    }

    /// Speech and the silence after it.
    func say(_ seconds: Double) {
        hear(seconds, loud: true)
        hear(1.2, loud: false)
    }

    func type(_ text: String) { line.tell("send-text", ["content": .string(text)]) }

    var journal: [String] { companion.journal.withLock { $0 } }

    func cancel() { task.cancel() }

    /// Hangs up and waits until the call is over.
    func end() async {
        line.end(.remote)
        await task.value
    }

    func finished() async { await task.value }
}
