import JSON

/// A conversation to learn from, checked: roles in order, calls declared and answered, arguments that are objects.
public struct TrainingConversation: Sendable, Equatable {
    /// System first if at all, then user, assistant and tool messages.
    public var messages: [TrainingMessage]
    /// The tools on offer, as in an OpenAI request; empty where there are none.
    public var tools: [JSONValue]
    /// The sample's `category`, where it names one.
    public var category: String?
    /// Where it was read, counted from 1; 0 for none.
    public var line: Int

    /// A conversation, not checked; ``validated()`` does.
    public init(messages: [TrainingMessage], tools: [JSONValue] = [], category: String? = nil, line: Int = 0) {
        self.messages = messages
        self.tools = tools
        self.category = category
        self.line = line
    }

    /// As one line of a JSONL file in OpenAI's form.
    public var json: JSONValue {
        var object = JSONObject([("messages", .array(messages.map(\.json)))])
        if !tools.isEmpty { object["tools"] = .array(tools) }
        if let category { object["category"] = .string(category) }
        return .object(object)
    }
}

/// One message to learn from.
public struct TrainingMessage: Sendable, Equatable {
    /// Who speaks.
    public enum Role: String, Sendable, CaseIterable { case system, user, assistant, tool }

    /// Who speaks.
    public var role: Role
    /// What is said; empty for an assistant that only calls.
    public var content: String
    /// What the assistant thought before, where the sample has it.
    public var reasoning: String?
    /// Calls the assistant makes.
    public var toolCalls: [TrainingToolCall]
    /// Which call a tool's result answers.
    public var toolCallID: String?
    /// Whether an assistant's message is learned; OpenAI's `weight` of 0 says no.
    public var isLearned: Bool

    /// A message with these parts.
    public init(
        _ role: Role, _ content: String, reasoning: String? = nil, toolCalls: [TrainingToolCall] = [],
        toolCallID: String? = nil, isLearned: Bool = true
    ) {
        self.role = role
        self.content = content
        self.reasoning = reasoning
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
        self.isLearned = isLearned
    }

    /// As templates take it: arguments are objects.
    public var json: JSONValue {
        var object = JSONObject([("role", .string(role.rawValue)), ("content", .string(content))])
        if let reasoning { object["reasoning_content"] = .string(reasoning) }
        if !toolCalls.isEmpty { object["tool_calls"] = .array(toolCalls.map(\.json)) }
        if let toolCallID { object["tool_call_id"] = .string(toolCallID) }
        if !isLearned { object["weight"] = 0 }
        return .object(object)
    }
}

/// A call to learn.
public struct TrainingToolCall: Sendable, Equatable {
    /// Names the call within its conversation.
    public var id: String
    /// The tool.
    public var name: String
    /// Its arguments.
    public var arguments: JSONObject

    /// A call with these parts.
    public init(id: String, name: String, arguments: JSONObject) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }

    /// As in an assistant message, with the arguments as an object.
    public var json: JSONValue {
        [
            "id": .string(id), "type": "function",
            "function": ["name": .string(name), "arguments": .object(arguments)],
        ]
    }
}
