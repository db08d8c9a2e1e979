extension MarkdownFilter {
    private static let schemes = ["http://", "https://", "ftp://", "file://"]
    /// What begins an address only where a word begins.
    private static let wordSchemes = schemes + ["mailto:", "www."]

    /// Decides about a scalar within a line.
    mutating func stepInline(
        _ first: Unicode.Scalar, _ isEnd: Bool, _ output: inout [Unicode.Scalar]
    ) -> Bool {
        switch first {
        case "*": return stepStar(isEnd, &output)
        case "_": return stepUnderscore(isEnd, &output)
        case "~": return drop(1)
        case "#": return stepHash(isEnd, &output)
        case "`": return stepCode(isEnd)
        case "[": return stepBracket(at: 0, isEnd)
        case "!": return stepExclamation(isEnd, &output)
        case "{": return stepBrace(isEnd)
        case "}", "]", "\u{FEFF}": return drop(1)
        case "<": return stepAngle(isEnd, &output)
        case "\\": return drop(1)
        case "|", "\u{2022}":
            emit(",", &output)
            return drop(1)
        case "h", "H", "f", "F", "m", "M", "w", "W": return stepWord(first, isEnd, &output)
        default:
            if first == "\n" || !first.isUnspeakable(after: previous) { emit(first, &output) }
            return drop(1)
        }
    }

    /// Emphasis, but for a product such as `3 * 4`.
    private mutating func stepStar(_ isEnd: Bool, _ output: inout [Unicode.Scalar]) -> Bool {
        let count = run(of: "*")
        guard count < pending.count || isEnd else { return count > Self.reach ? drop(count) : false }
        let isProduct = count == 1 && previous == " " && count < pending.count && pending[count] == " "
        if isProduct { emit("times", &output) }
        return drop(count)
    }

    /// Emphasis around words; within one it parts them.
    private mutating func stepUnderscore(_ isEnd: Bool, _ output: inout [Unicode.Scalar]) -> Bool {
        let count = run(of: "_")
        guard count < pending.count || isEnd else { return count > Self.reach ? drop(count) : false }
        let isWithinWord =
            previous?.isWordPart == true && count < pending.count && pending[count].isWordPart
        if isWithinWord { emit(" ", &output) }
        return drop(count)
    }

    private mutating func stepHash(_ isEnd: Bool, _ output: inout [Unicode.Scalar]) -> Bool {
        guard pending.count > 1 || isEnd else { return false }
        if pending.count > 1, ("0"..."9").contains(pending[1]) { emit("number ", &output) }
        return drop(1)
    }

    /// Code goes, unless it is plain words set in code's type.
    private mutating func stepCode(_ isEnd: Bool) -> Bool {
        let count = run(of: "`")
        guard count < pending.count || isEnd else { return count > Self.reach ? drop(count) : false }
        if count >= 3 {
            mode = .fence("`")
            return drop(count)
        }
        switch find("`", from: count, isEnd: isEnd) {
        case .undecided: return false
        case .nowhere: return drop(count)
        case .at(let end):
            let code = Array(pending[count..<end])
            _ = drop(end + run(of: "`", at: end))
            let isPlain = code.allSatisfy { $0.isWordPart && $0 != "_" || $0 == " " || $0 == "-" }
            if isPlain { pending.insert(contentsOf: code, at: 0) }
            return true
        }
    }

    /// `!` before a bracket is a picture, of which nothing is spoken.
    private mutating func stepExclamation(_ isEnd: Bool, _ output: inout [Unicode.Scalar]) -> Bool {
        guard pending.count > 1 || isEnd else { return false }
        if pending.count > 1, pending[1] == "[" { return stepBracket(at: 1, isEnd) }
        emit("!", &output)
        return drop(1)
    }

    /// A link keeps its text, a footnote or tick box goes, other brackets go and leave what they hold.
    private mutating func stepBracket(at start: Int, _ isEnd: Bool) -> Bool {
        if start == 0, let isJSON = holdsJSON(isEnd) {
            if isJSON { return skipJSON() }
        } else if start == 0 {
            return false
        }
        switch find("]", from: start + 1, isEnd: isEnd) {
        case .undecided: return false
        case .nowhere: return drop(start + 1)
        case .at(let close):
            guard close + 1 < pending.count || isEnd else { return false }
            let text = Array(pending[(start + 1)..<close])
            var end = close + 1
            var isLink = false
            if end < pending.count, pending[end] == "(" {
                switch find(")", from: end, isEnd: isEnd) {
                case .undecided: return false
                case .nowhere: break
                case .at(let last): (end, isLink) = (last + 1, true)
                }
            }
            _ = drop(end)
            let isMark = text.allSatisfy { ("0"..."9").contains($0) || " xX^,".unicodeScalars.contains($0) }
            if start == 0, isLink || !isMark { pending.insert(contentsOf: text, at: 0) }
            return true
        }
    }

    private mutating func stepBrace(_ isEnd: Bool) -> Bool {
        guard let isJSON = holdsJSON(isEnd) else { return false }
        return isJSON ? skipJSON() : drop(1)
    }

    /// Whether the brace or bracket at the front opens JSON; nil when its first token has not come.
    private func holdsJSON(_ isEnd: Bool) -> Bool? {
        guard let next = pending.dropFirst().first(where: { !$0.properties.isWhitespace }) else {
            return isEnd ? false : nil
        }
        return pending[0] == "{" ? next == "\"" || next == "}" : next == "{" || next == "\""
    }

    private mutating func skipJSON() -> Bool {
        mode = .json(JSONSkipper())
        return true
    }

    /// A tag of HTML goes, an address in angle brackets too; a line break is one.
    private mutating func stepAngle(_ isEnd: Bool, _ output: inout [Unicode.Scalar]) -> Bool {
        guard pending.count > 1 || isEnd else { return false }
        guard pending.count > 1, pending[1].properties.isAlphabetic || pending[1] == "/" || pending[1] == "!" else {
            if pending.count > 1, pending[1] == " " { emit("<", &output) }
            return drop(1)
        }
        switch find(">", from: 1, isEnd: isEnd) {
        case .undecided: return false
        case .nowhere: return drop(1)
        case .at(let end):
            var view = String.UnicodeScalarView()
            view.append(contentsOf: pending[1..<end])
            let tag = String(view).lowercased()
            _ = drop(end + 1)
            if Self.wordSchemes.contains(where: tag.hasPrefix) {
                emit("the link", &output)
            } else if ["br", "br/", "br /", "/p", "/li", "/div", "/tr"].contains(tag) {
                emit("\n", &output)
            }
            return true
        }
    }

    /// A letter with which an address may begin.
    private mutating func stepWord(
        _ first: Unicode.Scalar, _ isEnd: Bool, _ output: inout [Unicode.Scalar]
    ) -> Bool {
        let isWithinWord = previous?.isWordPart == true
        let findings = (isWithinWord ? Self.schemes : Self.wordSchemes).map { begins(with: $0, isEnd: isEnd) }
        if findings.contains(true) {
            if isWithinWord { emit(" ", &output) }
            mode = .address
            return true
        }
        if findings.contains(where: { $0 == nil }) { return false }
        emit(first, &output)
        return drop(1)
    }
}

extension Unicode.Scalar {
    /// A letter, a digit, or a mark on one.
    var isWordPart: Bool {
        properties.isAlphabetic || properties.numericType != nil || self == "_"
    }

    /// Emoji, pictures, and control characters. Joiners stay within words: Indian scripts are written with them.
    func isUnspeakable(after previous: Unicode.Scalar?) -> Bool {
        switch value {
        case 0x09, 0x0A, 0x0D: false
        case 0x00..<0x20, 0x7F..<0xA0: true
        case 0x200C, 0x200D: previous?.isWordPart != true && previous?.properties.generalCategory != .nonspacingMark
        case 0x200B, 0x200E...0x200F, 0x2060...0x206F, 0x20E3, 0xFE00...0xFE0F, 0xFFFC...0xFFFF: true
        case 0x2190...0x21FF, 0x2300...0x23FF, 0x2500...0x27BF, 0x2900...0x297F, 0x2B00...0x2BFF: true
        case 0x1F000...0x1FAFF, 0xE0000...0xE0FFF, 0xF0000...0x10FFFF, 0xE000...0xF8FF: true
        case 0xA9, 0xAE, 0x2122, 0x3030, 0x303D, 0x3297, 0x3299, 0x203C, 0x2049, 0x2139: true
        default: properties.isEmojiPresentation
        }
    }
}
