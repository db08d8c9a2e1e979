import Foundation

/// How the worker comes by its models; each is loaded on the thread that uses it.
package struct SpeechStages: Sendable {
    /// Loads speech to text.
    package var recognizer: @Sendable () throws(SpeechError) -> any SpeechRecognizing
    /// Loads voice activity.
    package var detector: @Sendable () throws(SpeechError) -> any SpeechDetecting
    /// Loads the judge of turns.
    package var turns: @Sendable () throws(SpeechError) -> any TurnJudging
    /// Loads text to speech.
    package var synthesizer: @Sendable () throws(SpeechError) -> any SpeechSynthesizing

    /// Stages made by these functions.
    package init(
        recognizer: @escaping @Sendable () throws(SpeechError) -> any SpeechRecognizing,
        detector: @escaping @Sendable () throws(SpeechError) -> any SpeechDetecting,
        turns: @escaping @Sendable () throws(SpeechError) -> any TurnJudging,
        synthesizer: @escaping @Sendable () throws(SpeechError) -> any SpeechSynthesizing
    ) {
        self.recognizer = recognizer
        self.detector = detector
        self.turns = turns
        self.synthesizer = synthesizer
    }

    /// The models in a directory. Each is run once after loading, because a model's first run is slow.
    package static func models(_ models: SpeechModels) -> SpeechStages {
        let runtime: Result<OnnxRuntime, SpeechError>
        do { runtime = .success(try OnnxRuntime(library: try models.file("libonnxruntime.so", of: .library))) } catch {
            runtime = .failure(error)
        }
        // Noise, not silence: silence would take the short way through the models.
        let noise: [Float] = (0..<24_000).map { index in Float(index * 7919 % 2003) * 0.00001 - 0.01 }
        return SpeechStages(
            recognizer: { () throws(SpeechError) in
                let recognizer = try Moonshine(models, runtime: try runtime.get())
                _ = try recognizer.transcribe(noise, isCancelled: { false })
                return recognizer
            },
            detector: { () throws(SpeechError) in try Silero(models, runtime: try runtime.get()) },
            turns: { () throws(SpeechError) in
                let judge = try SmartTurn(models, runtime: try runtime.get())
                _ = try judge.endOfTurnProbability(noise)
                return judge
            },
            synthesizer: { () throws(SpeechError) in
                let synthesizer = try Piper(models, runtime: try runtime.get())
                let utterance = try synthesizer.begin("I am here.", voice: VoiceSettings())
                while try utterance.next() != nil {}
                return synthesizer
            })
    }
}
