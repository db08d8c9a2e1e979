import Companion
import JSON

/// The form of a reply, as a JSON schema.
enum ScriptSchema {
    /// - Parameter tools: All of the persona's; only those that the settings call are in the schema.
    static func schema(for settings: [Setting], tools: [ToolDefinition]) -> JSONValue {
        let names = Set(settings.flatMap(\.tools))
        let called = tools.filter { names.contains($0.name) }
        let text: JSONValue = ["type": "string"]
        var turn: [(String, JSONValue)] = [("user", text)]
        if !called.isEmpty {
            // Where there is but one turn to call in, the call cannot be forgotten.
            let least = settings.allSatisfy { $0.turns == 1 && !$0.tools.isEmpty } ? 1 : 0
            let calls: JSONValue = [
                "type": "array", "minItems": .integer(least), "maxItems": 2,
                "items": ["anyOf": .array(called.map(call))],
            ]
            turn.append(("calls", calls))
        }
        turn.append(("reply", text))
        let turns = settings.map(\.turns)
        let conversation = object([
            (
                "turns",
                [
                    "type": "array", "minItems": .integer(turns.min() ?? 1), "maxItems": .integer(turns.max() ?? 1),
                    "items": object(turn),
                ]
            )
        ])
        let count = JSONValue.integer(settings.count)
        return object([
            ("conversations", ["type": "array", "minItems": count, "maxItems": count, "items": conversation])
        ])
    }

    private static func call(_ tool: ToolDefinition) -> JSONValue {
        var arguments = tool.parameters.object ?? JSONObject()
        arguments["additionalProperties"] = false
        var members: [(String, JSONValue)] = [
            ("tool", ["type": "string", "enum": [.string(tool.name)]]), ("arguments", .object(arguments)),
        ]
        if tool.name == "web_search" { members.append(("result", ["type": "string"])) }
        return object(members)
    }

    private static func object(_ members: [(String, JSONValue)]) -> JSONValue {
        [
            "type": "object", "properties": .object(JSONObject(members)),
            "required": .array(members.map { .string($0.0) }), "additionalProperties": false,
        ]
    }
}
