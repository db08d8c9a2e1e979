import Foundation
import Locking
import Speech

/// Hearing and speaking by script, for tests of what uses them: no model, no process, no audio hardware.
///
/// Time passes on the clock it is given, so a test decides how long things take.
final class ScriptedSpeechEngine: SpeechEngine {
    /// What the engine does.
    struct Script: Sendable {
        /// Transcripts, in the order in which they are asked for; the last one stays.
        var transcripts: [String] = []
        /// A function of the samples instead, where order is not enough.
        var transcribe: (@Sendable ([Float]) -> String)?
        /// How long a transcript takes.
        var transcriptionTime: Duration = .zero
        /// Probabilities that the turn has ended, in order; the last one stays, and none means no such model.
        var endOfTurnProbabilities: [Float] = []
        /// How long it takes to judge a turn.
        var endOfTurnTime: Duration = .zero
        /// Samples made for each character of a text.
        var samplesPerCharacter = 1440
        /// Samples in a chunk.
        var chunkSize = 4800
        /// Time from a text to its first chunk.
        var firstAudioTime: Duration = .zero
        /// Time between chunks.
        var chunkTime: Duration = .zero
        /// A window whose loudest sample reaches this is speech.
        var speechLoudness: Float = 0.05
        /// What speaking fails with, after this many chunks.
        var synthesisFailure: (error: SpeechError, afterChunks: Int)?
        /// What hearing fails with.
        var transcriptionFailure: SpeechError?

        /// A script in which nothing takes time and nothing is heard.
        init() {}
    }

    /// What the engine was asked, in order.
    enum Call: Sendable, Equatable {
        case transcribe(sampleCount: Int)
        case synthesize(String, VoiceSettings)
        case endOfTurn(sampleCount: Int)
        /// Somebody stopped listening to a text before it was finished.
        case synthesisCancelled(String)
    }

    private struct State {
        var script: Script
        var calls: [Call] = []
        var transcriptIndex = 0
        var endOfTurnIndex = 0
    }

    private let state: Locked<State>
    private let sleep: @Sendable (Duration) async throws -> Void

    /// An engine that follows `script`, on a clock of whole durations.
    init(_ script: Script, clock: some Clock<Duration> = ContinuousClock()) {
        state = Locked(State(script: script))
        sleep = { if $0 > .zero { try await clock.sleep(for: $0) } }
    }

    /// What was asked so far.
    var calls: [Call] { state.withLock { $0.calls } }

    /// Changes the script from now on.
    func change(_ body: @Sendable (inout Script) -> Void) {
        state.withLock { body(&$0.script) }
    }

    func transcribe(_ samples: [Float]) async throws -> String {
        let (script, scripted) = state.withLock { state in
            state.calls.append(.transcribe(sampleCount: samples.count))
            let index = min(state.transcriptIndex, state.script.transcripts.count - 1)
            state.transcriptIndex += 1
            return (state.script, index < 0 ? "" : state.script.transcripts[index])
        }
        try await sleep(script.transcriptionTime)
        if let failure = script.transcriptionFailure { throw failure }
        return script.transcribe?(samples) ?? scripted
    }

    func endOfTurnProbability(_ samples: [Float]) async throws -> Float? {
        let (script, probability) = state.withLock { state in
            state.calls.append(.endOfTurn(sampleCount: samples.count))
            let index = min(state.endOfTurnIndex, state.script.endOfTurnProbabilities.count - 1)
            state.endOfTurnIndex += 1
            return (state.script, index < 0 ? nil : state.script.endOfTurnProbabilities[index])
        }
        try await sleep(script.endOfTurnTime)
        return probability
    }

    func synthesize(_ text: String, voice: VoiceSettings) -> AsyncThrowingStream<[Int16], any Error> {
        let script = state.withLock { state in
            state.calls.append(.synthesize(text, voice))
            return state.script
        }
        return AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await speak(text, script) { continuation.yield($0) }
                    continuation.finish()
                } catch { continuation.finish(throwing: error) }
            }
            continuation.onTermination = { [self] reason in
                guard case .cancelled = reason else { return }
                task.cancel()
                state.withLock { $0.calls.append(.synthesisCancelled(text)) }
            }
        }
    }

    func makeVoiceActivityDetector() async throws -> any VoiceActivityDetector {
        LoudnessDetector(threshold: state.withLock { $0.script.speechLoudness })
    }

    private func speak(_ text: String, _ script: Script, _ yield: ([Int16]) -> Void) async throws {
        let total = text.count * script.samplesPerCharacter
        for (index, start) in stride(from: 0, to: total, by: script.chunkSize).enumerated() {
            if let failure = script.synthesisFailure, index == failure.afterChunks { throw failure.error }
            try await sleep(index == 0 ? script.firstAudioTime : script.chunkTime)
            try Task.checkCancellation()
            // A tone of 200 Hz, so that what is heard of it can be told from silence.
            yield(
                (start..<min(start + script.chunkSize, total)).map { Int16(8000 * sin(Double($0) * .pi / 60)) })
        }
    }
}

/// Takes what is loud for speech.
struct LoudnessDetector: VoiceActivityDetector {
    private let threshold: Float

    /// Speech reaches this level, of 1.
    init(threshold: Float) { self.threshold = threshold }

    func speechProbability(_ window: [Float]) async throws -> Float {
        guard window.count == 512 else {
            throw SpeechError.invalidInput("a window for voice activity has 512 samples, not \(window.count)")
        }
        return window.contains { abs($0) >= threshold } ? 0.95 : 0.02
    }

    func reset() async {}
}
