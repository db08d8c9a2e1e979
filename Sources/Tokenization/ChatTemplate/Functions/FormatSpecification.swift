/// How one value is laid out by `%` or `str.format`.
struct FormatSpecification {
    var fill: Unicode.Scalar = " "
    /// `<`, `>`, `^` or `=`; nil is the type's own side.
    var alignment: Unicode.Scalar?
    /// Written before numbers that are not negative; `-` writes nothing.
    var sign: Unicode.Scalar = "-"
    var isAlternate = false
    var width = 0
    /// `,` or `_` between groups of digits.
    var grouping: Unicode.Scalar?
    var precision: Int?
    var conversion: Unicode.Scalar?

    /// Parses the part behind the colon in `{:…}`; nil when it is not valid.
    init?(_ text: String) {
        var scalars = Array(text.unicodeScalars)[...]
        let sides: Set<Unicode.Scalar> = ["<", ">", "^", "="]
        if scalars.count >= 2, sides.contains(scalars[scalars.startIndex + 1]) {
            fill = scalars.removeFirst()
            alignment = scalars.removeFirst()
        } else if let first = scalars.first, sides.contains(first) {
            alignment = scalars.removeFirst()
        }
        if let first = scalars.first, first == "+" || first == "-" || first == " " { sign = scalars.removeFirst() }
        if scalars.first == "#" { isAlternate = scalars.removeFirst() == "#" }
        if scalars.first == "0" {
            if alignment == nil { (fill, alignment) = ("0", "=") }
            scalars.removeFirst()
        }
        guard let width = Self.digits(&scalars) else { return nil }
        self.width = width ?? 0
        if let first = scalars.first, first == "," || first == "_" { grouping = scalars.removeFirst() }
        if scalars.first == "." {
            scalars.removeFirst()
            guard let digits = Self.digits(&scalars), let precision = digits else { return nil }
            self.precision = precision
        }
        if let last = scalars.popFirst() { conversion = last }
        guard scalars.isEmpty else { return nil }
    }

    /// A specification with nothing set.
    init() {}

    /// Nil for a number that is too large; an inner nil for no number.
    static func digits(_ scalars: inout ArraySlice<Unicode.Scalar>) -> Int?? {
        var value: Int?
        while let scalar = scalars.first, ("0"..."9").contains(scalar) {
            let next = (value ?? 0) * 10 + Int(scalar.value) - 48
            // Wider than any text may be.
            guard next <= 1 << 30 else { return nil }
            value = next
            scalars.removeFirst()
        }
        return .some(value)
    }
}

extension Renderer {
    /// Pads a text, or a number's sign and digits.
    func pad(
        _ digits: String, prefix: String = "", isNumber: Bool, _ specification: FormatSpecification
    ) throws(ChatTemplateError) -> String {
        let length = prefix.unicodeScalars.count + digits.unicodeScalars.count
        let missing = max(0, specification.width - length)
        let fill = String(Character(specification.fill))
        switch specification.alignment ?? (isNumber ? ">" : "<") {
        case "<": return prefix + digits + (try repeated(fill, missing))
        case "^":
            return try repeated(fill, missing / 2) + prefix + digits + (try repeated(fill, missing - missing / 2))
        case "=": return prefix + (try repeated(fill, missing)) + digits
        default: return try repeated(fill, missing) + prefix + digits
        }
    }

    func format(_ value: TemplateValue, _ specification: FormatSpecification) throws(ChatTemplateError) -> String {
        switch value {
        case .integer, .bool:
            if case .bool = value, specification.conversion == nil, specification.width == 0 {
                return try text(of: value)
            }
            return try formatInteger(value.index ?? 0, specification)
        case .number(let number): return try formatNumber(number, specification)
        default:
            guard specification.conversion == nil || specification.conversion == "s" else {
                throw unknownCode(specification, value)
            }
            guard specification.alignment != "=" else {
                throw .evaluation("'=' alignment not allowed in string format specifier")
            }
            let text = try text(of: value)
            let cut = specification.precision.map { PythonString.string(text.unicodeScalars.prefix($0)) } ?? text
            return try pad(cut, isNumber: false, specification)
        }
    }

    private func unknownCode(_ specification: FormatSpecification, _ value: TemplateValue) -> ChatTemplateError {
        let code = specification.conversion.map { String(Character($0)) } ?? ""
        return .evaluation("Unknown format code '\(code)' for object of type '\(value.typeName)'")
    }

    private func formatInteger(
        _ value: Int, _ specification: FormatSpecification
    ) throws(ChatTemplateError) -> String {
        let radix: Int
        var lead = ""
        switch specification.conversion {
        case nil, "d", "n": radix = 10
        case "x", "X": (radix, lead) = (16, "0x")
        case "o": (radix, lead) = (8, "0o")
        case "b": (radix, lead) = (2, "0b")
        case "c":
            guard let scalar = UInt32(exactly: value).flatMap(Unicode.Scalar.init) else {
                throw .evaluation("%c arg not in range(0x110000)")
            }
            return try pad(String(Character(scalar)), isNumber: false, specification)
        case "e", "E", "f", "F", "g", "G", "%": return try formatNumber(Double(value), specification)
        default: throw unknownCode(specification, .integer(value))
        }
        var digits = String(value.magnitude, radix: radix)
        if specification.conversion == "X" { (digits, lead) = (digits.uppercased(), "0X") }
        if let grouping = specification.grouping {
            digits = Self.grouped(digits, by: radix == 10 ? 3 : 4, with: grouping)
        }
        let sign = signText(isNegative: value < 0, specification)
        return try pad(
            digits, prefix: sign + (specification.isAlternate ? lead : ""), isNumber: true, specification)
    }

    private func signText(isNegative: Bool, _ specification: FormatSpecification) -> String {
        isNegative ? "-" : specification.sign == "-" ? "" : String(Character(specification.sign))
    }

    private static func grouped(_ digits: String, by size: Int, with separator: Unicode.Scalar) -> String {
        var output = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % size == 0 { output.unicodeScalars.append(separator) }
            output.append(digit)
        }
        return output
    }

    func formatNumber(
        _ value: Double, _ specification: FormatSpecification
    ) throws(ChatTemplateError) -> String {
        let precision = specification.precision ?? 6
        guard precision <= 1 << 12 else { throw .limit("a number with more than \(1 << 12) digits") }
        var digits: String
        switch specification.conversion {
        case nil where specification.precision == nil: digits = PythonNumber.text(value.magnitude)
        case nil, "n":
            digits = PythonMath.formatted(
                value.magnitude, conversion: "g", precision: precision, alternate: specification.isAlternate)
            if specification.conversion == nil, !digits.contains("."), !digits.contains("e"), value.isFinite {
                digits += ".0"
            }
        case "%":
            digits =
                PythonMath.formatted(
                    value.magnitude * 100, conversion: "f", precision: precision, alternate: specification.isAlternate)
                + "%"
        case .some(let conversion) where "eEfFgG".unicodeScalars.contains(conversion):
            digits = PythonMath.formatted(
                value.magnitude, conversion: Character(conversion), precision: precision,
                alternate: specification.isAlternate)
        default: throw unknownCode(specification, .number(value))
        }
        if let grouping = specification.grouping {
            let whole = digits.prefix { $0.isNumber }
            digits = Self.grouped(String(whole), by: 3, with: grouping) + digits.dropFirst(whole.count)
        }
        let isNegative = value.sign == .minus && !value.isNaN
        return try pad(digits, prefix: signText(isNegative: isNegative, specification), isNumber: true, specification)
    }
}
