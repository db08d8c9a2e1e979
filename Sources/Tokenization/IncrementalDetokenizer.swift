/// Turns tokens into text one by one, as they are generated.
///
/// A token may end in the middle of a character. Such bytes are held back until the character is whole; a byte that can
/// never become one turns into U+FFFD at once. The pieces joined equal `Tokenizer.decode` of all ids.
public struct IncrementalDetokenizer: Sendable {
    private let tokenizer: Tokenizer
    private let skipsSpecialTokens: Bool
    private var held: [UInt8] = []

    /// A detokeniser at the start of a text.
    public init(_ tokenizer: Tokenizer, skipsSpecialTokens: Bool) {
        self.tokenizer = tokenizer
        self.skipsSpecialTokens = skipsSpecialTokens
    }

    /// The text that became certain with this token; often empty in the middle of a character.
    public mutating func append(_ id: Int32) -> String {
        guard !(skipsSpecialTokens && tokenizer.isSpecial(id)), let bytes = tokenizer.model.vocabulary.bytes(of: id)
        else { return "" }
        held.append(contentsOf: bytes)
        let certain = held.count - UTF8Tail.incompleteSuffix(of: held)
        defer { held.removeFirst(certain) }
        return String(decoding: held[..<certain], as: UTF8.self)
    }

    /// The end of the text: what is still held back can no longer be completed.
    public mutating func finish() -> String {
        defer { held.removeAll() }
        return String(decoding: held, as: UTF8.self)
    }
}

/// The end of a byte string that may yet become UTF-8.
enum UTF8Tail {
    /// How many bytes at the end begin a scalar that more bytes can complete: 0 to 3.
    static func incompleteSuffix(of bytes: [UInt8]) -> Int {
        for count in 1...3 where count <= bytes.count {
            let lead = bytes[bytes.count - count]
            if lead & 0xC0 == 0x80 { continue }
            guard let length = length(lead: lead), length > count else { return 0 }
            if count > 1, !secondBytes(lead: lead).contains(bytes[bytes.count - count + 1]) { return 0 }
            return count
        }
        return 0
    }

    /// The length of a multi-byte scalar by its first byte; nil for a byte that begins none.
    private static func length(lead: UInt8) -> Int? {
        switch lead {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: nil
        }
    }

    /// The bytes that may follow the first (Unicode, table 3-7): no overlong forms, surrogates or values past U+10FFFF.
    private static func secondBytes(lead: UInt8) -> ClosedRange<UInt8> {
        switch lead {
        case 0xE0: 0xA0...0xBF
        case 0xED: 0x80...0x9F
        case 0xF0: 0x90...0xBF
        case 0xF4: 0x80...0x8F
        default: 0x80...0xBF
        }
    }
}
