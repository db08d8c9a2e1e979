import Foundation
import JSON

/// What a Piper voice's JSON file says about it.
package struct PiperConfiguration {
    /// Samples per second of what the voice makes.
    package let sampleRate: Int
    /// espeak-ng's name of the language, such as `en-us`.
    package let language: String
    /// How much the sound varies.
    let noiseScale: Double
    /// How long sounds are; 1 is the voice's own pace.
    let lengthScale: Double
    /// How much the lengths vary.
    let noiseWidth: Double
    /// The numbers of each phoneme.
    let identifiers: [Unicode.Scalar: [Int64]]

    /// Numbers that Piper puts before, between and after phonemes.
    private static let (padding, start, end) = (Unicode.Scalar("_"), Unicode.Scalar("^"), Unicode.Scalar("$"))

    /// Reads the JSON of a voice.
    package init(_ text: [UInt8]) throws(SpeechError) {
        guard let value = try? JSONValue(parsing: text) else { throw Self.wrong("it is no JSON") }
        guard let rate = value["audio"]?["sample_rate"]?.integer, (8000...48_000).contains(rate) else {
            throw Self.wrong("audio.sample_rate is not between 8000 and 48000")
        }
        guard let language = value["espeak"]?["voice"]?.string else { throw Self.wrong("espeak.voice is missing") }
        guard value["num_speakers"]?.integer ?? 1 == 1 else { throw Self.wrong("it has several speakers") }
        guard let map = value["phoneme_id_map"]?.object else { throw Self.wrong("phoneme_id_map is missing") }
        var identifiers: [Unicode.Scalar: [Int64]] = [:]
        for (phoneme, numbers) in map {
            guard phoneme.unicodeScalars.count == 1, let scalar = phoneme.unicodeScalars.first else { continue }
            identifiers[scalar] = numbers.array?.compactMap { $0.integer.map(Int64.init) } ?? []
        }
        for needed in [Self.padding, Self.start, Self.end] where identifiers[needed] == nil {
            throw Self.wrong("phoneme_id_map lacks '\(needed)'")
        }
        sampleRate = rate
        self.language = language
        noiseScale = value["inference"]?["noise_scale"]?.double ?? 0.667
        lengthScale = value["inference"]?["length_scale"]?.double ?? 1
        noiseWidth = value["inference"]?["noise_w"]?.double ?? 0.8
        self.identifiers = identifiers
    }

    /// The numbers of a sentence's phonemes; what the voice does not know is left out.
    package func numbers(of phonemes: String) -> [Int64] {
        let padding = identifiers[Self.padding] ?? []
        var numbers = (identifiers[Self.start] ?? []) + padding
        // Voices are trained on decomposed text: a nasal vowel is the vowel and a tilde.
        for scalar in phonemes.decomposedStringWithCanonicalMapping.unicodeScalars {
            guard let identifier = identifiers[scalar] else { continue }
            numbers += identifier + padding
        }
        return numbers + (identifiers[Self.end] ?? [])
    }

    private static func wrong(_ reason: String) -> SpeechError {
        .unusablePart(.voice, reason: "in the voice's JSON file, \(reason)")
    }
}
