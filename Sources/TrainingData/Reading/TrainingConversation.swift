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
    /// The file it was read from, where there are several.
    public var file: String?

    /// A conversation, not checked; ``validated()`` does.
    public init(messages: [TrainingMessage], tools: [JSONValue] = [], category: String? = nil, line: Int = 0) {
        self.messages = messages
        self.tools = tools
        self.category = category
        self.line = line
    }

    /// As one line of a JSONL file in OpenAI's form, where a call's arguments are JSON text.
    public var json: JSONValue {
        var object = JSONObject([("messages", .array(messages.map { $0.json(writesArgumentsAsText: true) }))])
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

    /// The message as an object.
    ///
    /// - Parameter writesArgumentsAsText: As OpenAI's API has it; templates want objects.
    public func json(writesArgumentsAsText: Bool = false) -> JSONValue {
        var object = JSONObject([("role", .string(role.rawValue)), ("content", .string(content))])
        if let reasoning { object["reasoning_content"] = .string(reasoning) }
        if !toolCalls.isEmpty {
            object["tool_calls"] = .array(toolCalls.map { $0.json(writesArgumentsAsText: writesArgumentsAsText) })
        }
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

    func json(writesArgumentsAsText: Bool) -> JSONValue {
        let value = JSONValue.object(arguments)
        return [
            "id": .string(id), "type": "function",
            "function": [
                "name": .string(name), "arguments": writesArgumentsAsText ? .string(value.text(.python)) : value,
            ],
        ]
    }
}
