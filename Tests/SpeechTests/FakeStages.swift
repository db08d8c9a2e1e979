import Foundation
import Locking
import Speech

/// Models that do what a test tells them, on threads of the test's own process.
final class FakeStages: Sendable {
    struct State {
        var launches = 0
        var sockets: [FrameSocket] = []
        var heard: [Int] = []
        var forgotten: [UInt32] = []
        var isHearingHeld = false
        var endsAtText: String?
        var speakingFailure: SpeechError?
        var turnFailure: SpeechError?
        var launchFailure: SpeechError?
        var samplesSpoken = 0
    }

    let state = Locked(State())

    /// Keeps every transcription from finishing, until it is let go or cancelled.
    func holdHearing(_ holds: Bool) { state.withLock { $0.isHearingHeld = holds } }

    /// Breaks the connection to the latest worker, as its death would.
    func kill() { state.withLock { $0.sockets.last }?.shutDown() }

    func stages(_ socket: FrameSocket) -> SpeechStages {
        SpeechStages(
            recognizer: { Recognizer(owner: self) }, detector: { Detector(owner: self) },
            turns: { () throws(SpeechError) in
                if let failure = self.state.withLock({ $0.turnFailure }) { throw failure }
                return Judge()
            },
            synthesizer: { () throws(SpeechError) in
                if let failure = self.state.withLock({ $0.speakingFailure }) { throw failure }
                return Synthesizer(owner: self, socket: socket)
            })
    }

    /// The text is the number of samples.
    private final class Recognizer: SpeechRecognizing {
        let owner: FakeStages
        init(owner: FakeStages) { self.owner = owner }

        func transcribe(_ samples: [Float], isCancelled: () -> Bool) throws(SpeechError) -> String {
            owner.state.withLock { $0.heard.append(samples.count) }
            while owner.state.withLock({ $0.isHearingHeld }), !isCancelled() { usleep(500) }
            return "\(samples.count)"
        }
    }

    /// The probability is the first sample, and the number of windows since the start of the stream is added.
    private final class Detector: SpeechDetecting {
        let owner: FakeStages
        var counts: [UInt32: Int] = [:]
        init(owner: FakeStages) { self.owner = owner }

        func speechProbability(_ window: [Float], stream: UInt32) throws(SpeechError) -> Float {
            guard window.count == 512 else { throw .invalidInput("a window has 512 samples") }
            counts[stream, default: 0] += 1
            return window[0] + Float(counts[stream] ?? 0)
        }

        func forget(stream: UInt32) {
            counts[stream] = nil
            owner.state.withLock { $0.forgotten.append(stream) }
        }
    }

    private final class Judge: TurnJudging {
        func endOfTurnProbability(_ samples: [Float]) throws(SpeechError) -> Float { Float(samples.count) / 128_000 }
    }

    /// Says one chunk of ten samples for each character; the samples are the character's place.
    private final class Synthesizer: SpeechSynthesizing {
        let owner: FakeStages
        let socket: FrameSocket
        init(owner: FakeStages, socket: FrameSocket) {
            self.owner = owner
            self.socket = socket
        }

        func begin(_ text: String, voice: VoiceSettings) throws(SpeechError) -> any Utterance {
            if voice.name == "nobody" { throw .unknownVoice("nobody") }
            return Spoken(text: text, synthesizer: self)
        }
    }

    private final class Spoken: Utterance {
        let text: String
        let synthesizer: Synthesizer
        var position = 0
        init(text: String, synthesizer: Synthesizer) {
            self.text = text
            self.synthesizer = synthesizer
        }

        func next() throws(SpeechError) -> [Int16]? {
            let ends = synthesizer.owner.state.withLock { state in
                state.samplesSpoken += 10
                return state.endsAtText == text
            }
            if ends {
                synthesizer.socket.shutDown()
                return nil
            }
            usleep(1000)
            guard position < text.count else { return nil }
            position += 1
            return [Int16](repeating: Int16(truncatingIfNeeded: position), count: 10)
        }
    }
}

/// Starts workers as threads of this process.
struct InProcessLaunch: WorkerLaunching {
    let fakes: FakeStages

    func launch() throws(SpeechError) -> LaunchedWorker {
        if let failure = fakes.state.withLock({ $0.launchFailure }) { throw failure }
        let (ours, theirs) = try FrameSocket.pair()
        fakes.state.withLock {
            $0.launches += 1
            $0.sockets.append(theirs)
        }
        let server = SpeechServer(socket: theirs, stages: fakes.stages(theirs))
        Thread { server.run() }.start()
        return LaunchedWorker(socket: ours, processIdentifier: nil) { theirs.shutDown() }
    }
}
