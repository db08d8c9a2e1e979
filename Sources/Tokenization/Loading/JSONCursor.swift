/// Walks JSON text token by token, for a reader that knows what to expect and gives up on anything else.
struct JSONCursor {
    /// The text is not as expected, or not JSON.
    struct GivesUp: Error {}

    let bytes: UnsafeBufferPointer<UInt8>
    private(set) var position = 0
    /// Where strings with escapes are written out; unescaped text is never longer, so it has room for all.
    private let arena: UnsafeMutableBufferPointer<UInt8>
    private var arenaUse = 0

    /// - Parameter arena: as long as `bytes`; it must live as long as the strings that are read.
    init(_ bytes: UnsafeBufferPointer<UInt8>, arena: UnsafeMutableBufferPointer<UInt8>) {
        self.bytes = bytes
        self.arena = arena
    }

    // MARK: Structure

    /// Enters an object or array; false when it is empty, which is then left again.
    mutating func open(_ bracket: Unicode.Scalar) throws(GivesUp) -> Bool {
        try expect(UInt8(ascii: bracket))
        // '}' is '{' + 2 and ']' is '[' + 2.
        guard isAt(Unicode.Scalar(UInt8(ascii: bracket) + 2)) else { return true }
        position += 1
        return false
    }

    /// Goes on to the next item; false when the object or array ends instead, which is then left.
    mutating func next(before bracket: Unicode.Scalar) throws(GivesUp) -> Bool {
        if isAt(",") {
            position += 1
            return true
        }
        try expect(UInt8(ascii: bracket))
        return false
    }

    /// Whether this is the next byte after white space.
    mutating func isAt(_ scalar: Unicode.Scalar) -> Bool {
        skipWhitespace()
        return position < bytes.count && bytes[position] == UInt8(ascii: scalar)
    }

    /// A member's name and the colon after it.
    mutating func name() throws(GivesUp) -> UnsafeBufferPointer<UInt8> {
        let name = try string()
        try expect(UInt8(ascii: ":"))
        skipWhitespace()
        return name
    }

    /// Passes over a value without checking it closely; the general parser does that.
    mutating func skipValue() throws(GivesUp) {
        var depth = 0
        repeat {
            skipWhitespace()
            guard position < bytes.count else { throw GivesUp() }
            switch bytes[position] {
            case UInt8(ascii: "\""): _ = try stringRange()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                position += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                guard depth > 0 else { throw GivesUp() }
                position += 1
            default: try skipScalar()
            }
        } while depth > 0
        guard depth == 0 else { throw GivesUp() }
    }

    private mutating func skipScalar() throws(GivesUp) {
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "E"):
                position += 1
            default:
                guard position > start else { throw GivesUp() }
                return
            }
        }
    }

    private mutating func expect(_ byte: UInt8) throws(GivesUp) {
        skipWhitespace()
        guard position < bytes.count, bytes[position] == byte else { throw GivesUp() }
        position += 1
    }

    private mutating func skipWhitespace() {
        while position < bytes.count {
            let byte = bytes[position]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position += 1
        }
    }

    // MARK: Values

    /// A whole number without sign, of at most nine digits.
    mutating func integer() throws(GivesUp) -> Int {
        skipWhitespace()
        let start = position
        var value = 0
        while position < bytes.count, bytes[position] &- 0x30 < 10, position - start < 9 {
            value = value * 10 + Int(bytes[position] - 0x30)
            position += 1
        }
        let isPlain = position - start == 1 || (position > start && bytes[start] != 0x30)
        guard isPlain else { throw GivesUp() }
        return value
    }

    /// A string's UTF-8, escapes written out.
    mutating func string() throws(GivesUp) -> UnsafeBufferPointer<UInt8> {
        skipWhitespace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw GivesUp() }
        let (range, hasEscapes) = try stringRange()
        let text = UnsafeBufferPointer(rebasing: bytes[range])
        return hasEscapes ? try unescape(text) : text
    }

    private mutating func stringRange() throws(GivesUp) -> (Range<Int>, hasEscapes: Bool) {
        position += 1
        let start = position
        var hasEscapes = false
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                return (start..<position - 1, hasEscapes)
            }
            guard byte >= 0x20 else { throw GivesUp() }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                position += 1
            }
            position += 1
        }
        throw GivesUp()
    }

    private mutating func unescape(_ text: UnsafeBufferPointer<UInt8>) throws(GivesUp) -> UnsafeBufferPointer<UInt8> {
        let start = arenaUse
        var source = 0
        while source < text.count {
            var byte = text[source]
            source += 1
            if byte == UInt8(ascii: "\\") {
                guard source < text.count else { throw GivesUp() }
                byte = text[source]
                source += 1
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): break
                case UInt8(ascii: "n"): byte = 0x0A
                case UInt8(ascii: "r"): byte = 0x0D
                case UInt8(ascii: "t"): byte = 0x09
                case UInt8(ascii: "u"):
                    try appendCodePoint(text, &source)
                    continue
                default: throw GivesUp()
                }
            }
            append(byte)
        }
        return UnsafeBufferPointer(rebasing: arena[start..<arenaUse])
    }

    /// The four hexadecimal digits after `\u`; half of a surrogate pair is left to the general parser.
    private mutating func appendCodePoint(_ text: UnsafeBufferPointer<UInt8>, _ source: inout Int) throws(GivesUp) {
        guard source + 4 <= text.count else { throw GivesUp() }
        var value: UInt32 = 0
        for digit in text[source..<source + 4] {
            guard let digit = Character(Unicode.Scalar(digit)).hexDigitValue else { throw GivesUp() }
            value = value << 4 | UInt32(digit)
        }
        source += 4
        guard let scalar = Unicode.Scalar(value) else { throw GivesUp() }
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { append(byte) }
    }

    private mutating func append(_ byte: UInt8) {
        arena[arenaUse] = byte
        arenaUse += 1
    }
}
