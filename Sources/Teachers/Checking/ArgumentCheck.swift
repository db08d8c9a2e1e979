import Companion
import JSON

/// Checks calls against the tools' schemas more strictly than the tools do: what is forgiven when she talks is not taught.
enum ArgumentCheck {
    static func require(_ call: Script.Call, among tools: [ToolDefinition]) throws(Rejection) {
        guard let tool = tools.first(where: { $0.name == call.tool }) else {
            throw Rejection("unknown tool", "'\(call.tool)' is none of \(tools.map(\.name).joined(separator: ", "))")
        }
        if let problem = problem(with: call.arguments, tool.parameters) {
            throw Rejection("invalid call", "\(call.tool): \(problem)")
        }
        if call.tool == "web_search", call.result?.contains(where: \.isLetter) != true {
            throw Rejection("no search result", "web_search without \"result\"")
        }
    }

    private static func problem(with arguments: JSONObject, _ schema: JSONValue) -> String? {
        let properties = schema["properties"]?.object ?? JSONObject()
        for name in (schema["required"]?.array ?? []).compactMap(\.string) where arguments[name] == nil {
            return "\"\(name)\" is missing"
        }
        for (name, value) in arguments {
            guard let property = properties[name] else { return "\"\(name)\" is no argument of it" }
            if let type = property["type"]?.string, !fits(value, type) { return "\"\(name)\" is not of type \(type)" }
            if let allowed = property["enum"]?.array, !allowed.contains(value) {
                return "\"\(name)\" is none of its values"
            }
            if value.string?.contains(where: { $0.isLetter || $0.isNumber }) == false { return "\"\(name)\" is empty" }
        }
        return nil
    }

    private static func fits(_ value: JSONValue, _ type: String) -> Bool {
        switch (type, value) {
        case ("string", .string), ("integer", .integer), ("number", .integer), ("number", .number), ("boolean", .bool),
            ("array", .array), ("object", .object), ("null", .null):
            true
        default: !["string", "integer", "number", "boolean", "array", "object", "null"].contains(type)
        }
    }
}
