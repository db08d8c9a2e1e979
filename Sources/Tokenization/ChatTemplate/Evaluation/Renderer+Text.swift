extension Renderer {
    /// Python's `str(value)`.
    func text(of value: TemplateValue) throws(ChatTemplateError) -> String {
        switch value {
        case .string(let text), .markup(let text): return text
        case .undefined: return ""
        default: return try representation(of: value)
        }
    }

    /// Python's `repr(value)`.
    func representation(of value: TemplateValue) throws(ChatTemplateError) -> String {
        var output = ""
        try writeRepresentation(of: value, to: &output, level: 0)
        return output
    }

    private func writeRepresentation(
        of value: TemplateValue, to output: inout String, level: Int
    ) throws(ChatTemplateError) {
        try charge()
        // Namespaces can hold themselves.
        guard level <= TemplateValue.maximumDepth else { throw .limit("a value nests too deeply to be printed") }
        switch value {
        case .undefined: output += "Undefined"
        case .none: output += "None"
        case .bool(let value): output += value ? "True" : "False"
        case .integer(let value): output += String(value)
        case .number(let value): output += PythonNumber.text(value)
        case .string(let text): try append(PythonString.quoted(text), to: &output)
        case .markup(let text): try append("Markup(" + PythonString.quoted(text) + ")", to: &output)
        case .list(let sequence): try write(sequence.items, "[", "]", to: &output, level: level)
        case .tuple(let sequence):
            try write(sequence.items, "(", sequence.items.count == 1 ? ",)" : ")", to: &output, level: level)
        case .mapping(let mapping): try write(mapping, to: &output, level: level)
        case .view(let view):
            output += view.part.rawValue
            try write(view.elements.items, "([", "])", to: &output, level: level)
        case .range(let range):
            output += "range(\(range.start), \(range.stop)" + (range.step == 1 ? ")" : ", \(range.step))")
        case .namespace(let namespace):
            output += "<Namespace "
            try write(namespace.attributes, to: &output, level: level)
            output += ">"
        case .loop(let loop): output += "<LoopContext \(loop.index + 1)/\(loop.items.count)>"
        case .macro(let macro): output += "<Macro \(PythonString.quoted(macro.syntax.symbol.text))>"
        case .function(let function): output += "<function \(function.rawValue)>"
        case .method(let method): output += "<built-in method \(method.name) of \(method.receiver.typeName) object>"
        case .iterator(let iterator): output += "<\(iterator.typeName) object>"
        }
    }

    private func write(
        _ items: [TemplateValue], _ open: String, _ close: String, to output: inout String, level: Int
    ) throws(ChatTemplateError) {
        output += open
        for (index, item) in items.enumerated() {
            if index > 0 { output += ", " }
            try writeRepresentation(of: item, to: &output, level: level + 1)
        }
        output += close
    }

    private func write(_ mapping: TemplateMapping, to output: inout String, level: Int) throws(ChatTemplateError) {
        output += "{"
        for (index, (key, value)) in zip(mapping.keys, mapping.values).enumerated() {
            if index > 0 { output += ", " }
            try writeRepresentation(of: key, to: &output, level: level + 1)
            output += ": "
            try writeRepresentation(of: value, to: &output, level: level + 1)
        }
        output += "}"
    }

    /// The value as HTML text; text that is marked safe stays as it is.
    func escaped(_ value: TemplateValue) throws(ChatTemplateError) -> String {
        if case .markup(let text) = value { return text }
        var output = ""
        for scalar in try text(of: value).unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "'": output += "&#39;"
            case "\"": output += "&#34;"
            default: output.unicodeScalars.append(scalar)
            }
        }
        try charge(bytes: output.utf8.count)
        return output
    }
}
