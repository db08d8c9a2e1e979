import CSpeech
import Foundation

/// Turns text into phonemes of the International Phonetic Alphabet, with espeak-ng.
///
/// The library keeps one state for the whole process and is used from one thread.
final class Phonemizer {
    private var espeak = espeak_library()
    private var language = ""

    /// - Throws: ``SpeechError/missingLibrary(name:package:reason:)``.
    init() throws(SpeechError) {
        var reason = [CChar](repeating: 0, count: 256)
        guard espeak_open(&espeak, &reason, reason.count) else {
            throw .missingLibrary(
                name: "espeak-ng", package: "libespeak-ng1 espeak-ng-data", reason: OnnxRuntime.text(reason))
        }
    }

    /// The phonemes of one sentence in a language, with the punctuation that shapes its melody.
    func phonemes(_ sentence: String, language: String) throws(SpeechError) -> String {
        try select(language)
        var phonemes = ""
        // The library drops punctuation, so it sees one clause at a time and the marks are put back.
        for clause in SpokenClauses.clauses(of: sentence) {
            let spoken = spoken(clause.text)
            guard !spoken.isEmpty else { continue }
            if !phonemes.isEmpty { phonemes += " " }
            phonemes += spoken
            if let mark = clause.mark { phonemes.append(mark) }
        }
        return phonemes
    }

    private func select(_ language: String) throws(SpeechError) {
        guard language != self.language else { return }
        guard espeak.set_voice(language) == 0 else {
            throw .unusablePart(.voice, reason: "espeak-ng does not know its language '\(language)'")
        }
        self.language = language
    }

    private func spoken(_ text: String) -> String {
        var parts: [String] = []
        text.withCString { start in
            var rest: UnsafePointer<CChar>? = start
            while rest != nil {
                guard let found = espeak_next_clause(&espeak, &rest) else { break }
                parts.append(String(cString: found))
            }
        }
        return Self.withoutLanguageMarks(parts.joined(separator: " "))
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Foreign words come as `(fr)…(en-us)`.
    private static func withoutLanguageMarks(_ phonemes: String) -> String {
        phonemes.replacing(#/\([a-z-]{2,10}\)/#, with: "")
    }
}
