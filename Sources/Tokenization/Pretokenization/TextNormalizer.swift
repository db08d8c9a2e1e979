import Foundation

/// A Unicode normal form that a tokenizer applies to text before splitting it.
public enum TextNormalizer: String, Sendable, CaseIterable {
    /// Canonical composition: Qwen's.
    case nfc = "NFC"
    /// Canonical decomposition.
    case nfd = "NFD"
    /// Compatibility composition.
    case nfkc = "NFKC"
    /// Compatibility decomposition.
    case nfkd = "NFKD"

    /// The text in this form.
    func normalize(_ text: String) -> String {
        guard !leavesUnchanged(text.utf8) else { return text }
        let text = CombiningMarkOrder.ordered(text, isCompatibility: self == .nfkc || self == .nfkd)
        return switch self {
        case .nfc: text.precomposedStringWithCanonicalMapping
        case .nfd: text.decomposedStringWithCanonicalMapping
        case .nfkc: text.precomposedStringWithCompatibilityMapping
        case .nfkd: text.decomposedStringWithCompatibilityMapping
        }
    }

    /// Whether every byte shows that its scalar stays as it is: in UTF-8 everything below U+0300 begins below 0xCC.
    private func leavesUnchanged(_ bytes: String.UTF8View) -> Bool {
        let limit: UInt8 = self == .nfc ? 0xCC : 0x80
        return bytes.allSatisfy { $0 < limit }
    }
}
