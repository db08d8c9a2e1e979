import JSON

/// Rules for `tool_choice`, in vLLM's form.
public enum ToolChoiceConstraint {
    /// A tool as a request defines it.
    public struct Tool: Sendable, Equatable {
        /// The function's name.
        public var name: String
        /// The schema of its arguments; nil for none.
        public var parameters: JSONValue?

        /// A tool of that name.
        public init(name: String, parameters: JSONValue? = nil) {
            self.name = name
            self.parameters = parameters
        }

        fileprivate var schema: JSONValue {
            guard let parameters, !parameters.isNull else {
                return ["type": "object", "properties": .object(JSONObject())]
            }
            return parameters
        }
    }

    /// For a named tool: the reply is its arguments.
    public static func named(_ tool: Tool) -> ConstraintRule { .jsonSchema(tool.schema) }

    /// For `required`: the reply is an array of at least one `{"name": ..., "parameters": ...}`.
    ///
    /// - Parameters:
    ///   - tools: At least one; names are unique.
    ///   - maximumCalls: 1 when calls may not be parallel.
    public static func required(_ tools: [Tool], maximumCalls: Int? = nil) -> ConstraintRule {
        let calls = tools.enumerated().map { index, tool -> JSONValue in
            let place = "#/items/anyOf/\(index)/properties/parameters"
            return [
                "type": "object",
                "properties": [
                    "name": ["type": "string", "enum": [.string(tool.name)]],
                    "parameters": tool.schema.movingReferences(to: place),
                ],
                "required": ["name", "parameters"],
                "additionalProperties": false,
            ]
        }
        let items: JSONValue = ["anyOf": .array(calls)]
        var schema = JSONObject([("type", "array"), ("minItems", 1), ("items", items)])
        if let maximumCalls { schema["maxItems"] = .integer(max(maximumCalls, 1)) }
        return .jsonSchema(.object(schema))
    }
}

extension JSONValue {
    /// The schema with its references put right for standing at another place of a document.
    fileprivate func movingReferences(to place: String) -> JSONValue {
        switch self {
        case .array(let items): return .array(items.map { $0.movingReferences(to: place) })
        case .object(let members):
            var moved = JSONObject()
            for (key, value) in members {
                if key == "$ref", let reference = value.string, reference.hasPrefix("#") {
                    moved[key] = .string(place + reference.dropFirst())
                } else {
                    moved[key] = value.movingReferences(to: place)
                }
            }
            return .object(moved)
        default: return self
        }
    }
}
