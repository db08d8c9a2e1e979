/// Reads a tiktoken rank file: one token a line, its bytes in base64, a space and its rank, which is also its id.
enum RankFile {
    static func vocabulary(_ file: UnsafeBufferPointer<UInt8>) throws(TokenizerError) -> Vocabulary {
        var vocabulary = Vocabulary()
        vocabulary.reserveCapacity(tokens: file.count / 16, bytes: file.count / 2)
        var token: [UInt8] = []
        var line = 0
        var position = 0
        while position < file.count {
            line += 1
            let end = file[position...].firstIndex(of: 0x0A) ?? file.count
            defer { position = end + 1 }
            let text = file[position..<end].last == 0x0D ? file[position..<end - 1] : file[position..<end]
            if text.isEmpty { continue }
            guard let space = text.firstIndex(of: 0x20) else { throw .invalidRank(line: line, reason: "no space") }
            token.removeAll(keepingCapacity: true)
            guard Base64.decode(text[..<space], into: &token), !token.isEmpty else {
                throw .invalidRank(line: line, reason: "the token is not base64")
            }
            guard let rank = integer(text[(space + 1)...]) else {
                throw .invalidRank(line: line, reason: "the rank is not a whole number")
            }
            try token.withUnsafeBufferPointer { (bytes) throws(TokenizerError) in
                try vocabulary.add(bytes: bytes, id: rank)
            }
        }
        try vocabulary.buildIndex()
        return vocabulary
    }

    private static func integer(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        guard (1...9).contains(digits.count) else { return nil }
        var value = 0
        for digit in digits {
            guard digit &- 0x30 < 10 else { return nil }
            value = value * 10 + Int(digit - 0x30)
        }
        return value
    }
}

/// Standard base64 with padding (RFC 4648).
enum Base64 {
    private static let values: [Int8] = {
        var table = [Int8](repeating: -1, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, character) in alphabet.utf8.enumerated() { table[Int(character)] = Int8(value) }
        return table
    }()

    /// Appends the decoded bytes; false, with some of them appended, when the text is malformed.
    static func decode(_ text: Slice<UnsafeBufferPointer<UInt8>>, into output: inout [UInt8]) -> Bool {
        guard text.count % 4 == 0 else { return false }
        var digits = text
        var padding = 0
        while padding < 2, digits.last == UInt8(ascii: "=") {
            digits = digits.dropLast()
            padding += 1
        }
        var bits: UInt32 = 0
        var bitCount = 0
        for digit in digits {
            let value = values[Int(digit)]
            guard value >= 0 else { return false }
            bits = bits << 6 | UInt32(value)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                output.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
            }
        }
        return bits & (1 << UInt32(bitCount) - 1) == 0
    }
}
