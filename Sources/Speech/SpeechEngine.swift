/// Hearing and speaking: the supervised worker, or a scripted stand-in in tests.
public protocol SpeechEngine: Sendable {
    /// The text of a stretch of speech; empty when nothing was said.
    ///
    /// - Parameter samples: 16 kHz, mono, in -1…1.
    func transcribe(_ samples: [Float]) async throws -> String

    /// Speaks a clause or sentence: chunks of 24 kHz mono samples, as they come. Cancelling the task that iterates
    /// ends the work at the next chance.
    func synthesize(_ text: String, voice: VoiceSettings) -> AsyncThrowingStream<[Int16], any Error>

    /// A voice activity detector for one call; it keeps state between windows.
    func makeVoiceActivityDetector() async throws -> any VoiceActivityDetector

    /// How likely it is, from 0 to 1, that the speaker has finished; nil where no such model is installed.
    ///
    /// - Parameter samples: The turn so far, 16 kHz, mono, in -1…1; its last 8 s count.
    func endOfTurnProbability(_ samples: [Float]) async throws -> Float?
}

/// Tells speech from everything else, a window at a time.
public protocol VoiceActivityDetector: Sendable {
    /// The probability, from 0 to 1, that the window holds speech.
    ///
    /// - Parameter window: 512 samples at 16 kHz (32 ms), in -1…1.
    func speechProbability(_ window: [Float]) async throws -> Float
    /// Forgets what came before.
    func reset() async
}

/// How a text is to be spoken.
public struct VoiceSettings: Sendable, Equatable {
    /// The voice's name in the catalogue; nil is the default voice.
    public var name: String?
    /// 1 is the voice's own pace; larger is faster.
    public var speed: Double

    /// Settings with these parts.
    public init(name: String? = nil, speed: Double = 1) {
        self.name = name
        self.speed = speed
    }
}
