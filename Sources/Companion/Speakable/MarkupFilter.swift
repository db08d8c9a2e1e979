/// Takes thinking and tool markup out of a reply, a scalar at a time, so that it cannot matter how the stream was split.
///
/// Blocks (`<think>…</think>`, `<tool_call>…</tool_call>`, …) go with what they hold, also where they are never closed;
/// control tokens (`<|im_end|>`) and stray closing tags go alone. Everything else passes.
struct MarkupFilter: Sendable {
    private enum State { case text, hidden(until: [Unicode.Scalar]) }
    private enum Match { case none, partial, stray, block(closing: [Unicode.Scalar]) }

    private static let blocks: [(opening: [Unicode.Scalar], closing: [Unicode.Scalar])] = [
        ("<think>", "</think>"), ("<thinking>", "</thinking>"), ("<tool_call>", "</tool_call>"),
        ("<tool_calls>", "</tool_calls>"), ("<tool_response>", "</tool_response>"), ("<tools>", "</tools>"),
        ("<function=", "</function>"),
    ].map { (Array($0.0.unicodeScalars), Array($0.1.unicodeScalars)) }
    private static let longestControlToken = 40

    private var state = State.text
    /// Scalars from a `<` on, as long as a tag may still come of them.
    private var held: [Unicode.Scalar] = []

    /// Takes one scalar in, and appends what is certain to be text.
    mutating func take(_ scalar: Unicode.Scalar, into output: inout [Unicode.Scalar]) {
        switch state {
        case .text: takeText(scalar, into: &output)
        case .hidden(let closing): takeHidden(scalar, closing)
        }
    }

    /// Ends the reply: a tag that was only begun is text.
    mutating func finish(into output: inout [Unicode.Scalar]) {
        if case .text = state { output += held }
        held = []
    }

    private mutating func takeText(_ scalar: Unicode.Scalar, into output: inout [Unicode.Scalar]) {
        guard !held.isEmpty || scalar == "<" else {
            output.append(scalar)
            return
        }
        held.append(scalar)
        switch Self.match(held) {
        case .partial: break
        case .stray: held = []
        case .block(let closing):
            held = []
            state = .hidden(until: closing)
        case .none:
            let rest = held.dropFirst()
            output.append(held[0])
            held = []
            for scalar in rest { takeText(scalar, into: &output) }
        }
    }

    private mutating func takeHidden(_ scalar: Unicode.Scalar, _ closing: [Unicode.Scalar]) {
        held.append(scalar)
        if held.count > closing.count { held.removeFirst() }
        guard held.count == closing.count, Self.agree(held, closing) else { return }
        held = []
        state = .text
    }

    private static func match(_ held: [Unicode.Scalar]) -> Match {
        if held.count > 1, held[1] == "|" { return matchControlToken(held) }
        var isPartial = held.count == 1
        for block in blocks {
            if agree(held, block.opening) {
                if held.count == block.opening.count { return .block(closing: block.closing) }
                isPartial = true
            }
            if agree(held, block.closing) {
                if held.count == block.closing.count { return .stray }
                isPartial = true
            }
        }
        return isPartial ? .partial : .none
    }

    private static func matchControlToken(_ held: [Unicode.Scalar]) -> Match {
        guard held.count > 2, let last = held.last else { return .partial }
        if last == ">", held[held.count - 2] == "|", held.count > 4 { return .stray }
        let isName = last == "_" || last == "|" || last.properties.isAlphabetic || ("0"..."9").contains(last)
        return isName && held.count < longestControlToken ? .partial : .none
    }

    /// Whether `text` is the tag's beginning, or all of it, in whatever case.
    private static func agree(_ text: [Unicode.Scalar], _ tag: [Unicode.Scalar]) -> Bool {
        text.count <= tag.count
            && zip(text, tag).allSatisfy { $0 == $1 || $0.isASCII && $0.properties.lowercaseMapping == String($1) }
    }
}
