/// Searching text for text in linear time, whatever a template or a message makes of it.
enum PythonSearch {
    /// Byte offsets of non-overlapping occurrences of a non-empty text, from the left.
    static func offsets(of needle: [UInt8], in bytes: [UInt8], limit: Int = .max) -> [Int] {
        guard !needle.isEmpty, needle.count <= bytes.count, limit > 0 else { return [] }
        let borders = borders(of: needle)
        var found: [Int] = []
        var matched = 0
        for (index, byte) in bytes.enumerated() {
            while matched > 0, needle[matched] != byte { matched = borders[matched - 1] }
            if needle[matched] == byte { matched += 1 }
            if matched == needle.count {
                found.append(index + 1 - needle.count)
                if found.count == limit { break }
                matched = 0
            }
        }
        return found
    }

    /// Byte offsets of non-overlapping occurrences of a non-empty text, counted from the right, in falling order.
    static func offsetsFromRight(of needle: [UInt8], in bytes: [UInt8], limit: Int = .max) -> [Int] {
        offsets(of: needle.reversed(), in: bytes.reversed(), limit: limit).map { bytes.count - $0 - needle.count }
    }

    /// For each prefix, the length of its longest proper prefix that also ends it (Knuth, Morris and Pratt).
    private static func borders(of needle: [UInt8]) -> [Int] {
        var borders = Array(repeating: 0, count: needle.count)
        var length = 0
        for index in needle.indices.dropFirst() {
            while length > 0, needle[index] != needle[length] { length = borders[length - 1] }
            if needle[index] == needle[length] { length += 1 }
            borders[index] = length
        }
        return borders
    }

    static func contains(_ text: String, _ needle: String) -> Bool {
        needle.isEmpty || !offsets(of: Array(needle.utf8), in: Array(text.utf8), limit: 1).isEmpty
    }

    /// The pieces between the cuts, which are `width` bytes wide.
    static func pieces(of bytes: [UInt8], cuts: [Int], width: Int) -> [String] {
        var pieces: [String] = []
        var start = 0
        for cut in cuts {
            pieces.append(String(decoding: bytes[start..<cut], as: UTF8.self))
            start = cut + width
        }
        pieces.append(String(decoding: bytes[start...], as: UTF8.self))
        return pieces
    }

    /// How many code points the bytes hold.
    static func scalarCount(_ bytes: some Sequence<UInt8>) -> Int {
        bytes.reduce(0) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) }
    }
}
