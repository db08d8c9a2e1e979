extension Renderer {
    /// Python's `str.format`, with attributes looked up as the sandbox allows.
    func formatBraces(_ format: String, _ arguments: CallArguments) throws(ChatTemplateError) -> String {
        var automatic: Int? = 0
        return try formatBraces(format, arguments, automatic: &automatic, level: 0)
    }

    private func formatBraces(
        _ format: String, _ arguments: CallArguments, automatic: inout Int?, level: Int
    ) throws(ChatTemplateError) -> String {
        guard level <= 2 else { throw .evaluation("Max string recursion exceeded") }
        var output = ""
        var scalars = Array(format.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            if scalar == "{" || scalar == "}", scalars.first == scalar {
                scalars.removeFirst()
                output.unicodeScalars.append(scalar)
            } else if scalar == "{" {
                let field = try readField(&scalars)
                try append(formatField(field, arguments, &automatic, level: level), to: &output)
            } else if scalar == "}" {
                throw .evaluation("Single '}' encountered in format string")
            } else {
                output.unicodeScalars.append(scalar)
            }
        }
        return output
    }

    private func readField(_ scalars: inout ArraySlice<Unicode.Scalar>) throws(ChatTemplateError) -> String {
        var open = 1
        for index in scalars.indices {
            if scalars[index] == "{" { open += 1 }
            if scalars[index] == "}" { open -= 1 }
            guard open == 0 else { continue }
            let field = PythonString.string(scalars[scalars.startIndex..<index])
            scalars = scalars[(index + 1)...]
            return field
        }
        throw .evaluation("expected '}' before end of string")
    }

    private func formatField(
        _ field: String, _ arguments: CallArguments, _ automatic: inout Int?, level: Int
    ) throws(ChatTemplateError) -> String {
        let scalars = field.unicodeScalars
        let nameEnd = scalars.firstIndex { $0 == "!" || $0 == ":" } ?? scalars.endIndex
        var value = try fieldValue(String(scalars[..<nameEnd]), arguments, &automatic)
        var rest = scalars[nameEnd...]
        if rest.first == "!" {
            rest.removeFirst()
            switch rest.popFirst() {
            case "s": value = .string(try text(of: value))
            case "r", "a": value = .string(try representation(of: value))
            default: throw .evaluation("Unknown conversion specifier in a format string")
            }
        }
        if rest.first == ":" { rest.removeFirst() }
        let layout = try formatBraces(String(rest), arguments, automatic: &automatic, level: level + 1)
        guard let specification = FormatSpecification(layout) else { throw .evaluation("Invalid format specifier") }
        return try format(value, specification)
    }

    private func fieldValue(
        _ name: String, _ arguments: CallArguments, _ automatic: inout Int?
    ) throws(ChatTemplateError) -> TemplateValue {
        var rest = Array(name.unicodeScalars)[...]
        let first = PythonString.string(rest.prefix { $0 != "." && $0 != "[" })
        rest = rest.dropFirst(first.unicodeScalars.count)
        var value = try argument(first, arguments, &automatic)
        while let mark = rest.popFirst() {
            if mark == "." {
                let part = PythonString.string(rest.prefix { $0 != "." && $0 != "[" })
                rest = rest.dropFirst(part.unicodeScalars.count)
                value = try attribute(part, of: value)
            } else {
                guard mark == "[", let end = rest.firstIndex(of: "]") else {
                    throw .evaluation("Missing ']' in format string")
                }
                let key = PythonString.string(rest[..<end])
                rest = rest[(end + 1)...]
                value = try element(Int(key).map { .integer($0) } ?? .string(key), of: value)
            }
        }
        return value
    }

    private func argument(
        _ name: String, _ arguments: CallArguments, _ automatic: inout Int?
    ) throws(ChatTemplateError) -> TemplateValue {
        if name.isEmpty {
            guard let index = automatic else {
                throw .evaluation("cannot switch from manual field specification to automatic field numbering")
            }
            automatic = index + 1
            return try positional(index, arguments)
        }
        if let index = Int(name), index >= 0 {
            guard automatic == nil || automatic == 0 else {
                throw .evaluation("cannot switch from automatic field numbering to manual field specification")
            }
            automatic = nil
            return try positional(index, arguments)
        }
        guard let value = arguments.named.first(where: { $0.name == name })?.value else {
            throw .evaluation(PythonString.quoted(name))
        }
        return value
    }

    private func positional(_ index: Int, _ arguments: CallArguments) throws(ChatTemplateError) -> TemplateValue {
        guard index < arguments.positional.count else {
            throw .evaluation("Replacement index \(index) out of range for positional args tuple")
        }
        return arguments.positional[index]
    }
}
