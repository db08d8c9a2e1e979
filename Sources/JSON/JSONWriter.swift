/// How a JSON value is laid out as text.
public struct JSONStyle: Sendable {
    /// What stands between members and elements.
    public var itemSeparator: String
    /// What stands between a name and its value.
    public var keySeparator: String
    /// Spaces of indentation per level; nil keeps everything on one line.
    public var indent: Int?
    /// Whether members are written in the order of their names.
    public var sortedKeys = false

    /// No white space at all.
    public static let compact = JSONStyle(itemSeparator: ",", keySeparator: ":")
    /// Python's `json.dumps` and Jinja's `tojson`: `", "` and `": "`.
    public static let python = JSONStyle(itemSeparator: ", ", keySeparator: ": ")
    /// Two spaces a level, for files that people read.
    public static let pretty = JSONStyle(itemSeparator: ",", keySeparator: ": ", indent: 2)

    /// A style of one's own.
    public init(itemSeparator: String, keySeparator: String, indent: Int? = nil, sortedKeys: Bool = false) {
        self.itemSeparator = itemSeparator
        self.keySeparator = keySeparator
        self.indent = indent
        self.sortedKeys = sortedKeys
    }
}

extension JSONValue {
    /// The value as JSON text; characters outside ASCII stay as they are.
    public func text(_ style: JSONStyle = .compact) -> String {
        var output = ""
        write(to: &output, style: style, level: 0)
        return output
    }

    private func write(to output: inout String, style: JSONStyle, level: Int) {
        switch self {
        case .null: output += "null"
        case .bool(let value): output += value ? "true" : "false"
        case .integer(let value): output += String(value)
        case .number(let value): output += Self.text(of: value)
        case .string(let value): Self.writeString(value, to: &output)
        case .array(let elements):
            Self.writeItems(elements, open: "[", close: "]", to: &output, style: style, level: level) {
                $0.write(to: &$1, style: style, level: level + 1)
            }
        case .object(let object):
            let members = style.sortedKeys ? object.sorted { $0.key < $1.key } : Array(object)
            Self.writeItems(members, open: "{", close: "}", to: &output, style: style, level: level) {
                Self.writeString($0.key, to: &$1)
                $1 += style.keySeparator
                $0.value.write(to: &$1, style: style, level: level + 1)
            }
        }
    }

    private static func writeItems<Item>(
        _ items: [Item], open: String, close: String, to output: inout String, style: JSONStyle, level: Int,
        write: (Item, inout String) -> Void
    ) {
        output += open
        for (position, item) in items.enumerated() {
            if position > 0 { output += style.itemSeparator }
            if let indent = style.indent { output += "\n" + String(repeating: " ", count: indent * (level + 1)) }
            write(item, &output)
        }
        if let indent = style.indent, !items.isEmpty { output += "\n" + String(repeating: " ", count: indent * level) }
        output += close
    }

    /// A double as Python's `repr` writes it (`1.5`, `3.0`, `1e-10`, `1e+16`); JSON has no NaN, so `null` stands for it.
    package static func text(of value: Double) -> String {
        guard value.isFinite else { return "null" }
        var text = value.description
        guard let mark = text.firstIndex(of: "e") else { return text }
        var mantissa = text[..<mark]
        if mantissa.hasSuffix(".0") { mantissa = mantissa.dropLast(2) }
        var exponent = text[text.index(after: mark)...]
        let sign = exponent.hasPrefix("-") ? "-" : "+"
        if exponent.hasPrefix("-") || exponent.hasPrefix("+") { exponent = exponent.dropFirst() }
        text = mantissa + "e" + sign + (exponent.count < 2 ? "0" : "") + exponent
        return text
    }

    private static func writeString(_ value: String, to output: inout String) {
        output += "\""
        var clean = true
        for byte in value.utf8 where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
            clean = false
            break
        }
        if clean { output += value } else { writeEscaped(value, to: &output) }
        output += "\""
    }

    private static func writeEscaped(_ value: String, to output: inout String) {
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case "\u{08}": output += "\\b"
            case "\u{0C}": output += "\\f"
            case ..<" ":
                let hex = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: output.unicodeScalars.append(scalar)
            }
        }
    }
}
