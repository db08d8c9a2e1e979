import Foundation

/// A Unicode normal form that a tokenizer applies to text before splitting it.
///
/// The compatibility forms are not offered: Foundation's are wrong where a mark follows what decomposes into marks.
public enum TextNormalizer: String, Sendable, CaseIterable {
    /// Canonical composition: Qwen's.
    case nfc = "NFC"
    /// Canonical decomposition.
    case nfd = "NFD"

    /// The text in this form.
    func normalize(_ text: String) -> String {
        guard !leavesUnchanged(text.utf8) else { return text }
        let ordered = CombiningMarks.ordered(text)
        return switch self {
        case .nfc: Hangul.composed(ordered.precomposedStringWithCanonicalMapping)
        case .nfd: ordered.decomposedStringWithCanonicalMapping
        }
    }

    /// Whether every byte shows that its scalar stays as it is: in UTF-8 everything below U+0300 begins below 0xCC.
    private func leavesUnchanged(_ bytes: String.UTF8View) -> Bool {
        let limit: UInt8 = self == .nfc ? 0xCC : 0x80
        return bytes.allSatisfy { $0 < limit }
    }
}

/// Korean syllables, which compose by arithmetic (Unicode, section 3.12).
enum Hangul {
    private static let syllables: Range<UInt32> = 0xAC00..<0xD7A4
    /// The final consonants; the scalar before the first stands for none.
    private static let finals: Range<UInt32> = 0x11A8..<0x11C3

    /// The text with a final consonant joined to the syllable before it, which Foundation leaves undone.
    static func composed(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { finals.contains($0.value) }) else { return text }
        var output = String.UnicodeScalarView()
        var open: UInt32?
        for scalar in text.unicodeScalars {
            if let syllable = open, finals.contains(scalar.value),
                let whole = Unicode.Scalar(syllable + scalar.value - (finals.lowerBound - 1))
            {
                output.removeLast()
                output.append(whole)
                open = nil
                continue
            }
            output.append(scalar)
            let isOpen = syllables.contains(scalar.value) && (scalar.value - syllables.lowerBound) % 28 == 0
            open = isOpen ? scalar.value : nil
        }
        return String(output)
    }
}
