import JSON

/// Calls written as `<tool_call>{"name": …, "arguments": {…}}</tool_call>`.
///
/// A call is certain when its JSON object closes; the closing tag may be missing. A `<tool_call>` that no such object
/// follows is text.
struct HermesToolCallParser: ToolCallParser {
    private static let opening = Array("<tool_call>".utf8)

    private var pending: [UInt8] = []
    /// The extent of the object behind an opening tag at the start of `pending`.
    private var extent: JSONExtent?
    private var isAtTag = false

    mutating func append(_ text: String) -> [ToolCallEvent] {
        pending += text.utf8
        return advance(isEnd: false)
    }

    mutating func finish(truncated: Bool) -> [ToolCallEvent] { advance(isEnd: true) }

    private mutating func advance(isEnd: Bool) -> [ToolCallEvent] {
        var events: [ToolCallEvent] = []
        while true {
            let goesOn = isAtTag ? readCall(isEnd: isEnd, into: &events) : readText(isEnd: isEnd, into: &events)
            guard goesOn else { return events }
        }
    }

    /// Passes text on up to the next tag; true when it is there.
    private mutating func readText(isEnd: Bool, into events: inout [ToolCallEvent]) -> Bool {
        let tag = pending.firstRange(of: Self.opening)
        let end = tag?.lowerBound ?? pending.count - (isEnd ? 0 : pending.heldBack(for: Self.opening))
        take(end, into: &events)
        isAtTag = tag != nil
        return isAtTag
    }

    /// Reads the object behind the tag; false when more text is needed.
    private mutating func readCall(isEnd: Bool, into events: inout [ToolCallEvent]) -> Bool {
        let start = pending.skippingWhitespace(from: Self.opening.count)
        guard start < pending.count else { return isEnd ? rejectTag(into: &events) : false }
        guard pending[start] == UInt8(ascii: "{") else { return rejectTag(into: &events) }
        var extent = extent ?? JSONExtent(startingAt: start)
        switch extent.advance(in: pending) {
        case .incomplete:
            self.extent = extent
            return isEnd ? rejectTag(into: &events) : false
        case .malformed: return rejectTag(into: &events)
        case .complete(let end):
            guard let call = Self.call(in: pending[start..<end], source: pending.text(0..<end)) else {
                return rejectTag(into: &events)
            }
            events.append(.call(call))
            pending.removeFirst(end)
            leaveTag()
            return true
        }
    }

    /// The tag is text, and so is what follows up to the next one.
    private mutating func rejectTag(into events: inout [ToolCallEvent]) -> Bool {
        take(Self.opening.count, into: &events)
        leaveTag()
        return true
    }

    private mutating func leaveTag() {
        isAtTag = false
        extent = nil
    }

    private mutating func take(_ count: Int, into events: inout [ToolCallEvent]) {
        guard count > 0 else { return }
        events.append(.text(pending.text(0..<count)))
        pending.removeFirst(count)
    }

    private static func call(in bytes: ArraySlice<UInt8>, source: String) -> ToolCall? {
        guard let value = try? JSONValue(parsing: bytes) else { return nil }
        return ToolCall(value, source: source)
    }
}

extension ToolCall {
    /// A call from an object with `name` and `arguments` (or `parameters`); no arguments are an empty object.
    ///
    /// Nil when there is no name, or the arguments are neither an object nor the JSON text of one.
    init?(_ value: JSONValue, source: String) {
        guard let name = value["name"]?.string, !name.isEmpty else { return nil }
        switch value["arguments"] ?? value["parameters"] ?? .null {
        case .object(let arguments): self.init(name: name, arguments: arguments, source: source)
        case .null: self.init(name: name, arguments: JSONObject(), source: source)
        case .string(let text):
            guard let arguments = (try? JSONValue(parsing: text))?.object else { return nil }
            self.init(name: name, arguments: arguments, source: source)
        default: return nil
        }
    }
}
