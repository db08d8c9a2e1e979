/// Python's view of text: code points, never grapheme clusters, compared one by one.
enum PythonString {
    /// Whether two texts have the same code points; `==` would take canonically equivalent ones for equal.
    static func areEqual(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count && left.utf8.elementsEqual(right.utf8)
    }

    /// Order by code point, which is the order of the UTF-8 bytes.
    static func isLess(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// Python's `str.isspace` of one code point.
    static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20, 0x09...0x0D, 0x1C...0x1F: true
        case ..<0x80: false
        case 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// Where Python's `splitlines` breaks a line.
    static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    /// `str.strip` and its one-sided forms; without characters, white space goes.
    static func stripped(_ text: String, of characters: String? = nil, left: Bool = true, right: Bool = true) -> String
    {
        let unwanted = characters.map { Set($0.unicodeScalars) }
        let drops = { (scalar: Unicode.Scalar) in unwanted?.contains(scalar) ?? isSpace(scalar) }
        var view = text.unicodeScalars[...]
        if left { while let first = view.first, drops(first) { view.removeFirst() } }
        if right { while let last = view.last, drops(last) { view.removeLast() } }
        return view.count == text.unicodeScalars.count ? text : String(view)
    }

    /// Python's `repr` of a string.
    static func quoted(_ text: String) -> String {
        let quote: Unicode.Scalar = text.contains("'") && !text.contains("\"") ? "\"" : "'"
        var output = String.UnicodeScalarView()
        output.append(quote)
        for scalar in text.unicodeScalars { appendQuoted(scalar, quote: quote, to: &output) }
        output.append(quote)
        return String(output)
    }

    private static func appendQuoted(
        _ scalar: Unicode.Scalar, quote: Unicode.Scalar, to output: inout String.UnicodeScalarView
    ) {
        switch scalar {
        case "\\": output.append(contentsOf: "\\\\".unicodeScalars)
        case quote:
            output.append("\\")
            output.append(scalar)
        case "\n": output.append(contentsOf: "\\n".unicodeScalars)
        case "\r": output.append(contentsOf: "\\r".unicodeScalars)
        case "\t": output.append(contentsOf: "\\t".unicodeScalars)
        case _ where isPrintable(scalar): output.append(scalar)
        default:
            let (mark, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
            output.append(contentsOf: ("\\" + mark + hexadecimal(scalar.value, width: width)).unicodeScalars)
        }
    }

    /// Python's `str.isprintable` of one code point.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20..<0x7F).contains(scalar.value) }
        return switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            false
        default: true
        }
    }

    static func hexadecimal(_ value: UInt32, width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
