import Foundation

/// The pieces of text that Moonshine's tokens stand for.
package struct MoonshineVocabulary {
    private let pieces: [ArraySlice<UInt8>]

    /// The token before the text, and the one after it.
    static let start: Int64 = 1
    static let end: Int64 = 2

    package var count: Int { pieces.count }

    /// Reads `tokenizer.bin`: pieces one after the other, each with its length before it, in one byte or in two.
    package init(_ bytes: [UInt8]) throws(SpeechError) {
        var pieces: [ArraySlice<UInt8>] = []
        var position = 0
        while position < bytes.count {
            var length = Int(bytes[position])
            position += 1
            if length >= 128 {
                guard position < bytes.count else { throw Self.damaged }
                length = Int(bytes[position]) * 128 + length - 128
                position += 1
            }
            guard length <= bytes.count - position else { throw Self.damaged }
            pieces.append(bytes[position..<position + length])
            position += length
        }
        guard pieces.count > 3 else { throw Self.damaged }
        self.pieces = pieces
    }

    private static let damaged = SpeechError.unusablePart(
        .recognizer, reason: "tokenizer.bin ends in the middle of a token")

    /// The text of tokens, without space around it.
    package func text(_ tokens: [Int64]) -> String {
        var bytes: [UInt8] = []
        for token in tokens where token > 2 && token < pieces.count { bytes.append(contentsOf: piece(token)) }
        return String(decoding: bytes, as: UTF8.self).replacing("\u{2581}", with: " ")
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A piece such as `<0x41>` stands for a byte.
    private func piece(_ token: Int64) -> ArraySlice<UInt8> {
        let piece = pieces[Int(token)]
        guard piece.count == 6, piece.starts(with: Array("<0x".utf8)), piece.last == UInt8(ascii: ">"),
            let byte = UInt8(String(decoding: piece.dropFirst(3).prefix(2), as: UTF8.self), radix: 16)
        else { return piece }
        return [byte]
    }
}
