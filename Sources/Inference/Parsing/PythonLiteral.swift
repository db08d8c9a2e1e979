import JSON

/// Reads a Python literal such as `{'n': 1, 'ok': True}`, which models write where JSON was meant.
struct PythonLiteral {
    private static let maximumDepth = 64

    private let scalars: [Unicode.Scalar]
    private var position = 0

    /// The literal as JSON, or nil when the text is none: lists, tuples, dicts with text keys, text, numbers, `True`,
    /// `False` and `None`.
    static func value(of text: String) -> JSONValue? {
        var reader = PythonLiteral(scalars: Array(text.unicodeScalars))
        guard let value = reader.readValue(depth: 0) else { return nil }
        reader.skipSpace()
        return reader.position == reader.scalars.count ? value : nil
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func skipSpace() {
        while let scalar = current, scalar == " " || scalar == "\n" || scalar == "\r" || scalar == "\t" {
            position += 1
        }
    }

    private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        skipSpace()
        guard current == scalar else { return false }
        position += 1
        return true
    }

    private mutating func readValue(depth: Int) -> JSONValue? {
        guard depth < Self.maximumDepth else { return nil }
        if skip("{") { return readMembers(depth: depth) }
        if skip("[") { return readElements(until: "]", depth: depth).map { .array($0) } }
        if skip("(") { return readElements(until: ")", depth: depth).map { .array($0) } }
        guard let scalar = current else { return nil }
        return scalar == "'" || scalar == "\"" ? readText().map { .string($0) } : readWord()
    }

    private mutating func readMembers(depth: Int) -> JSONValue? {
        var object = JSONObject()
        while !skip("}") {
            guard object.isEmpty || skip(",") else { return nil }
            if skip("}") { break }
            guard let quote = current, quote == "'" || quote == "\"", let key = readText(), skip(":"),
                let value = readValue(depth: depth + 1)
            else { return nil }
            object[key] = value
        }
        return .object(object)
    }

    private mutating func readElements(until close: Unicode.Scalar, depth: Int) -> [JSONValue]? {
        var elements: [JSONValue] = []
        while !skip(close) {
            guard elements.isEmpty || skip(",") else { return nil }
            if skip(close) { break }
            guard let value = readValue(depth: depth + 1) else { return nil }
            elements.append(value)
        }
        return elements
    }

    private mutating func readWord() -> JSONValue? {
        let start = position
        while let scalar = current, !" \n\r\t,:]})".unicodeScalars.contains(scalar) { position += 1 }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[start..<position])
        switch String(view) {
        case "True", "true": return .bool(true)
        case "False", "false": return .bool(false)
        case "None", "null": return .null
        case let word:
            if let integer = Int(word) { return .integer(integer) }
            guard let number = Double(word), number.isFinite else { return nil }
            return .number(number)
        }
    }

    private mutating func readText() -> String? {
        guard let quote = current else { return nil }
        position += 1
        var text = String.UnicodeScalarView()
        while let scalar = current {
            position += 1
            if scalar == quote { return String(text) }
            if scalar == "\n" { return nil }
            guard scalar == "\\" else {
                text.append(scalar)
                continue
            }
            guard readEscape(into: &text) else { return nil }
        }
        return nil
    }

    private mutating func readEscape(into text: inout String.UnicodeScalarView) -> Bool {
        guard let scalar = current else { return false }
        position += 1
        switch scalar {
        case "n": text.append("\n")
        case "r": text.append("\r")
        case "t": text.append("\t")
        case "b": text.append("\u{08}")
        case "f": text.append("\u{0C}")
        case "\\", "'", "\"": text.append(scalar)
        case "x": return readCode(digits: 2, into: &text)
        case "u": return readCode(digits: 4, into: &text)
        case "U": return readCode(digits: 8, into: &text)
        default:
            text.append("\\")
            text.append(scalar)
        }
        return true
    }

    private mutating func readCode(digits: Int, into text: inout String.UnicodeScalarView) -> Bool {
        var code: UInt32 = 0
        for _ in 0..<digits {
            guard let scalar = current, scalar.isASCII, let digit = Character(scalar).hexDigitValue,
                code < 0x1000_0000
            else { return false }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        text.append(Unicode.Scalar(code) ?? "\u{FFFD}")
        return true
    }
}
