import JSON

/// One message of a conversation, in OpenAI's form.
public struct ChatMessage: Sendable, Equatable {
    /// Who speaks.
    public enum Role: String, Sendable { case system, user, assistant, tool }

    /// Who speaks.
    public var role: Role
    /// What is said; a tool's result for ``Role/tool``.
    public var content: String
    /// Calls the assistant makes.
    public var toolCalls: [ToolCall]
    /// Which call a tool's result answers.
    public var toolCallID: String?

    /// A message with these parts.
    public init(_ role: Role, _ content: String, toolCalls: [ToolCall] = [], toolCallID: String? = nil) {
        self.role = role
        self.content = content
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
    }

    /// As in a request to `/v1/chat/completions`.
    public var json: JSONValue {
        var object = JSONObject([("role", .string(role.rawValue)), ("content", .string(content))])
        if !toolCalls.isEmpty { object["tool_calls"] = .array(toolCalls.map(\.json)) }
        if let toolCallID { object["tool_call_id"] = .string(toolCallID) }
        return .object(object)
    }
}

/// A tool the assistant wants run.
public struct ToolCall: Sendable, Equatable {
    /// Names the call within its conversation.
    public var id: String
    /// The tool.
    public var name: String
    /// A JSON object, as text.
    public var arguments: String

    /// A call with these parts.
    public init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }

    /// As in an assistant message of OpenAI's API.
    public var json: JSONValue {
        [
            "id": .string(id), "type": "function",
            "function": ["name": .string(name), "arguments": .string(arguments)],
        ]
    }
}

/// What a model is told of a tool.
public struct ToolDefinition: Sendable, Equatable {
    /// The tool's name, of letters, digits and underscores.
    public var name: String
    /// When to call it.
    public var description: String
    /// The arguments' JSON schema.
    public var parameters: JSONValue

    /// A definition with these parts.
    public init(name: String, description: String, parameters: JSONValue) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }

    /// As in the `tools` of a request.
    public var json: JSONValue {
        [
            "type": "function",
            "function": [
                "name": .string(name), "description": .string(description), "parameters": parameters,
            ],
        ]
    }
}
