import JSON

/// Reads messages in OpenAI's form, strictly.
enum MessageReader {
    static func messages(_ object: JSONObject, line: Int) throws(SampleProblem) -> [TrainingMessage] {
        guard let list = object["messages"]?.array else {
            throw SampleProblem(line: line, .wrongField, "messages must be a list")
        }
        var messages: [TrainingMessage] = []
        var unnamed: [String] = []
        for (index, value) in list.enumerated() {
            var message = try message(value, place: "messages[\(index)]", line: line)
            if message.role == .assistant {
                unnamed = hasUnnamedCalls(value) ? message.toolCalls.map(\.id) : []
            } else if message.role == .tool, message.toolCallID == nil, !unnamed.isEmpty {
                message.toolCallID = unnamed.removeFirst()
            }
            messages.append(message)
        }
        return messages
    }

    /// Whether calls are written without ids, as TRL's datasets have them: results then answer them in their order.
    private static func hasUnnamedCalls(_ message: JSONValue) -> Bool {
        message["tool_calls"]?.array?.allSatisfy { $0["id"]?.string == nil } ?? false
    }

    /// The declared tools; each must be a function with a name.
    static func tools(_ value: JSONValue?, line: Int) throws(SampleProblem) -> [JSONValue] {
        guard let value, !value.isNull else { return [] }
        // Some datasets keep the list as text, so that its columns are of one type.
        let parsed = value.string.flatMap { try? JSONValue(parsing: $0) } ?? value
        guard let tools = parsed.array else {
            throw SampleProblem(line: line, .wrongField, "tools must be a list of functions")
        }
        for (index, tool) in tools.enumerated() where name(of: tool) == nil {
            throw SampleProblem(line: line, .wrongField, "tools[\(index)] has no function with a name")
        }
        return tools
    }

    static func name(of tool: JSONValue) -> String? {
        guard let name = (tool["function"] ?? tool)["name"]?.string, !name.isEmpty else { return nil }
        return name
    }

    private static func message(_ value: JSONValue, place: String, line: Int) throws(SampleProblem) -> TrainingMessage {
        guard let fields = value.object else {
            throw SampleProblem(line: line, .wrongField, "\(place) must be an object")
        }
        guard let name = fields["role"]?.string else {
            throw SampleProblem(line: line, .wrongField, "\(place).role is missing")
        }
        guard let role = TrainingMessage.Role(rawValue: name == "developer" ? "system" : name) else {
            let known = TrainingMessage.Role.allCases.map(\.rawValue).joined(separator: ", ")
            throw SampleProblem(line: line, .wrongRole, "\(place).role is '\(name)'; expected one of \(known)")
        }
        var message = TrainingMessage(role, try content(fields["content"], place: "\(place).content", line: line))
        if let calls = fields["tool_calls"], !calls.isNull {
            guard role == .assistant else {
                throw SampleProblem(line: line, .wrongToolCall, "\(place).tool_calls: only the assistant calls tools")
            }
            message.toolCalls = try ToolCallReader.calls(calls, place: "\(place).tool_calls", line: line)
        }
        message.toolCallID = fields["tool_call_id"]?.string
        message.reasoning = (fields["reasoning_content"] ?? fields["reasoning"])?.string
        if let weight = fields["weight"], !weight.isNull {
            guard let weight = weight.double, weight == 0 || weight == 1 else {
                throw SampleProblem(line: line, .wrongField, "\(place).weight must be 0 or 1")
            }
            message.isLearned = weight == 1
        }
        return message
    }

    private static func content(_ value: JSONValue?, place: String, line: Int) throws(SampleProblem) -> String {
        switch value {
        case nil, .null: return ""
        case .string(let text): return text
        case .array(let parts):
            var texts: [String] = []
            for (index, part) in parts.enumerated() {
                guard part["type"]?.string == "text", let text = part["text"]?.string else {
                    throw SampleProblem(line: line, .wrongField, "\(place)[\(index)] is not text; only text is learned")
                }
                texts.append(text)
            }
            return texts.joined()
        default: throw SampleProblem(line: line, .wrongField, "\(place) must be text")
        }
    }
}

/// Reads the calls of an assistant's message.
enum ToolCallReader {
    static func calls(_ value: JSONValue, place: String, line: Int) throws(SampleProblem) -> [TrainingToolCall] {
        guard let list = value.array else {
            throw SampleProblem(line: line, .wrongToolCall, "\(place) must be a list")
        }
        var calls: [TrainingToolCall] = []
        for (index, item) in list.enumerated() {
            let place = "\(place)[\(index)]"
            let function = item["function"] ?? item
            guard let name = function["name"]?.string, !name.isEmpty else {
                throw SampleProblem(line: line, .wrongToolCall, "\(place) names no function")
            }
            calls.append(
                TrainingToolCall(
                    id: item["id"]?.string ?? "call_\(index)", name: name,
                    arguments: try arguments(function["arguments"], place: "\(place).arguments", line: line)))
        }
        return calls
    }

    /// An object, or the JSON text of one; none at all is an empty one.
    static func arguments(_ value: JSONValue?, place: String, line: Int) throws(SampleProblem) -> JSONObject {
        switch value {
        case nil, .null: return JSONObject()
        case .object(let object): return object
        case .string(let text):
            if text.allSatisfy(\.isWhitespace) { return JSONObject() }
            do throws(JSONError) {
                if let object = try JSONValue(parsing: text).object { return object }
            } catch {
                throw SampleProblem(line: line, .wrongToolCall, "\(place) is not the JSON text of an object: \(error)")
            }
        default: break
        }
        throw SampleProblem(line: line, .wrongToolCall, "\(place) must be an object, or the JSON text of one")
    }
}
