/// Why a text is not JSON, and where.
public struct JSONError: Error, Equatable, CustomStringConvertible, Sendable {
    /// Byte offset from the start of the text.
    public let offset: Int
    /// What was found and what was expected.
    public let message: String

    /// One line: where, and what.
    public var description: String { "invalid JSON at byte \(offset): \(message)" }
}

extension JSONValue {
    /// Parses one JSON text (RFC 8259) from UTF-8 bytes.
    ///
    /// - Parameter maximumDepth: how deep arrays and objects may nest; hostile input cannot exhaust the stack.
    public init(parsing bytes: some Sequence<UInt8>, maximumDepth: Int = 256) throws(JSONError) {
        let contiguous = ContiguousArray(bytes)
        let result = contiguous.withUnsafeBufferPointer { buffer -> Result<JSONValue, JSONError> in
            var parser = JSONParser(bytes: buffer, maximumDepth: maximumDepth)
            do throws(JSONError) { return .success(try parser.parseDocument()) } catch { return .failure(error) }
        }
        self = try result.get()
    }

    /// Parses one JSON text from bytes that are already in memory, without copying them first.
    public init(parsing buffer: UnsafeRawBufferPointer, maximumDepth: Int = 256) throws(JSONError) {
        var parser = JSONParser(bytes: buffer.bindMemory(to: UInt8.self), maximumDepth: maximumDepth)
        self = try parser.parseDocument()
    }

    /// Parses one JSON text.
    public init(parsing text: String, maximumDepth: Int = 256) throws(JSONError) {
        try self.init(parsing: text.utf8, maximumDepth: maximumDepth)
    }
}

/// A recursive-descent parser over bytes.
struct JSONParser {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let maximumDepth: Int
    private var position = 0

    init(bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    mutating func parseDocument() throws(JSONError) -> JSONValue {
        let value = try parseValue(depth: 0)
        skipWhitespace()
        guard position == bytes.count else { throw failure("text after the end of the value") }
        return value
    }

    private mutating func parseValue(depth: Int) throws(JSONError) -> JSONValue {
        guard depth <= maximumDepth else { throw failure("nested deeper than \(maximumDepth) levels") }
        skipWhitespace()
        guard let byte = peek() else { throw failure("the text ends where a value was expected") }
        switch byte {
        case UInt8(ascii: "{"): return try parseObject(depth: depth)
        case UInt8(ascii: "["): return try parseArray(depth: depth)
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseLiteral("true", .bool(true))
        case UInt8(ascii: "f"): return try parseLiteral("false", .bool(false))
        case UInt8(ascii: "n"): return try parseLiteral("null", .null)
        default: return try parseNumber()
        }
    }

    private mutating func parseObject(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var object = JSONObject()
        skipWhitespace()
        if consume(UInt8(ascii: "}")) { return .object(object) }
        while true {
            skipWhitespace()
            guard peek() == UInt8(ascii: "\"") else { throw failure("expected a quoted member name") }
            let key = try parseString()
            skipWhitespace()
            guard consume(UInt8(ascii: ":")) else { throw failure("expected ':' after a member name") }
            object[key] = try parseValue(depth: depth + 1)
            skipWhitespace()
            if consume(UInt8(ascii: ",")) { continue }
            guard consume(UInt8(ascii: "}")) else { throw failure("expected ',' or '}' in an object") }
            return .object(object)
        }
    }

    private mutating func parseArray(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var elements: [JSONValue] = []
        skipWhitespace()
        if consume(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            elements.append(try parseValue(depth: depth + 1))
            skipWhitespace()
            if consume(UInt8(ascii: ",")) { continue }
            guard consume(UInt8(ascii: "]")) else { throw failure("expected ',' or ']' in an array") }
            return .array(elements)
        }
    }

    private mutating func parseLiteral(_ literal: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for offset in 0..<literal.utf8CodeUnitCount {
            guard position + offset < bytes.count, bytes[position + offset] == literal.utf8Start[offset] else {
                throw failure("expected '\(literal)'")
            }
        }
        position += literal.utf8CodeUnitCount
        return value
    }

    // MARK: Strings

    private mutating func parseString() throws(JSONError) -> String {
        position += 1
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                defer { position += 1 }
                return try text(start..<position)
            }
            if byte == UInt8(ascii: "\\") { return try parseEscapedString(from: start) }
            guard byte >= 0x20 else { throw failure("a control character inside a string must be escaped") }
            position += 1
        }
        throw failure("the text ends inside a string")
    }

    private mutating func parseEscapedString(from start: Int) throws(JSONError) -> String {
        var unescaped = ContiguousArray(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: unescaped, as: UTF8.self) else {
                    throw failure("a string is not valid UTF-8")
                }
                return text
            case UInt8(ascii: "\\"): try parseEscape(into: &unescaped)
            case ..<0x20: throw failure("a control character inside a string must be escaped")
            default: unescaped.append(byte)
            }
        }
        throw failure("the text ends inside a string")
    }

    private mutating func parseEscape(into output: inout ContiguousArray<UInt8>) throws(JSONError) {
        guard let byte = peek() else { throw failure("the text ends inside an escape") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(byte)
        case UInt8(ascii: "b"): output.append(0x08)
        case UInt8(ascii: "f"): output.append(0x0C)
        case UInt8(ascii: "n"): output.append(0x0A)
        case UInt8(ascii: "r"): output.append(0x0D)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "u"): output.append(contentsOf: Array(String(try parseUnicodeEscape()).utf8))
        default: throw failure("unknown escape '\\\(Character(Unicode.Scalar(byte)))'")
        }
    }

    /// One code point; a lone surrogate becomes U+FFFD, because a Swift string cannot hold it.
    private mutating func parseUnicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let replacement: Unicode.Scalar = "\u{FFFD}"
        let high = try parseHexQuad()
        guard (0xD800...0xDBFF).contains(high) else { return Unicode.Scalar(high) ?? replacement }
        let rewind = position
        guard consume(UInt8(ascii: "\\")), consume(UInt8(ascii: "u")) else {
            position = rewind
            return replacement
        }
        let low = try parseHexQuad()
        guard (0xDC00...0xDFFF).contains(low) else {
            position = rewind
            return replacement
        }
        return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) ?? replacement
    }

    private mutating func parseHexQuad() throws(JSONError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw failure("the text ends inside a \\u escape") }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
                throw failure("expected four hexadecimal digits after \\u")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    private func text(_ range: Range<Int>) throws(JSONError) -> String {
        guard let text = String(validating: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self) else {
            throw JSONError(offset: range.lowerBound, message: "a string is not valid UTF-8")
        }
        return text
    }

    // MARK: Numbers

    private mutating func parseNumber() throws(JSONError) -> JSONValue {
        let start = position
        var isInteger = true
        _ = consume(UInt8(ascii: "-"))
        let wholeStart = position
        try skipDigits()
        if position - wholeStart > 1, bytes[wholeStart] == UInt8(ascii: "0") {
            throw failure("a number may not start with 0")
        }
        if consume(UInt8(ascii: ".")) {
            isInteger = false
            try skipDigits()
        }
        if consume(UInt8(ascii: "e")) || consume(UInt8(ascii: "E")) {
            isInteger = false
            if !consume(UInt8(ascii: "+")) { _ = consume(UInt8(ascii: "-")) }
            try skipDigits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let value = Int(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else { throw failure("the number \(text) is out of range") }
        return .number(value)
    }

    private mutating func skipDigits() throws(JSONError) {
        let start = position
        while let byte = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else {
            let found = peek().map { "'\(Character(Unicode.Scalar($0)))'" } ?? "the end of the text"
            throw failure("expected a value, found \(found)")
        }
    }

    // MARK: Bytes

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func consume(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipWhitespace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func failure(_ message: String) -> JSONError { JSONError(offset: position, message: message) }
}
