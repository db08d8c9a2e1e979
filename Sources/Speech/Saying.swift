import Foundation

/// Speaks a text of any length, as `annie say` does.
public enum Saying {
    /// All of it as a sound of 24 kHz.
    public static func speak(
        _ text: String, with engine: any SpeechEngine, voice: VoiceSettings = VoiceSettings()
    ) async throws -> WaveFile {
        var samples: [Float] = []
        for try await chunk in engine.synthesize(text, voice: voice) { samples += chunk.map { Float($0) / 32_768 } }
        return WaveFile(samples: samples, sampleRate: 24_000)
    }
}
