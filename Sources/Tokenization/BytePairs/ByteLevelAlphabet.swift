/// GPT-2's one-to-one map between the 256 bytes and 256 printable characters.
///
/// Byte-level vocabularies are written in these characters, so that a token which is half a code point is still text
/// (a space is written `Ġ`). Printable bytes stand for themselves, the others for U+0100 onwards.
/// Source: the `bytes_to_unicode` table of the GPT-2 release.
enum ByteLevelAlphabet {
    /// The character of each byte.
    static let scalars: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (UInt32(0)..<256).map { byte in
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return Unicode.Scalar(byte) ?? " "
            default:
                defer { next += 1 }
                return Unicode.Scalar(next) ?? " "
            }
        }
    }()

    /// The byte of each character below U+0180, or -1 where the character is not in the alphabet.
    private static let byteOfScalar: [Int16] = {
        var table = [Int16](repeating: -1, count: 0x180)
        for (byte, scalar) in scalars.enumerated() { table[Int(scalar.value)] = Int16(byte) }
        return table
    }()

    /// Appends the bytes that a vocabulary entry stands for.
    ///
    /// - Returns: false, with `output` as before, when the entry holds a character outside the alphabet.
    static func appendBytes(of entry: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) -> Bool {
        let start = output.count
        let isMapped = byteOfScalar.withUnsafeBufferPointer { table in
            var position = 0
            while position < entry.count {
                var scalar = Int(entry[position])
                position += 1
                // The whole alphabet lies below U+0180, so its characters take one or two bytes of UTF-8.
                if scalar >= 0x80 {
                    guard (0xC2...0xDF).contains(scalar), position < entry.count, entry[position] & 0xC0 == 0x80
                    else { return false }
                    scalar = (scalar & 0x1F) << 6 | Int(entry[position] & 0x3F)
                    position += 1
                }
                guard scalar < table.count, table[scalar] >= 0 else { return false }
                output.append(UInt8(truncatingIfNeeded: table[scalar]))
            }
            return true
        }
        if !isMapped { output.removeSubrange(start...) }
        return isMapped
    }

    /// How the vocabulary writes these bytes.
    static func text(of bytes: some Sequence<UInt8>) -> String {
        var text = String.UnicodeScalarView()
        for byte in bytes { text.append(scalars[Int(byte)]) }
        return String(text)
    }
}
