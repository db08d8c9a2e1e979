import Foundation

/// Piper voices: text to speech.
final class Piper: SpeechSynthesizing {
    private let models: SpeechModels
    private let runtime: OnnxRuntime
    private let phonemizer: Phonemizer
    private var voices: [URL: PiperVoice] = [:]

    /// Loads the default voice, if it is here.
    init(_ models: SpeechModels, runtime: OnnxRuntime) throws(SpeechError) {
        self.models = models
        self.runtime = runtime
        phonemizer = try Phonemizer()
        _ = try voice(at: try models.voice(named: nil))
    }

    func begin(_ text: String, voice settings: VoiceSettings) throws(SpeechError) -> any Utterance {
        guard (0.25...4).contains(settings.speed) else {
            throw .invalidInput("the speed of the voice is \(settings.speed), expected 0.25 to 4")
        }
        let voice = try voice(at: try models.voice(named: settings.name))
        return PiperUtterance(text, voice: voice, phonemizer: phonemizer, speed: settings.speed)
    }

    private func voice(at model: URL) throws(SpeechError) -> PiperVoice {
        if let voice = voices[model] { return voice }
        let voice = try PiperVoice(model, runtime: runtime)
        voices[model] = voice
        return voice
    }
}
