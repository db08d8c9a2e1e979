extension TemplateLexer {
    /// Reads the words of a tag up to its closing characters.
    mutating func lexTag(from start: Int, begin: TemplateToken.Kind) throws(ChatTemplateError) {
        emit(begin)
        advance(to: start)
        let isVariable = begin == .variableBegin
        var closers: [TemplateSymbol] = []
        while position < scalars.count {
            if closers.isEmpty, let closing = tagClosing(isVariable: isVariable) {
                emit(isVariable ? .variableEnd : .blockEnd)
                finishTag(closing: closing, start: position, trimsNewline: !isVariable)
                return
            }
            try lexWord(&closers)
        }
    }

    /// Where `%}` or `}}` stands when the tag ends here, a sign before it included.
    private func tagClosing(isVariable: Bool) -> Int? {
        let first: Unicode.Scalar = isVariable ? "}" : "%"
        if matches(first, "}", at: position) { return position }
        let sign = scalars[position]
        guard sign == "-" || (sign == "+" && !isVariable), matches(first, "}", at: position + 1) else { return nil }
        return position + 1
    }

    private mutating func lexWord(_ closers: inout [TemplateSymbol]) throws(ChatTemplateError) {
        let scalar = scalars[position]
        if PythonString.isSpace(scalar) {
            advance(to: position + 1)
        } else if ("0"..."9").contains(scalar) {
            try lexNumber()
        } else if PythonCase.isWord(scalar) {
            try lexName()
        } else if scalar == "'" || scalar == "\"" {
            try lexString(quote: scalar)
        } else {
            try lexSymbol(&closers)
        }
    }

    private mutating func lexName() throws(ChatTemplateError) {
        var end = position
        while end < scalars.count, PythonCase.isWord(scalars[end]) { end += 1 }
        guard scalars[position] == "_" || scalars[position].properties.isXIDStart else {
            throw .syntax("Invalid character in identifier", line: line)
        }
        emit(.name(text(position..<end)))
        advance(to: end)
    }

    private mutating func lexSymbol(_ closers: inout [TemplateSymbol]) throws(ChatTemplateError) {
        let pair = position + 1 < scalars.count ? TemplateSymbol(rawValue: text(position..<position + 2)) : nil
        guard let symbol = pair ?? TemplateSymbol(rawValue: text(position..<position + 1)) else {
            throw .syntax("unexpected char \(PythonString.quoted(text(position..<position + 1)))", line: line)
        }
        if let closer = symbol.closer {
            closers.append(closer)
        } else if symbol.isCloser {
            guard let expected = closers.popLast() else {
                throw .syntax("unexpected '\(symbol.rawValue)'", line: line)
            }
            guard expected == symbol else {
                throw .syntax("unexpected '\(symbol.rawValue)', expected '\(expected.rawValue)'", line: line)
            }
        }
        emit(.symbol(symbol))
        advance(to: position + (pair == nil ? 1 : 2))
    }

    // MARK: Numbers

    private mutating func lexNumber() throws(ChatTemplateError) {
        let followsDot = position > 0 && scalars[position - 1] == "."
        let whole = digits(from: position)
        var end = whole
        if !followsDot {
            if end < scalars.count, scalars[end] == ".", digits(from: end + 1) > end + 1 { end = digits(from: end + 1) }
            if end < scalars.count, scalars[end] == "e" || scalars[end] == "E" {
                var exponent = end + 1
                if exponent < scalars.count, scalars[exponent] == "+" || scalars[exponent] == "-" { exponent += 1 }
                if digits(from: exponent) > exponent { end = digits(from: exponent) }
            }
        }
        if end > whole {
            guard let value = Double(text(position..<end).filter { $0 != "_" }), value.isFinite else {
                throw .syntax("the number \(text(position..<end)) is out of range", line: line)
            }
            emit(.number(value))
            return advance(to: end)
        }
        try lexInteger()
    }

    private mutating func lexInteger() throws(ChatTemplateError) {
        var radix = 10
        var start = position
        if scalars[position] == "0", position + 1 < scalars.count {
            switch scalars[position + 1] {
            case "x", "X": radix = 16
            case "o", "O": radix = 8
            case "b", "B": radix = 2
            default: break
            }
        }
        if radix != 10, digits(from: start + 2, radix: radix) == start + 2 { radix = 10 }
        if radix != 10 { start += 2 }
        // As in Python, a decimal that starts with 0 is only zeros.
        var end = digits(from: start, radix: radix)
        if radix == 10, scalars[start] == "0" {
            end = start + 1
            while end < scalars.count, scalars[end] == "0" { end += 1 }
        }
        guard let value = Int(text(start..<end).filter { $0 != "_" }, radix: radix) else {
            throw .syntax("the number \(text(position..<end)) is out of range", line: line)
        }
        emit(.integer(value))
        advance(to: end)
    }

    /// The index behind a run of digits in which single underscores may stand between digits.
    private func digits(from start: Int, radix: Int = 10) -> Int {
        var index = start
        while index < scalars.count {
            let afterDigit = index > start && scalars[index] == "_"
            let candidate = afterDigit ? index + 1 : index
            guard candidate < scalars.count, let value = Character(scalars[candidate]).hexDigitValue, value < radix,
                scalars[candidate].isASCII
            else { break }
            index = candidate + 1
        }
        return index
    }

    // MARK: Strings

    private mutating func lexString(quote: Unicode.Scalar) throws(ChatTemplateError) {
        var value = String.UnicodeScalarView()
        var index = position + 1
        while index < scalars.count {
            let scalar = scalars[index]
            if scalar == quote {
                emit(.string(String(value)))
                return advance(to: index + 1)
            }
            if scalar == "\\" {
                index = try unescape(at: index + 1, into: &value)
            } else {
                value.append(scalar)
                index += 1
            }
        }
        throw .syntax("unexpected char \(PythonString.quoted(String(Character(quote))))", line: line)
    }

    /// Python's string escapes; an unknown one keeps its backslash.
    private func unescape(at index: Int, into value: inout String.UnicodeScalarView) throws(ChatTemplateError) -> Int {
        guard index < scalars.count else { return index }
        switch scalars[index] {
        case "\n": break
        case "\\": value.append("\\")
        case "'": value.append("'")
        case "\"": value.append("\"")
        case "a": value.append("\u{07}")
        case "b": value.append("\u{08}")
        case "f": value.append("\u{0C}")
        case "n": value.append("\n")
        case "r": value.append("\r")
        case "t": value.append("\t")
        case "v": value.append("\u{0B}")
        case "x": return try unescapeHex(at: index + 1, count: 2, into: &value)
        case "u": return try unescapeHex(at: index + 1, count: 4, into: &value)
        case "U": return try unescapeHex(at: index + 1, count: 8, into: &value)
        case "0"..."7": return unescapeOctal(at: index, into: &value)
        default:
            value.append("\\")
            value.append(scalars[index])
        }
        return index + 1
    }

    private func unescapeHex(
        at index: Int, count: Int, into value: inout String.UnicodeScalarView
    ) throws(ChatTemplateError) -> Int {
        let end = index + count
        guard end <= scalars.count, digits(from: index, radix: 16) >= end,
            let code = UInt32(text(index..<end), radix: 16)
        else { throw .syntax("a \\x, \\u or \\U escape needs \(count) hexadecimal digits", line: line) }
        guard code <= 0x10FFFF else { throw .syntax("an escape names no character", line: line) }
        // A lone surrogate cannot stand in a Swift string.
        value.append(Unicode.Scalar(code) ?? "\u{FFFD}")
        return end
    }

    private func unescapeOctal(at index: Int, into value: inout String.UnicodeScalarView) -> Int {
        var end = index
        var code: UInt32 = 0
        while end < scalars.count, end < index + 3, ("0"..."7").contains(scalars[end]) {
            code = code * 8 + scalars[end].value - 48
            end += 1
        }
        value.append(Unicode.Scalar(code) ?? "\u{FFFD}")
        return end
    }
}
