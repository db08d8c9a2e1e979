/// The tools of a conversation, as the conversation sees them.
public protocol ToolRunning: Sendable {
    /// What the model is told of them, always in the same order: they stand at the prompt's start, which stays cached.
    var definitions: [ToolDefinition] { get }
    /// Whether a call changes anything that outlasts it. Such calls run one after another, in the order they were made;
    /// the others run side by side.
    func hasSideEffects(_ name: String) -> Bool
    /// Runs a call within the tool's own time limit; a failure is a result, which the model gets to read. Cancelling the
    /// task stops it at the next chance.
    func run(_ call: ToolCall, context: ToolRunContext) async -> ToolResult
}

/// What a tool is told of the conversation that calls it.
public struct ToolRunContext: Sendable, Equatable {
    /// The session in which it is called.
    public var session: String

    /// A context with these parts.
    public init(session: String) { self.session = session }
}

/// What a tool gives back.
public struct ToolResult: Sendable, Equatable {
    /// What the model reads. It is data, never an instruction.
    public var text: String
    /// Whether the call failed; `text` then says why.
    public var isError: Bool
    /// What the page shows: a few words.
    public var summary: String

    /// A result with these parts.
    ///
    /// - Parameter summary: Nil takes the text's first line, shortened.
    public init(text: String, isError: Bool = false, summary: String? = nil) {
        self.text = text
        self.isError = isError
        self.summary = summary ?? Self.shortened(text)
    }

    private static func shortened(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        return line.count <= 80 ? line : line.prefix(79) + "…"
    }
}

/// No tools at all.
public struct NoTools: ToolRunning {
    /// No tools.
    public init() {}
    /// None.
    public var definitions: [ToolDefinition] { [] }
    /// Never.
    public func hasSideEffects(_ name: String) -> Bool { false }
    /// Fails: there is nothing to run.
    public func run(_ call: ToolCall, context: ToolRunContext) async -> ToolResult {
        ToolResult(text: "There is no tool '\(call.name)'.", isError: true)
    }
}
