/// Speech to text, on one thread.
package protocol SpeechRecognizing: AnyObject {
    /// The text of 16 kHz samples; what there is of it when cancelled.
    func transcribe(_ samples: [Float], isCancelled: () -> Bool) throws(SpeechError) -> String
}

/// Voice activity of many streams, on one thread.
package protocol SpeechDetecting: AnyObject {
    /// The probability of speech in 512 samples at 16 kHz; a new stream starts with its first window.
    func speechProbability(_ window: [Float], stream: UInt32) throws(SpeechError) -> Float
    /// Forgets a stream.
    func forget(stream: UInt32)
}

/// Whether a speaker has finished, on one thread.
package protocol TurnJudging: AnyObject {
    /// The probability that 16 kHz samples are a whole turn.
    func endOfTurnProbability(_ samples: [Float]) throws(SpeechError) -> Float
}

/// Text to speech, on one thread.
package protocol SpeechSynthesizing: AnyObject {
    /// Starts to speak; nothing is computed yet.
    func begin(_ text: String, voice: VoiceSettings) throws(SpeechError) -> any Utterance
}

/// A text that is being spoken, piece by piece.
package protocol Utterance: AnyObject {
    /// The next 24 kHz samples; nil at the end, and empty when more work is needed first.
    func next() throws(SpeechError) -> [Int16]?
}
