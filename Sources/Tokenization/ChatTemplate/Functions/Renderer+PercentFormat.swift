extension Renderer {
    /// Python's `format % values`.
    func formatPercent(_ format: String, _ values: TemplateValue) throws(ChatTemplateError) -> String {
        var arguments: [TemplateValue] = [values]
        if case .tuple(let sequence) = values { arguments = sequence.items }
        var remaining = arguments[...]
        var usesNames = false
        var output = ""
        var scalars = Array(format.unicodeScalars)[...]
        while let scalar = scalars.popFirst() {
            guard scalar == "%" else {
                output.unicodeScalars.append(scalar)
                continue
            }
            var specification = FormatSpecification()
            let name = try readName(&scalars)
            try readLayout(&specification, &scalars, &remaining)
            guard let conversion = specification.conversion else { throw .evaluation("incomplete format") }
            if conversion == "%" {
                output += "%"
                continue
            }
            let value: TemplateValue
            if let name {
                value = try namedValue(name, in: values)
                usesNames = true
            } else {
                value = try nextArgument(&remaining)
            }
            try append(convert(value, conversion, specification), to: &output)
        }
        guard usesNames || remaining.isEmpty || values.isIndexable else {
            throw .evaluation("not all arguments converted during string formatting")
        }
        return output
    }

    private func nextArgument(_ remaining: inout ArraySlice<TemplateValue>) throws(ChatTemplateError) -> TemplateValue {
        guard let value = remaining.popFirst() else { throw .evaluation("not enough arguments for format string") }
        return value
    }

    private func namedValue(_ name: String, in values: TemplateValue) throws(ChatTemplateError) -> TemplateValue {
        guard case .mapping(let mapping) = values else { throw .evaluation("format requires a mapping") }
        guard let value = mapping[name] else { throw .evaluation(PythonString.quoted(name)) }
        return value
    }

    private func readName(_ scalars: inout ArraySlice<Unicode.Scalar>) throws(ChatTemplateError) -> String? {
        guard scalars.first == "(" else { return nil }
        guard let end = scalars.firstIndex(of: ")") else { throw .evaluation("incomplete format key") }
        let name = PythonString.string(scalars[(scalars.startIndex + 1)..<end])
        scalars = scalars[(end + 1)...]
        return name
    }

    private func readLayout(
        _ specification: inout FormatSpecification, _ scalars: inout ArraySlice<Unicode.Scalar>,
        _ remaining: inout ArraySlice<TemplateValue>
    ) throws(ChatTemplateError) {
        var isLeft = false
        flags: while let flag = scalars.first {
            switch flag {
            case "-": isLeft = true
            case "0": specification.fill = "0"
            case "+": specification.sign = "+"
            case " ": if specification.sign != "+" { specification.sign = " " }
            case "#": specification.isAlternate = true
            default: break flags
            }
            scalars.removeFirst()
        }
        specification.width = try readCount(&scalars, &remaining) ?? 0
        if specification.width < 0 { (isLeft, specification.width) = (true, 0 - specification.width) }
        if scalars.first == "." {
            scalars.removeFirst()
            specification.precision = try max(0, readCount(&scalars, &remaining) ?? 0)
        }
        while let length = scalars.first, length == "l" || length == "h" || length == "L" { scalars.removeFirst() }
        specification.conversion = scalars.popFirst()
        if isLeft {
            (specification.fill, specification.alignment) = (" ", "<")
        } else {
            specification.alignment = specification.fill == "0" ? "=" : ">"
        }
    }

    private func readCount(
        _ scalars: inout ArraySlice<Unicode.Scalar>, _ remaining: inout ArraySlice<TemplateValue>
    ) throws(ChatTemplateError) -> Int? {
        if scalars.first == "*" {
            scalars.removeFirst()
            let count = try integer(nextArgument(&remaining))
            guard abs(count.magnitude.distance(to: 0)) <= 1 << 30 else { throw .limit("a width is too large") }
            return count
        }
        guard let count = FormatSpecification.digits(&scalars) else { throw .limit("a width is too large") }
        return count
    }

    private func convert(
        _ value: TemplateValue, _ conversion: Unicode.Scalar, _ specification: FormatSpecification
    ) throws(ChatTemplateError) -> String {
        var specification = specification
        let code = Character(conversion)
        switch conversion {
        case "s", "r", "a":
            specification.conversion = nil
            if specification.fill == "0" { (specification.fill, specification.alignment) = (" ", ">") }
            let text = try conversion == "s" ? text(of: value) : representation(of: value)
            return try format(.string(text), specification)
        case "d", "i", "u":
            guard let number = number(value), let integer = Int(exactly: number.rounded(.towardZero)) else {
                throw .evaluation("%\(code) format: a real number is required, not \(value.typeName)")
            }
            specification.conversion = "d"
            let isWhole = value.index != nil
            return try formatDigits(isWhole ? value.index ?? 0 : integer, specification)
        case "x", "X", "o":
            guard let integer = value.index else {
                throw .evaluation("%\(code) format: an integer is required, not \(value.typeName)")
            }
            return try formatDigits(integer, specification)
        case "c":
            if let text = value.text, text.unicodeScalars.count == 1 { return text }
            guard value.index != nil else { throw .evaluation("%c requires int or char") }
            return try format(value, specification)
        case "e", "E", "f", "F", "g", "G":
            guard let number = number(value) else {
                throw .evaluation("must be real number, not \(value.typeName)")
            }
            return try formatNumber(number, specification)
        default: throw .evaluation("unsupported format character '\(code)'")
        }
    }

    /// An integer whose precision is a least number of digits.
    private func formatDigits(
        _ value: Int, _ specification: FormatSpecification
    ) throws(ChatTemplateError) -> String {
        guard let precision = specification.precision else { return try format(.integer(value), specification) }
        var plain = specification
        (plain.precision, plain.width, plain.sign) = (nil, 0, "-")
        let digits = try format(.integer(abs(value)), plain)
        let zeros = try repeated("0", precision - digits.count)
        let sign = value < 0 ? "-" : specification.sign == "-" ? "" : String(Character(specification.sign))
        return try pad(zeros + digits, prefix: sign, isNumber: true, specification)
    }
}

extension TemplateValue {
    /// What Python takes for a mapping of names, which need not all be used.
    fileprivate var isIndexable: Bool {
        switch self {
        case .list, .mapping, .range, .undefined: true
        default: false
        }
    }
}
