/// Tells a model's reasoning from its answer by `<think>` and `</think>`.
///
/// Whether a reply starts inside the reasoning is decided by the end of the rendered prompt, never by what the request
/// asked for: some templates switch thinking off unless told otherwise.
public struct ReasoningParser: Sendable {
    enum Piece: Equatable {
        case reasoning(String)
        case content(String)
    }

    private enum State { case start, reasoning, content }

    /// The names that ``init(named:prompt:)`` knows, which are vLLM's.
    public static let names = ["deepseek_r1", "qwen3"]

    /// Everything is the answer.
    static let none = ReasoningParser(state: .content, opensInReasoning: false)

    private static let opening = Array("<think>".utf8)
    private static let closing = Array("</think>".utf8)

    private var state: State
    private let opensInReasoning: Bool
    private var pending: [UInt8] = []

    private init(state: State, opensInReasoning: Bool) {
        self.state = state
        self.opensInReasoning = opensInReasoning
    }

    /// A parser for the reply to a prompt.
    ///
    /// - Parameters:
    ///   - name: One of ``names``.
    ///   - prompt: The rendered prompt, or its end.
    /// - Throws: ``ReplyParserError`` when there is no parser of that name.
    public init(named name: String, prompt: String) throws(ReplyParserError) {
        guard Self.names.contains(name) else { throw .unknownReasoningParser(name, known: Self.names) }
        self.init(state: .start, opensInReasoning: Self.endsInReasoning(prompt))
    }

    /// The name of the parser for what a chat template's model writes; nil for a template that knows no reasoning.
    public static func name(chatTemplate source: String) -> String? {
        source.contains("<think>") || source.contains("</think>") ? "qwen3" : nil
    }

    /// Whether a prompt ends inside an open `<think>`.
    public static func endsInReasoning(_ prompt: String) -> Bool {
        var bytes = prompt.utf8[...]
        while let last = bytes.last, last.isJSONWhitespace { bytes.removeLast() }
        return bytes.suffix(opening.count).elementsEqual(opening)
    }

    /// Whether what comes next is reasoning, as far as is known.
    var isOpen: Bool { state == .reasoning || (state == .start && opensInReasoning) }

    mutating func append(_ text: String) -> [Piece] {
        pending += text.utf8
        return advance(isEnd: false)
    }

    /// Ends the text; what was held back for a tag that did not come is text.
    mutating func finish() -> [Piece] { advance(isEnd: true) }

    private mutating func advance(isEnd: Bool) -> [Piece] {
        var pieces: [Piece] = []
        if state == .start { leaveStart(isEnd: isEnd) }
        if state == .reasoning { readReasoning(isEnd: isEnd, into: &pieces) }
        if state == .content, !pending.isEmpty { pieces.append(.content(takePending(pending.count))) }
        return pieces
    }

    /// A `<think>` that the model writes itself opens the reasoning, also where the prompt has opened it already.
    private mutating func leaveStart(isEnd: Bool) {
        guard let first = pending.firstIndex(where: { !$0.isJSONWhitespace }) else {
            if isEnd { state = opensInReasoning ? .reasoning : .content }
            return
        }
        let rest = pending[first...]
        if rest.starts(with: Self.opening) {
            pending.removeFirst(first + Self.opening.count)
            state = .reasoning
        } else if isEnd || !Self.opening.starts(with: rest) {
            state = opensInReasoning ? .reasoning : .content
        }
    }

    private mutating func readReasoning(isEnd: Bool, into pieces: inout [Piece]) {
        let mark = pending.firstRange(of: Self.closing)
        let end = mark?.lowerBound ?? pending.count - (isEnd ? 0 : pending.heldBack(for: Self.closing))
        if end > 0 { pieces.append(.reasoning(takePending(end))) }
        guard mark != nil else { return }
        pending.removeFirst(Self.closing.count)
        state = .content
    }

    private mutating func takePending(_ count: Int) -> String {
        defer { pending.removeFirst(count) }
        return String(decoding: pending[..<count], as: UTF8.self)
    }
}
