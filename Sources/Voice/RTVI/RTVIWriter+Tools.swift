import Companion
import JSON

extension RTVIWriter {
    static func tool(_ call: ToolCall) -> JSONValue {
        // Arguments the model spoiled are shown as it wrote them.
        let arguments = (try? JSONValue(parsing: call.arguments, maximumDepth: 32)) ?? .string(call.arguments)
        return ["tool_call_id": .string(call.id), "function_name": .string(call.name), "arguments": arguments]
    }

    static func tool(_ call: ToolCall, result: String?, isError: Bool) -> JSONValue {
        var data = JSONObject([
            ("tool_call_id", .string(call.id)), ("function_name", .string(call.name)),
            ("cancelled", .bool(result == nil)),
        ])
        if let result { data["result"] = .string(result) }
        if isError { data["is_error"] = true }
        return .object(data)
    }
}
