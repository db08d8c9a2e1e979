import CSpeech
import Foundation
import Locking

/// Turns text into phonemes of the International Phonetic Alphabet, with espeak-ng.
struct Phonemizer {
    private struct Library {
        var espeak: espeak_library
        var language: String
    }

    /// The library keeps one state for the whole process, and corrupts it when two threads are in it.
    private static let library = Locked<Library?>(nil)

    /// Opens the library if that has not been done.
    ///
    /// - Throws: ``SpeechError/missingLibrary(name:package:reason:)``.
    init() throws(SpeechError) {
        try Self.library.withLock { (library) throws(SpeechError) in
            guard library == nil else { return }
            var espeak = espeak_library()
            var reason = [CChar](repeating: 0, count: 256)
            guard espeak_open(&espeak, &reason, reason.count) else {
                throw .missingLibrary(
                    name: "espeak-ng", package: "libespeak-ng1 espeak-ng-data", reason: OnnxRuntime.text(reason))
            }
            library = Library(espeak: espeak, language: "")
        }
    }

    /// The phonemes of one sentence in a language, with the punctuation that shapes its melody.
    func phonemes(_ sentence: String, language: String) throws(SpeechError) -> String {
        try Self.library.withLock { (library) throws(SpeechError) in
            guard let espeak = library?.espeak else { return "" }
            if library?.language != language {
                guard espeak.set_voice(language) == 0 else {
                    throw .unusablePart(.voice, reason: "espeak-ng does not know its language '\(language)'")
                }
                library?.language = language
            }
            return Self.phonemes(sentence, espeak)
        }
    }

    /// The library drops punctuation, so it sees one clause at a time and the marks are put back.
    private static func phonemes(_ sentence: String, _ espeak: espeak_library) -> String {
        var phonemes = ""
        for clause in SpokenClauses.clauses(of: sentence) {
            let spoken = spoken(clause.text, espeak)
            guard !spoken.isEmpty else { continue }
            if !phonemes.isEmpty { phonemes += " " }
            phonemes += spoken
            if let mark = clause.mark { phonemes.append(mark) }
        }
        return phonemes
    }

    private static func spoken(_ text: String, _ espeak: espeak_library) -> String {
        var espeak = espeak
        var parts: [String] = []
        text.withCString { start in
            var rest: UnsafePointer<CChar>? = start
            while rest != nil {
                guard let found = espeak_next_clause(&espeak, &rest) else { break }
                parts.append(String(cString: found))
            }
        }
        return withoutLanguageMarks(parts.joined(separator: " ")).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Foreign words come as `(fr)…(en-us)`.
    private static func withoutLanguageMarks(_ phonemes: String) -> String {
        phonemes.replacing(#/\([a-z-]{2,10}\)/#, with: "")
    }
}
