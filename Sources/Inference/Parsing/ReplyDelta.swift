/// A part of a reply as it becomes certain, in the order in which a client is told.
public enum ReplyDelta: Sendable, Equatable {
    /// More of the model's reasoning.
    case reasoning(String)
    /// More of the answer.
    case content(String)
    /// A tool call begins; comes once a call, before its arguments. Indices count up from 0.
    case toolCallStart(index: Int, id: String, name: String)
    /// More of a call's arguments; all of them together are the JSON text of an object.
    case toolCallArguments(index: Int, String)
}

/// A whole reply, as it stands in an answer that is not streamed.
public struct ParsedReply: Sendable, Equatable {
    /// A tool call of the reply.
    public struct ToolCall: Sendable, Equatable {
        /// Names the call, so that its result can refer to it.
        public var id: String
        /// The tool's name.
        public var name: String
        /// The JSON text of an object.
        public var arguments: String

        /// A call.
        public init(id: String, name: String, arguments: String) {
            self.id = id
            self.name = name
            self.arguments = arguments
        }
    }

    /// The model's reasoning; nil when there is none.
    public private(set) var reasoning: String?
    /// The answer; nil when there is none.
    public private(set) var content: String?
    /// The calls in the order of their indices.
    public private(set) var toolCalls: [ToolCall] = []

    /// The reply that these deltas make up.
    public init(_ deltas: some Sequence<ReplyDelta>) {
        for delta in deltas { append(delta) }
    }

    /// Adds what became certain.
    public mutating func append(_ delta: ReplyDelta) {
        switch delta {
        case .reasoning(let text): reasoning = (reasoning ?? "") + text
        case .content(let text): content = (content ?? "") + text
        case .toolCallStart(_, let id, let name): toolCalls.append(ToolCall(id: id, name: name, arguments: ""))
        case .toolCallArguments(let index, let text):
            if toolCalls.indices.contains(index) { toolCalls[index].arguments += text }
        }
    }
}
