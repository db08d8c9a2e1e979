extension MarkdownFilter {
    /// Takes the mark off the beginning of a line: heading, quotation, list, rule, fence, table.
    mutating func stepLineStart(_ isEnd: Bool, _ output: inout [Unicode.Scalar]) -> Bool {
        let first = pending[0]
        switch first {
        case "\n":
            emit("\n", &output)
            return drop(1)
        case " ", "\t", "\r", ">": return drop(1)
        case "#": return stepHeading(isEnd)
        case "-", "*", "+", "=", "_", "\u{2022}": return stepBullet(first, isEnd)
        case "`", "~": return stepOpeningFence(first, isEnd)
        case "|":
            mode = .tableRow
            return true
        case "0"..."9": return stepListNumber(isEnd)
        default:
            isAtLineStart = false
            return true
        }
    }

    private mutating func stepHeading(_ isEnd: Bool) -> Bool {
        let count = run(of: "#")
        guard count < pending.count || isEnd else { return false }
        let isHeading = count <= 6 && (count == pending.count || pending[count].properties.isWhitespace)
        isAtLineStart = false
        return isHeading ? drop(count) : true
    }

    /// A bullet is one mark and a space; three or more marks and nothing else are a rule.
    private mutating func stepBullet(_ mark: Unicode.Scalar, _ isEnd: Bool) -> Bool {
        let count = run(of: mark)
        guard count < pending.count || isEnd else { return count > Self.reach ? drop(count) : false }
        let isAlone = count == pending.count || pending[count].properties.isWhitespace
        if isAlone, count == 1 || count >= 3 { return drop(count) }
        if mark == "=" { return drop(count) }
        isAtLineStart = false
        return true
    }

    private mutating func stepOpeningFence(_ mark: Unicode.Scalar, _ isEnd: Bool) -> Bool {
        let count = run(of: mark)
        guard count >= 3 else {
            if count == pending.count, !isEnd { return false }
            isAtLineStart = false
            return true
        }
        mode = .fence(mark)
        isAtLineStart = false
        return drop(count)
    }

    /// `1.` is a mark, and `7.` only after `6.`: else it may be an answer.
    private mutating func stepListNumber(_ isEnd: Bool) -> Bool {
        let digits = pending.prefix { ("0"..."9").contains($0) }
        guard digits.count > 3 || digits.count + 1 < pending.count || isEnd else { return false }
        isAtLineStart = false
        guard digits.count <= 3 else { return true }
        guard digits.count + 1 < pending.count else { return true }
        let number = digits.reduce(0) { $0 * 10 + Int($1.value) - 48 }
        let mark = pending[digits.count]
        guard mark == "." || mark == ")", pending[digits.count + 1] == " " else { return true }
        guard number == 1 || number == listNumber + 1 else { return true }
        listNumber = number
        return drop(digits.count + 2)
    }
}
