/// Splits template source into text and tags, with Jinja's white-space rules as Hugging Face sets them:
/// `trim_blocks` (a newline after a block tag goes), `lstrip_blocks` (indentation before one goes), and the final
/// newline of the source goes.
struct TemplateLexer {
    let scalars: [Unicode.Scalar]
    var position = 0
    var line = 1
    var tokens: [TemplateToken] = []
    /// Whether everything up to here ended in a newline, so that a tag's indentation may be stripped.
    private var isAtLineStart = true

    private enum Sign { case none, strip, keep }

    static func tokens(of source: String) throws(ChatTemplateError) -> [TemplateToken] {
        var lexer = TemplateLexer(source)
        try lexer.run()
        return lexer.tokens
    }

    private init(_ source: String) {
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(source.unicodeScalars.count)
        var afterReturn = false
        for scalar in source.unicodeScalars {
            if !(scalar == "\n" && afterReturn) { scalars.append(scalar == "\r" ? "\n" : scalar) }
            afterReturn = scalar == "\r"
        }
        if scalars.last == "\n" { scalars.removeLast() }
        self.scalars = scalars
    }

    private mutating func run() throws(ChatTemplateError) {
        while let opener = nextOpener() {
            let contentStart = opener + 2
            let (sign, afterSign) = readSign(at: contentStart)
            switch scalars[opener + 1] {
            case "#":
                emitText(upTo: opener, sign: sign, isBlock: true)
                try skipComment(from: afterSign)
            case "{":
                emitText(upTo: opener, sign: sign, isBlock: false)
                try lexTag(from: afterSign, begin: .variableBegin)
            default:
                emitText(upTo: opener, sign: sign, isBlock: true)
                if let bodyStart = rawTagEnd(from: afterSign) {
                    try lexRaw(from: bodyStart)
                } else {
                    try lexTag(from: afterSign, begin: .blockBegin)
                }
            }
        }
        emit(.text(text(position..<scalars.count)))
        advance(to: scalars.count)
        emit(.end)
    }

    // MARK: Text

    private func nextOpener() -> Int? {
        var index = position
        while index + 1 < scalars.count {
            if scalars[index] == "{" {
                let next = scalars[index + 1]
                if next == "%" || next == "{" || next == "#" { return index }
            }
            index += 1
        }
        return nil
    }

    private func readSign(at index: Int) -> (Sign, Int) {
        guard index < scalars.count else { return (.none, index) }
        switch scalars[index] {
        case "-": return (.strip, index + 1)
        case "+": return (.keep, index + 1)
        default: return (.none, index)
        }
    }

    private mutating func emitText(upTo end: Int, sign: Sign, isBlock: Bool) {
        var textEnd = end
        switch sign {
        case .strip:
            while textEnd > position, PythonString.isSpace(scalars[textEnd - 1]) { textEnd -= 1 }
        case .none where isBlock:
            var lineStart = end
            while lineStart > position, scalars[lineStart - 1] != "\n" { lineStart -= 1 }
            let startsLine = lineStart > position || isAtLineStart
            if startsLine, scalars[lineStart..<end].allSatisfy(PythonString.isSpace) { textEnd = lineStart }
        default: break
        }
        let value = text(position..<textEnd)
        if !value.isEmpty { emit(.text(value)) }
        advance(to: end)
    }

    // MARK: Comments and raw blocks

    private mutating func skipComment(from start: Int) throws(ChatTemplateError) {
        guard let end = find("#", "}", from: start) else {
            throw .syntax("Missing end of comment tag", line: line)
        }
        finishTag(closing: end, start: start, trimsNewline: true)
    }

    /// The index after `raw %}` when the block tag that begins here is a raw tag.
    private func rawTagEnd(from start: Int) -> Int? {
        guard var index = skipWord("raw", from: start) else { return nil }
        index = skipSpace(from: index)
        let strips = index < scalars.count && scalars[index] == "-"
        if strips { index += 1 }
        guard matches("%", "}", at: index) else { return nil }
        return strips ? skipSpace(from: index + 2) : index + 2
    }

    private mutating func lexRaw(from start: Int) throws(ChatTemplateError) {
        advance(to: start)
        var search = start
        while let opener = find("{", "%", from: search) {
            let (sign, afterSign) = readSign(at: opener + 2)
            if let wordEnd = skipWord("endraw", from: afterSign) {
                let close = skipSpace(from: wordEnd)
                let signLength = close < scalars.count && (scalars[close] == "-" || scalars[close] == "+") ? 1 : 0
                if matches("%", "}", at: close + signLength) {
                    emitText(upTo: opener, sign: sign, isBlock: true)
                    finishTag(closing: close + signLength, start: close, trimsNewline: true)
                    return
                }
            }
            search = opener + 2
        }
        throw .syntax("Missing end of raw directive", line: line)
    }

    private func skipWord(_ word: String, from start: Int) -> Int? {
        let index = skipSpace(from: start)
        let letters = Array(word.unicodeScalars)
        guard index + letters.count <= scalars.count, scalars[index..<index + letters.count].elementsEqual(letters)
        else { return nil }
        return index + letters.count
    }

    // MARK: Positions

    /// Goes behind a tag's two closing characters, honouring the sign before them.
    mutating func finishTag(closing: Int, start: Int, trimsNewline: Bool) {
        var end = closing + 2
        let sign: Unicode.Scalar? = closing > start ? scalars[closing - 1] : nil
        if sign == "-" {
            end = skipSpace(from: end)
        } else if sign != "+", trimsNewline, end < scalars.count, scalars[end] == "\n" {
            end += 1
        }
        advance(to: end)
    }

    mutating func advance(to index: Int) {
        guard index > position else { return }
        for scalar in scalars[position..<index] where scalar == "\n" { line += 1 }
        isAtLineStart = scalars[index - 1] == "\n"
        position = index
    }

    mutating func emit(_ kind: TemplateToken.Kind) { tokens.append(TemplateToken(kind: kind, line: line)) }

    func matches(_ first: Unicode.Scalar, _ second: Unicode.Scalar, at index: Int) -> Bool {
        index + 1 < scalars.count && scalars[index] == first && scalars[index + 1] == second
    }

    func text(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range])
        return String(view)
    }

    private func find(_ first: Unicode.Scalar, _ second: Unicode.Scalar, from start: Int) -> Int? {
        var index = start
        while index + 1 < scalars.count {
            if scalars[index] == first, scalars[index + 1] == second { return index }
            index += 1
        }
        return nil
    }

    private func skipSpace(from start: Int) -> Int {
        var index = start
        while index < scalars.count, PythonString.isSpace(scalars[index]) { index += 1 }
        return index
    }
}
