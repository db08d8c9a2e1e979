import Foundation
import JSON

/// Reads a JSON array an element at a time, so that a large file is never in memory as a whole, and a broken element
/// spoils no other.
struct JSONArrayReader {
    private let bytes: Data
    private var position: Int
    /// Bytes of an element; parsed, it takes many times as much memory.
    private static let maximumElement = 64 << 20

    /// - Throws: ``MalformedConversation`` when the file does not begin with `[`.
    init(_ bytes: Data) throws {
        self.bytes = bytes
        position = bytes.startIndex
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position += 3 }
        skipSpace()
        guard peek() == UInt8(ascii: "[") else {
            throw MalformedConversation(reason: "expected a list of conversations, which begins with '['")
        }
        position += 1
    }

    /// The next element, or why it cannot be read; nil at the end of the array.
    mutating func next() -> Result<JSONValue, MalformedConversation>? {
        skipSpace()
        guard let byte = peek() else { return nil }
        if byte == UInt8(ascii: "]") {
            position = bytes.endIndex
            return nil
        }
        if byte == UInt8(ascii: ",") {
            position += 1
            skipSpace()
            if peek() == nil || peek() == UInt8(ascii: "]") { return next() }
        }
        let start = position
        let isWhole = skipElement()
        guard isWhole, position > start else {
            position = bytes.endIndex
            return .failure(MalformedConversation(reason: "the file ends, or the list breaks off, inside of it"))
        }
        guard position - start <= Self.maximumElement else {
            return .failure(MalformedConversation(reason: "it is larger than \(Self.maximumElement >> 20) MiB"))
        }
        do {
            return .success(try JSONValue(parsing: bytes[start..<position], maximumDepth: 128))
        } catch {
            return .failure(MalformedConversation(reason: error.description))
        }
    }

    /// Goes to the comma or bracket that ends the element; false when the file ends before.
    private mutating func skipElement() -> Bool {
        var depth = 0
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\""):
                guard skipString() else { return false }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: "]"):
                if depth == 0 { return true }
                depth -= 1
            case UInt8(ascii: ",") where depth == 0: return true
            default: break
            }
            guard depth >= 0 else { return false }
            position += 1
        }
        return false
    }

    private mutating func skipString() -> Bool {
        position += 1
        while let byte = peek() {
            position += 1
            if byte == UInt8(ascii: "\"") { return true }
            if byte == UInt8(ascii: "\\") { position += 1 }
        }
        return false
    }

    private func peek() -> UInt8? { position < bytes.endIndex ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }
}
