/// Splits a model's text into reasoning, answer and tool calls while it is being written.
///
/// Every decision depends on the text so far and never on how it was cut into pieces, so streaming a reply and parsing
/// it whole give the same result: ``parse(_:with:truncated:)`` is the fold of the deltas.
///
/// A tool call is reported once its arguments are complete and known to be valid JSON: a client never has half a call
/// in its hands that turns out not to be one. Text after the first call is dropped, as vLLM does; a call that is
/// malformed, or cut off by the token limit, is text.
public struct ReplyParser: Sendable {
    /// How many tool calls have been reported.
    public private(set) var toolCallCount = 0
    private var reasoning: ReasoningParser
    private var tools: any ToolCallParser
    private let allowsParallelToolCalls: Bool
    private let makeIdentifier: @Sendable () -> String
    /// White space at the start of the answer; dropped if nothing but a call follows.
    private var heldWhitespace = ""
    private var hasContent = false
    private var isFinished = false

    /// A parser at the start of a reply.
    ///
    /// - Parameters:
    ///   - reasoning: How reasoning is told apart; nil takes everything for the answer.
    ///   - tools: How tool calls are written; nil looks for none.
    ///   - allowsParallelToolCalls: When false, calls after the first are dropped.
    ///   - makeIdentifier: Names calls.
    public init(
        reasoning: ReasoningParser? = nil, tools: (any ToolCallParser)? = nil, allowsParallelToolCalls: Bool = true,
        makeIdentifier: @escaping @Sendable () -> String = ToolCallIdentifier.random
    ) {
        self.reasoning = reasoning ?? .none
        self.tools = tools ?? PlainTextParser()
        self.allowsParallelToolCalls = allowsParallelToolCalls
        self.makeIdentifier = makeIdentifier
    }

    /// Takes more text; returns what became certain.
    public mutating func append(_ text: String) -> [ReplyDelta] {
        guard !isFinished, !text.isEmpty else { return [] }
        var deltas: [ReplyDelta] = []
        if tools.findsCallsInReasoning {
            take(tools.append(text), into: &deltas)
        } else {
            take(reasoning.append(text), into: &deltas)
        }
        return deltas
    }

    /// Ends the reply; returns what was held back. Further calls do nothing.
    ///
    /// - Parameter truncated: Whether the token limit ended the reply, rather than the model.
    public mutating func finish(truncated: Bool) -> [ReplyDelta] {
        guard !isFinished else { return [] }
        isFinished = true
        var deltas: [ReplyDelta] = []
        if tools.findsCallsInReasoning {
            take(tools.finish(truncated: truncated), into: &deltas)
            if toolCallCount == 0 { take(reasoning.finish(), into: &deltas) }
        } else {
            take(reasoning.finish(), into: &deltas)
            take(tools.finish(truncated: truncated), into: &deltas)
        }
        if toolCallCount == 0, !heldWhitespace.isEmpty { deltas.append(.content(heldWhitespace)) }
        return deltas
    }

    /// A whole reply.
    public static func parse(_ text: String, with parser: ReplyParser, truncated: Bool = false) -> ParsedReply {
        var parser = parser
        var reply = ParsedReply(parser.append(text))
        for delta in parser.finish(truncated: truncated) { reply.append(delta) }
        return reply
    }

    // MARK: Pieces

    private mutating func take(_ events: [ToolCallEvent], into deltas: inout [ReplyDelta]) {
        for event in events {
            switch event {
            case .text(let text): takeText(text, into: &deltas)
            case .call(let call):
                let isTalk = toolCallCount == 0 && reasoning.isOpen && !call.endsReasoning
                if isTalk { takeText(call.source, into: &deltas) } else { takeCall(call, into: &deltas) }
            }
        }
    }

    private mutating func take(_ pieces: [ReasoningParser.Piece], into deltas: inout [ReplyDelta]) {
        for piece in pieces {
            switch piece {
            case .reasoning(let text): deltas.append(.reasoning(text))
            case .content(let text) where tools.findsCallsInReasoning: takeContent(text, into: &deltas)
            case .content(let text): take(tools.append(text), into: &deltas)
            }
        }
    }

    /// Text that belongs to no call.
    private mutating func takeText(_ text: String, into deltas: inout [ReplyDelta]) {
        guard toolCallCount == 0 else { return }
        if tools.findsCallsInReasoning {
            take(reasoning.append(text), into: &deltas)
        } else {
            takeContent(text, into: &deltas)
        }
    }

    private mutating func takeContent(_ text: String, into deltas: inout [ReplyDelta]) {
        guard !hasContent else { return deltas.append(.content(text)) }
        heldWhitespace += text
        guard !text.utf8.allSatisfy(\.isJSONWhitespace) else { return }
        hasContent = true
        deltas.append(.content(heldWhitespace))
        heldWhitespace = ""
    }

    private mutating func takeCall(_ call: ToolCall, into deltas: inout [ReplyDelta]) {
        if toolCallCount == 0 {
            if tools.findsCallsInReasoning { take(reasoning.finish(), into: &deltas) }
            heldWhitespace = ""
        } else if !allowsParallelToolCalls {
            return
        }
        deltas.append(.toolCallStart(index: toolCallCount, id: makeIdentifier(), name: call.name))
        deltas.append(.toolCallArguments(index: toolCallCount, call.arguments))
        toolCallCount += 1
    }
}
