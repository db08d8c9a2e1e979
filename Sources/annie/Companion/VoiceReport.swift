import Gateway
import Speech

/// Whether she hears and speaks, and what to run where she does not.
enum VoiceReport {
    /// The command that brings every part.
    static let command = "./annie pull speech"

    static func state(of worker: SpeechWorker?, models: SpeechModels?) async -> Gateway.VoiceState {
        guard let worker, let models else {
            return .init(hearing: false, speaking: false, missing: [("voice (turned off)", "./annie up --voice")])
        }
        let unusable: [SpeechPart: SpeechError]
        // A worker that is being started again has the parts that are on the disk.
        do { unusable = try await worker.unusableParts() } catch {
            unusable = Dictionary(uniqueKeysWithValues: models.missingParts.map { ($0, SpeechError.missingPart($0)) })
        }
        let needed: (Set<SpeechPart>) -> Bool = { $0.isDisjoint(with: unusable.keys) }
        return .init(
            hearing: needed([.library, .recognizer, .voiceActivity]), speaking: needed([.library, .voice]),
            missing: unusable.keys.sorted { $0.rawValue < $1.rawValue }.map { ($0.rawValue, command) })
    }
}

/// No hearing and no voice, by the user's wish.
struct SilentSpeech: SpeechEngine {
    func transcribe(_ samples: [Float]) async throws -> String { throw SpeechError.missingPart(.recognizer) }
    func synthesize(_ text: String, voice: VoiceSettings) -> AsyncThrowingStream<[Int16], any Error> {
        AsyncThrowingStream { $0.finish(throwing: SpeechError.missingPart(.voice)) }
    }
    func makeVoiceActivityDetector() async throws -> any VoiceActivityDetector {
        throw SpeechError.missingPart(.voiceActivity)
    }
    func endOfTurnProbability(_ samples: [Float]) async throws -> Float? { nil }
}
