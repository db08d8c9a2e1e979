import JSON

/// Brings a client's messages into the form that chat templates expect.
struct MessageFields {
    /// Whether content stays a list of parts, for templates that loop over them.
    let keepsParts: Bool

    /// The messages as the template takes them.
    func read(_ fields: inout RequestFields) throws(APIError) -> [JSONValue] {
        guard let source = try fields.array("messages") else { throw .invalid("messages", "is needed") }
        guard !source.isEmpty else { throw .invalid("messages", "must hold at least one message") }
        var messages: [JSONValue] = []
        for (position, message) in source.enumerated() {
            let path = "messages[\(position)]"
            guard let object = message.object else { throw .invalid(path, "must be an object") }
            var inner = RequestFields(object, path: path + ".")
            messages.append(.object(try self.message(&inner)))
        }
        return messages
    }

    private func message(_ fields: inout RequestFields) throws(APIError) -> JSONObject {
        guard let role = try fields.string("role"), !role.isEmpty else {
            throw .invalid(fields.path + "role", "is needed")
        }
        // OpenAI's newer name; templates know the older one.
        var message = JSONObject([("role", .string(role == "developer" ? "system" : role))])
        message["content"] = try content(&fields)
        for name in ["name", "tool_call_id"] {
            if let text = try fields.string(name) { message[name] = .string(text) }
        }
        if role == "assistant" {
            let newer = try fields.string("reasoning"), older = try fields.string("reasoning_content")
            if let reasoning = newer ?? older {
                message["reasoning"] = .string(reasoning)
                message["reasoning_content"] = .string(reasoning)
            }
            if let calls = try toolCalls(&fields), !calls.isEmpty { message["tool_calls"] = .array(calls) }
        }
        return message
    }

    private func content(_ fields: inout RequestFields) throws(APIError) -> JSONValue {
        let path = fields.path + "content"
        guard let value = fields.value("content") else { return "" }
        if value.string != nil { return value }
        guard let parts = value.array else { throw .invalid(path, "must be a string or an array of parts") }
        var texts: [String] = []
        for (position, part) in parts.enumerated() { texts.append(try text(of: part, path: "\(path)[\(position)]")) }
        if keepsParts { return .array(texts.map { ["type": "text", "text": .string($0)] }) }
        return .string(texts.joined(separator: "\n"))
    }

    private func text(of part: JSONValue, path: String) throws(APIError) -> String {
        if let text = part.string { return text }
        switch part["type"]?.string {
        case "text", "input_text", "output_text":
            guard let text = part["text"]?.string else { throw .invalid(path + ".text", "must be a string") }
            return text
        case "refusal":
            guard let text = part["refusal"]?.string else { throw .invalid(path + ".refusal", "must be a string") }
            return text
        case let type?:
            throw .invalid(path + ".type", "this model reads text only, not '\(type.prefix(40))'")
        case nil: throw .invalid(path + ".type", "is needed")
        }
    }

    /// Templates want a call's arguments as an object, clients send them as a text.
    private func toolCalls(_ fields: inout RequestFields) throws(APIError) -> [JSONValue]? {
        let path = fields.path + "tool_calls"
        guard let calls = try fields.array("tool_calls") else { return nil }
        var converted: [JSONValue] = []
        for (position, call) in calls.enumerated() {
            let callPath = "\(path)[\(position)].function"
            guard var object = call.object, var function = object["function"]?.object else {
                throw .invalid(callPath, "is needed")
            }
            guard function["name"]?.string != nil else { throw .invalid(callPath + ".name", "is needed") }
            function["arguments"] = try arguments(function["arguments"], path: callPath + ".arguments")
            object["function"] = .object(function)
            converted.append(.object(object))
        }
        return converted
    }

    private func arguments(_ value: JSONValue?, path: String) throws(APIError) -> JSONValue {
        switch value {
        case nil, .null, "": return .object(JSONObject())
        case .object: return value ?? .null
        case .string(let text):
            guard let parsed = try? JSONValue(parsing: text, maximumDepth: 128), parsed.object != nil else {
                throw .invalid(path, "must be the text of a JSON object")
            }
            return parsed
        default: throw .invalid(path, "must be the text of a JSON object")
        }
    }
}
