import JSON

/// Calls from a reply that constrained decoding has made JSON, for a named or required tool choice.
///
/// Give it to ``ReplyParser`` in place of a format's parser; reasoning before the JSON is told apart as ever.
public struct ConstrainedToolCallParser: ToolCallParser {
    /// The constraint begins with the answer.
    public let findsCallsInReasoning = false

    private enum State { case start, betweenCalls, object, text, done }

    /// The tool whose arguments the reply is; nil for an array of objects with `name` and `parameters`.
    private let name: String?
    private var pending: [UInt8] = []
    private var state = State.start
    private var extent: JSONExtent?
    private var hasCalls = false

    private init(name: String?) { self.name = name }

    /// For a named tool choice: the reply is the object of that tool's arguments.
    public static func named(_ name: String) -> ConstrainedToolCallParser { ConstrainedToolCallParser(name: name) }

    /// For a required tool choice: the reply is an array of objects with `name` and `parameters`.
    public static let required = ConstrainedToolCallParser(name: nil)

    /// Takes more of the JSON; each call is certain when its object closes.
    public mutating func append(_ text: String) -> [ToolCallEvent] {
        pending += text.utf8
        return advance()
    }

    /// Ends the reply; one that ended before its JSON did is text.
    public mutating func finish(truncated: Bool) -> [ToolCallEvent] {
        var events = advance()
        takeText(into: &events)
        state = .done
        return events
    }

    private mutating func advance() -> [ToolCallEvent] {
        var events: [ToolCallEvent] = []
        while step(into: &events) {}
        return events
    }

    /// True when there may be more to do.
    private mutating func step(into events: inout [ToolCallEvent]) -> Bool {
        switch state {
        case .start, .betweenCalls: return findObject()
        case .object: return readObject(into: &events)
        case .text:
            takeText(into: &events)
            return false
        case .done:
            pending = []
            return false
        }
    }

    private mutating func findObject() -> Bool {
        var index = pending.skippingWhitespace(from: 0)
        let separator = state == .start ? UInt8(ascii: "[") : UInt8(ascii: ",")
        if name == nil, index < pending.count, pending[index] == separator {
            index = pending.skippingWhitespace(from: index + 1)
        }
        guard index < pending.count else { return false }
        guard pending[index] == UInt8(ascii: "{") else {
            state = hasCalls ? .done : .text
            return true
        }
        extent = JSONExtent(startingAt: index)
        state = .object
        return true
    }

    private mutating func readObject(into events: inout [ToolCallEvent]) -> Bool {
        guard var extent else { return false }
        switch extent.advance(in: pending) {
        case .incomplete:
            self.extent = extent
            return false
        case .malformed:
            state = .text
            return true
        case .complete(let end):
            guard let call = call(upTo: end) else {
                state = .text
                return true
            }
            events.append(.call(call))
            pending.removeFirst(end)
            hasCalls = true
            state = name == nil ? .betweenCalls : .done
            return true
        }
    }

    private func call(upTo end: Int) -> ToolCall? {
        guard let start = pending.firstIndex(of: UInt8(ascii: "{")),
            let value = try? JSONValue(parsing: pending[start..<end])
        else { return nil }
        let source = pending.text(0..<end)
        guard let name else { return ToolCall(value, source: source) }
        return value.object.map { ToolCall(name: name, arguments: $0, source: source) }
    }

    private mutating func takeText(into events: inout [ToolCallEvent]) {
        if !pending.isEmpty { events.append(.text(pending.text(0..<pending.count))) }
        pending = []
    }
}
