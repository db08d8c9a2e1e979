/// Turns markdown into what can be read aloud, a scalar at a time.
///
/// Marks go and words stay: of a link its text, of a table its cells, of a list its items. Code, JSON, pictures and emoji
/// go altogether; an address becomes "the link". Line ends stay: they end a sentence.
struct MarkdownFilter: Sendable {
    enum Mode: Sendable { case text, fence(Unicode.Scalar), json(JSONSkipper), address, tableRow }

    /// What has come in and is not decided yet; every step takes from its front or waits for more.
    var pending: [Unicode.Scalar] = []
    var mode = Mode.text
    var isAtLineStart = true
    /// What was last put out.
    var previous: Unicode.Scalar?
    /// The number of the last list item.
    var listNumber = 0
    /// How far a closing mark is looked for.
    static let reach = 400

    /// Takes one scalar in, and appends what is certain.
    mutating func take(_ scalar: Unicode.Scalar, into output: inout [Unicode.Scalar]) {
        pending.append(scalar)
        while step(isEnd: false, into: &output) {}
    }

    /// Ends the text.
    mutating func finish(into output: inout [Unicode.Scalar]) {
        while step(isEnd: true, into: &output) {}
    }

    /// Decides about the front of `pending`; false when that needs more text, or none is left.
    private mutating func step(isEnd: Bool, into output: inout [Unicode.Scalar]) -> Bool {
        guard let first = pending.first else { return false }
        switch mode {
        case .text: return isAtLineStart ? stepLineStart(isEnd, &output) : stepInline(first, isEnd, &output)
        case .fence(let mark): return stepFence(mark, isEnd)
        case .json(var skipper):
            pending.removeFirst()
            mode = skipper.skip(first) ? .text : .json(skipper)
            return true
        case .address: return stepAddress(isEnd, &output)
        case .tableRow: return stepTableRow(isEnd, &output)
        }
    }

    // MARK: What the steps share

    mutating func emit(_ scalar: Unicode.Scalar, _ output: inout [Unicode.Scalar]) {
        output.append(scalar)
        previous = scalar
        isAtLineStart = scalar == "\n"
    }

    mutating func emit(_ text: String, _ output: inout [Unicode.Scalar]) {
        for scalar in text.unicodeScalars { emit(scalar, &output) }
    }

    /// Takes scalars off the front.
    mutating func drop(_ count: Int) -> Bool {
        pending.removeFirst(count)
        return true
    }

    /// How often `mark` stands at `position` in a row.
    func run(of mark: Unicode.Scalar, at position: Int = 0) -> Int {
        pending[position...].prefix { $0 == mark }.count
    }

    /// Whether the front is `text`; nil when it still may become it.
    func begins(with text: String, isEnd: Bool) -> Bool? {
        var position = 0
        for scalar in text.unicodeScalars {
            guard position < pending.count else { return isEnd ? false : nil }
            guard pending[position].properties.lowercaseMapping == String(scalar) else { return false }
            position += 1
        }
        return true
    }

    /// Where `mark` first stands from `start` on, in this line and within reach.
    enum Finding { case at(Int), nowhere, undecided }

    func find(_ mark: Unicode.Scalar, from start: Int, isEnd: Bool) -> Finding {
        var position = start
        while position < pending.count {
            if pending[position] == mark { return .at(position) }
            if pending[position] == "\n" || position - start > Self.reach { return .nowhere }
            position += 1
        }
        return isEnd ? .nowhere : .undecided
    }

    // MARK: Modes that skip

    /// Skips to the closing fence and the rest of its line.
    private mutating func stepFence(_ mark: Unicode.Scalar, _ isEnd: Bool) -> Bool {
        guard pending[0] == mark else { return drop(1) }
        let count = run(of: mark)
        guard count >= 3 else { return count == pending.count && !isEnd ? false : drop(count) }
        guard count < pending.count || isEnd else { return false }
        mode = .text
        return drop(count)
    }

    /// Skips an address; the punctuation at its end belongs to the sentence.
    private mutating func stepAddress(_ isEnd: Bool, _ output: inout [Unicode.Scalar]) -> Bool {
        let end = pending.firstIndex { $0.properties.isWhitespace || "<>\"`|)]}*".unicodeScalars.contains($0) }
        guard end != nil || isEnd else {
            // Of an endless address only what may be its closing punctuation need be kept.
            if pending.count > 64 { pending.removeFirst(pending.count - 16) }
            return false
        }
        let address = pending[..<(end ?? pending.count)]
        let closing = address.reversed().prefix { ".,;:!?'".unicodeScalars.contains($0) }.count
        pending.removeFirst(address.count - closing)
        mode = .text
        emit("the link", &output)
        return true
    }

    /// A table's row, read whole: its cells with commas between them; a row of dashes says nothing.
    private mutating func stepTableRow(_ isEnd: Bool, _ output: inout [Unicode.Scalar]) -> Bool {
        let end = pending.firstIndex(of: "\n")
        guard end != nil || isEnd || pending.count > 4 * Self.reach else { return false }
        let row = pending[..<(end ?? pending.count)]
        let isRule = row.allSatisfy { "|-: \t\r".unicodeScalars.contains($0) }
        let cells = row.split(separator: "|").filter { !$0.allSatisfy(\.properties.isWhitespace) }
        pending.removeFirst(row.count)
        if !isRule { pending.insert(contentsOf: Array(cells.joined(separator: ", ".unicodeScalars)), at: 0) }
        mode = .text
        isAtLineStart = false
        return true
    }
}

/// Finds the end of a JSON value that began with a brace or bracket.
struct JSONSkipper: Sendable {
    private var depth = 0, isInString = false, isEscaped = false

    /// Takes one scalar of the value; true when it was the last.
    mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        if isInString {
            if isEscaped {
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else if scalar == "\"" {
                isInString = false
            }
            return false
        }
        switch scalar {
        case "\"": isInString = true
        case "{", "[": depth += 1
        case "}", "]": depth -= 1
        default: break
        }
        return depth == 0
    }
}
