import JSON

extension ChatTemplate {
    /// The messages as templates expect them: tool-call arguments, which the OpenAI API carries as JSON text, become
    /// objects.
    ///
    /// - Throws: A ``ChatTemplateError`` of kind `.messages` for arguments that are no JSON object.
    public static func normalised(messages: [JSONValue]) throws(ChatTemplateError) -> [JSONValue] {
        var result = messages
        for (index, message) in messages.enumerated() {
            guard var fields = message.object, let calls = fields["tool_calls"]?.array else { continue }
            var normalised: [JSONValue] = []
            for (position, call) in calls.enumerated() {
                normalised.append(
                    try self.normalised(call, path: "messages[\(index)].tool_calls[\(position)]"))
            }
            fields["tool_calls"] = .array(normalised)
            result[index] = .object(fields)
        }
        return result
    }

    private static func normalised(_ call: JSONValue, path: String) throws(ChatTemplateError) -> JSONValue {
        guard var fields = call.object else {
            throw ChatTemplateError(.messages, "\(path) must be an object")
        }
        if var function = fields["function"]?.object {
            function["arguments"] = try arguments(function["arguments"], path: "\(path).function.arguments")
            fields["function"] = .object(function)
        } else {
            fields["arguments"] = try arguments(fields["arguments"], path: "\(path).arguments")
        }
        return .object(fields)
    }

    private static func arguments(_ value: JSONValue?, path: String) throws(ChatTemplateError) -> JSONValue? {
        guard let value else { return nil }
        switch value {
        case .object: return value
        case .string(let text):
            // Some clients send nothing for a call without arguments.
            if text.allSatisfy(\.isWhitespace) { return .object(JSONObject()) }
            do throws(JSONError) {
                let parsed = try JSONValue(parsing: text)
                if parsed.object != nil { return parsed }
            } catch {
                throw ChatTemplateError(.messages, "\(path) must be the JSON text of an object: \(error)")
            }
        case .null: return .object(JSONObject())
        default: break
        }
        throw ChatTemplateError(.messages, "\(path) must be an object, or the JSON text of one")
    }
}
