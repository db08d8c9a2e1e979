/// Text made from other text, with its size checked before it is made.
extension Renderer {
    /// `str.replace`; a negative limit replaces all.
    func replace(_ text: String, _ old: String, _ new: String, _ limit: Int) throws(ChatTemplateError) -> String {
        let most = limit < 0 ? Int.max : limit
        let (bytes, needle, replacement) = (Array(text.utf8), Array(old.utf8), Array(new.utf8))
        let cuts =
            needle.isEmpty
            ? Self.scalarBoundaries(of: bytes, limit: most)
            : PythonSearch.offsets(of: needle, in: bytes, limit: most)
        guard !cuts.isEmpty else { return text }
        let (growth, overflow) = replacement.count.multipliedReportingOverflow(by: cuts.count)
        try charge(bytes: overflow ? .max : bytes.count + growth)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + growth)
        var start = 0
        for cut in cuts {
            result += bytes[start..<cut]
            result += replacement
            start = cut + needle.count
        }
        result += bytes[start...]
        return String(decoding: result, as: UTF8.self)
    }

    /// Where an empty text is found: before each code point and at the end.
    private static func scalarBoundaries(of bytes: [UInt8], limit: Int) -> [Int] {
        let boundaries = bytes.indices.filter { bytes[$0] & 0xC0 != 0x80 } + [bytes.count]
        return Array(boundaries.prefix(limit))
    }

    /// `str.join`, which takes only text, or the `join` filter, which takes anything.
    func join(
        _ items: [TemplateValue], with separator: String, isStrict: Bool
    ) throws(ChatTemplateError) -> String {
        var output = ""
        for (index, item) in items.enumerated() {
            if isStrict, item.text == nil {
                throw .evaluation("sequence item \(index): expected str instance, \(item.typeName) found")
            }
            if index > 0 { try append(separator, to: &output) }
            try append(text(of: item), to: &output)
        }
        return output
    }

    func pad(
        _ text: String, _ method: StringMethod, _ arguments: CallArguments
    ) throws(ChatTemplateError) -> String {
        let parameters = method == .zfill ? ["width"] : ["width", "fillchar"]
        let values = try arguments.bound(to: parameters, required: 1, of: method.rawValue)
        let width = try integer(values[0] ?? .none)
        if method == .zfill { return try zeroFilled(text, width: width) }
        let fill = try requireText(parameters.count > 1 ? values[1] ?? .string(" ") : .string(" "), method.rawValue)
        guard fill.unicodeScalars.count == 1 else {
            throw .evaluation("The fill character must be exactly one character long")
        }
        let missing = max(0, width - text.unicodeScalars.count)
        switch method {
        case .ljust: return text + (try repeated(fill, missing))
        case .rjust: return try repeated(fill, missing) + text
        default:
            // As CPython does it: an odd space goes left only when the width is odd too.
            let left = missing / 2 + (missing & width & 1)
            return try repeated(fill, left) + text + (try repeated(fill, missing - left))
        }
    }

    func repeated(_ text: String, _ count: Int) throws(ChatTemplateError) -> String {
        guard count > 0 else { return "" }
        let (bytes, overflow) = text.utf8.count.multipliedReportingOverflow(by: count)
        try charge(bytes: overflow ? .max : bytes)
        return String(repeating: text, count: count)
    }

    private func zeroFilled(_ text: String, width: Int) throws(ChatTemplateError) -> String {
        let zeros = try repeated("0", width - text.unicodeScalars.count)
        guard let sign = text.first, sign == "-" || sign == "+" else { return zeros + text }
        return String(sign) + zeros + text.dropFirst()
    }

    func expandTabs(_ text: String, size: Int) throws(ChatTemplateError) -> String {
        var output = ""
        var column = 0
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\t":
                guard size > 0 else { continue }
                let width = size - column % size
                try append(repeated(" ", width), to: &output)
                column += width
            case "\n", "\r":
                output.unicodeScalars.append(scalar)
                column = 0
            default:
                output.unicodeScalars.append(scalar)
                column += 1
            }
        }
        return output
    }
}
