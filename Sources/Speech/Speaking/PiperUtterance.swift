/// A text that a Piper voice speaks, sentence by sentence, a few frames at a time.
final class PiperUtterance: Utterance {
    private let voice: PiperVoice
    private let phonemizer: Phonemizer
    private let speed: Double
    private var sentences: ArraySlice<String>
    private var frames: PiperVoice.Frames?
    private var position = 0
    private var chunkCount: Int
    private var resampler: Resampler

    /// Frames of the first piece, about 0.14 s: the sooner it is there, the sooner she is heard, and it lasts longer than
    /// the next piece takes to make.
    private static let firstChunk = 12
    /// Larger pieces cost less, because each pays for its margins; interruption waits for one of them.
    private static let largestChunk = 64

    init(_ text: String, voice: PiperVoice, phonemizer: Phonemizer, speed: Double) {
        self.voice = voice
        self.phonemizer = phonemizer
        self.speed = speed
        sentences = SpokenClauses.sentences(of: SpokenText.spoken(text))[...]
        chunkCount = Self.firstChunk
        resampler = Resampler(from: voice.configuration.sampleRate, to: 24_000)
    }

    func next() throws(SpeechError) -> [Int16]? {
        guard let frames else {
            guard let sentence = sentences.popFirst() else { return nil }
            let phonemes = try phonemizer.phonemes(sentence, language: voice.configuration.language)
            guard !phonemes.isEmpty else { return [] }
            self.frames = try voice.frames(phonemes: phonemes, speed: speed)
            position = 0
            return []
        }
        // A last piece that is nearly as long as its margins is made together with the one before.
        let rest = frames.count - position
        let count = rest < chunkCount * 3 / 2 ? rest : chunkCount
        var sound = resampler.process(try voice.sound(of: frames, position..<position + count))
        position += count
        chunkCount = min(2 * chunkCount, Self.largestChunk)
        if position == frames.count {
            self.frames = nil
            if sentences.isEmpty { sound += resampler.finish() }
        }
        return sound.map { Int16(max(-1, min(1, $0)) * 32_767) }
    }
}
