/// How `tojson` lays JSON out, as Python's `json.dumps` names it.
struct TemplateJSONStyle {
    var itemSeparator = ", "
    var keySeparator = ": "
    /// What a level is indented by; nil keeps everything on one line.
    var indent: String?
    var sortsKeys = false
    var escapesNonASCII = false
}

extension Renderer {
    /// The `tojson` filter of Hugging Face's environment, which neither escapes HTML nor sorts keys.
    func json(of value: TemplateValue, _ arguments: CallArguments) throws(ChatTemplateError) -> String {
        let values = try arguments.bound(
            to: ["ensure_ascii", "indent", "separators", "sort_keys"], of: "tojson")
        var style = TemplateJSONStyle()
        style.escapesNonASCII = values[0].map(isTrue) ?? false
        style.sortsKeys = values[3].map(isTrue) ?? false
        if let indent = values[1], !indent.isNone {
            style.indent = try indentation(indent)
            style.itemSeparator = ","
        }
        if let separators = values[2], !separators.isNone {
            let parts = try elements(of: separators)
            guard parts.count == 2, let item = parts[0].text, let key = parts[1].text else {
                throw .evaluation("tojson() separators must be two strings")
            }
            (style.itemSeparator, style.keySeparator) = (item, key)
        }
        var output = ""
        try writeJSON(value, style, level: 0, to: &output)
        return output
    }

    /// A level's indentation, given as a text or as a number of spaces.
    func indentation(_ value: TemplateValue) throws(ChatTemplateError) -> String {
        if let text = value.text { return text }
        return try repeated(" ", integer(value))
    }

    private func writeJSON(
        _ value: TemplateValue, _ style: TemplateJSONStyle, level: Int, to output: inout String
    ) throws(ChatTemplateError) {
        try charge()
        switch value {
        case .none: output += "null"
        case .bool(let value): output += value ? "true" : "false"
        case .integer(let value): output += String(value)
        case .number(let value): output += Self.jsonText(of: value)
        case .string(let text), .markup(let text): try append(Self.jsonText(of: text, style), to: &output)
        case .list(let sequence), .tuple(let sequence):
            try writeJSON(sequence.items, "[", "]", style, level: level, to: &output) {
                (item, output) throws(ChatTemplateError) in
                try self.writeJSON(item, style, level: level + 1, to: &output)
            }
        case .mapping(let mapping):
            let members = try jsonMembers(of: mapping, style)
            try writeJSON(members, "{", "}", style, level: level, to: &output) {
                (member, output) throws(ChatTemplateError) in
                try self.append(Self.jsonText(of: member.key, style) + style.keySeparator, to: &output)
                try self.writeJSON(member.value, style, level: level + 1, to: &output)
            }
        default: throw .evaluation("Object of type \(value.typeName) is not JSON serializable")
        }
    }

    private func writeJSON<Item>(
        _ items: [Item], _ open: String, _ close: String, _ style: TemplateJSONStyle, level: Int,
        to output: inout String, write: (Item, inout String) throws(ChatTemplateError) -> Void
    ) throws(ChatTemplateError) {
        output += open
        for (index, item) in items.enumerated() {
            if index > 0 { output += style.itemSeparator }
            if let indent = style.indent { try append("\n" + repeated(indent, level + 1), to: &output) }
            try write(item, &output)
        }
        if let indent = style.indent, !items.isEmpty { try append("\n" + repeated(indent, level), to: &output) }
        output += close
    }

    private func jsonMembers(
        of mapping: TemplateMapping, _ style: TemplateJSONStyle
    ) throws(ChatTemplateError) -> [(key: String, value: TemplateValue)] {
        var members: [(key: String, value: TemplateValue)] = []
        for (key, value) in zip(mapping.keys, mapping.values) {
            switch key {
            case .string(let text), .markup(let text): members.append((text, value))
            case .none: members.append(("null", value))
            case .bool(let key): members.append((key ? "true" : "false", value))
            case .integer(let key): members.append((String(key), value))
            case .number(let key): members.append((Self.jsonText(of: key), value))
            default:
                throw .evaluation("keys must be str, int, float, bool or None, not \(key.typeName)")
            }
        }
        return style.sortsKeys ? members.sorted { PythonString.isLess($0.key, $1.key) } : members
    }

    private static func jsonText(of value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return PythonNumber.text(value)
    }

    private static func jsonText(of text: String, _ style: TemplateJSONStyle) -> String {
        var output = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case "\u{08}": output += "\\b"
            case "\u{0C}": output += "\\f"
            case ..<" ": output += "\\u" + PythonString.hexadecimal(scalar.value, width: 4)
            case _ where !scalar.isASCII && style.escapesNonASCII:
                for unit in String(Character(scalar)).utf16 {
                    output += "\\u" + PythonString.hexadecimal(UInt32(unit), width: 4)
                }
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output + "\""
    }
}
