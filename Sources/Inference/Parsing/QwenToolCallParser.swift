import JSON

/// Calls written as `<tool_call><function=name><parameter=key>value</parameter></function></tool_call>`.
///
/// A call is certain when its function closes. A `<function=` without `<tool_call>` before it counts too, but not inside
/// reasoning, where it may only be talked about. Values get the types that the request's tools declare.
struct QwenToolCallParser: ToolCallParser {
    private let schemas: QwenToolSchemas
    private var pending: [UInt8] = []
    /// Reads the call whose tag stands at the start of `pending`.
    private var reader: QwenCallReader?

    init(tools: [JSONValue]) { schemas = QwenToolSchemas(tools: tools) }

    mutating func append(_ text: String) -> [ToolCallEvent] {
        pending += text.utf8
        return advance(end: nil)
    }

    mutating func finish(truncated: Bool) -> [ToolCallEvent] { advance(end: truncated ? .truncated : .natural) }

    private mutating func advance(end: QwenCallReader.End?) -> [ToolCallEvent] {
        var events: [ToolCallEvent] = []
        while true {
            let goesOn =
                reader == nil
                ? readText(isEnd: end != nil, into: &events) : readCall(end: end, into: &events)
            guard goesOn else { return events }
        }
    }

    /// Passes text on up to the next tag; true when it is there.
    private mutating func readText(isEnd: Bool, into events: inout [ToolCallEvent]) -> Bool {
        let wrapped = pending.firstRange(of: QwenTag.callOpening)
        let bare = pending.firstRange(of: QwenTag.functionOpening)
        guard let tag = [wrapped, bare].compactMap({ $0 }).min(by: { $0.lowerBound < $1.lowerBound }) else {
            let held = max(
                pending.heldBack(for: QwenTag.callOpening), pending.heldBack(for: QwenTag.functionOpening))
            take(pending.count - (isEnd ? 0 : held), into: &events)
            return false
        }
        take(tag.lowerBound, into: &events)
        reader = QwenCallReader(isWrapped: tag == wrapped, schemas: schemas)
        return true
    }

    /// Reads the call behind the tag; false when more text is needed.
    private mutating func readCall(end: QwenCallReader.End?, into events: inout [ToolCallEvent]) -> Bool {
        guard var reader else { return false }
        switch reader.advance(in: pending, end: end) {
        case .incomplete:
            self.reader = reader
            return false
        case .malformed:
            take(reader.isWrapped ? QwenTag.callOpening.count : QwenTag.functionOpening.count, into: &events)
        case .complete(let position):
            events.append(
                .call(
                    ToolCall(
                        name: reader.name, arguments: reader.arguments, source: pending.text(0..<position),
                        endsReasoning: reader.isWrapped)))
            pending.removeFirst(position)
        }
        self.reader = nil
        return true
    }

    private mutating func take(_ count: Int, into events: inout [ToolCallEvent]) {
        guard count > 0 else { return }
        events.append(.text(pending.text(0..<count)))
        pending.removeFirst(count)
    }
}

/// The tags of the format.
enum QwenTag {
    static let callOpening = Array("<tool_call>".utf8)
    static let callClosing = Array("</tool_call>".utf8)
    static let functionOpening = Array("<function=".utf8)
    static let functionClosing = Array("</function>".utf8)
    static let parameterOpening = Array("<parameter=".utf8)
    static let parameterClosing = Array("</parameter>".utf8)
}
