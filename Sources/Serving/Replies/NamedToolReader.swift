/// A reply that is constrained to be one tool's arguments: the whole text is the call.
struct NamedToolReader: ReplyReader {
    private let name: String
    private var hasStarted = false

    init(name: String) { self.name = name }

    mutating func read(_ text: String) -> [ChatDelta] {
        // White space before the object is no part of it.
        let text = hasStarted ? text[...] : text.drop(while: \.isWhitespace)
        guard !text.isEmpty else { return [] }
        return start() + [.toolCallArguments(index: 0, text: String(text))]
    }

    mutating func finish() -> [ChatDelta] { start() }

    private mutating func start() -> [ChatDelta] {
        guard !hasStarted else { return [] }
        hasStarted = true
        return [.toolCallStart(index: 0, id: ToolCallIdentifier.random(), name: name)]
    }
}
