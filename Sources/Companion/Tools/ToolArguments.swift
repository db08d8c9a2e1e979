import JSON

/// Checks a call's arguments against the tool's schema, forgiving what is plain: models often write `"3"` for `3`.
///
/// Known of JSON Schema: `type`, `properties`, `required`, `items` and `enum`; all else is the tool's own to check.
struct ToolArguments {
    private var problems: [String] = []
    private static let maximumDepth = 16

    /// The arguments as an object of the right types.
    ///
    /// - Throws: ``ToolError`` that says all that is wrong, so that the next call can be right.
    static func parse(_ text: String, for tool: ToolDefinition) throws -> JSONObject {
        var value = JSONValue.object(JSONObject())
        if text.contains(where: { !$0.isWhitespace }) {
            do { value = try JSONValue(parsing: text, maximumDepth: 64) } catch {
                throw ToolError("the arguments are not JSON (\(error)); call \(tool.name) again with \(expected(tool))")
            }
        }
        // Some models write the object into a string.
        if let inner = value.string, let parsed = try? JSONValue(parsing: inner, maximumDepth: 64) { value = parsed }
        guard value.object != nil else {
            throw ToolError("the arguments must be a JSON object; call \(tool.name) again with \(expected(tool))")
        }
        var check = ToolArguments()
        let checked = check.check(value, tool.parameters, path: "", depth: 0)
        guard check.problems.isEmpty, let object = checked.object else {
            let problems = check.problems.prefix(5).joined(separator: "; ")
            throw ToolError("\(problems); call \(tool.name) again with \(expected(tool))")
        }
        return object
    }

    /// `{"query": string, "count": integer (optional)}`
    private static func expected(_ tool: ToolDefinition) -> String {
        let required = Set((tool.parameters["required"]?.array ?? []).compactMap(\.string))
        let members = (tool.parameters["properties"]?.object ?? JSONObject()).prefix(12).map { member in
            let type = types(of: member.value).joined(separator: " or ")
            let mark = required.contains(member.key) ? "" : " (optional)"
            return "\"\(member.key)\": \(type.isEmpty ? "any value" : type)\(mark)"
        }
        return "{" + members.joined(separator: ", ") + "}"
    }

    private mutating func check(_ value: JSONValue, _ schema: JSONValue, path: String, depth: Int) -> JSONValue {
        guard depth < Self.maximumDepth else { return value }
        let types = Self.types(of: schema)
        let name = path.isEmpty ? "the arguments" : "\"\(path)\""
        guard let value = types.isEmpty ? value : Self.coerced(value, to: types) else {
            problems.append("\(name) must be of type \(types.joined(separator: " or "))")
            return value
        }
        if let allowed = schema["enum"]?.array, !allowed.contains(value) {
            problems.append("\(name) must be one of \(JSONValue.array(Array(allowed.prefix(12))).text(.python))")
        }
        switch value {
        case .object(let object): return .object(members(of: object, schema, path: path, depth: depth))
        case .array(let elements):
            guard let items = schema["items"], items.object != nil else { return value }
            return .array(
                elements.enumerated().map { check($1, items, path: "\(path)[\($0)]", depth: depth + 1) })
        default: return value
        }
    }

    private mutating func members(
        of object: JSONObject, _ schema: JSONValue, path: String, depth: Int
    ) -> JSONObject {
        var object = object
        let prefix = path.isEmpty ? "" : path + "."
        let required = (schema["required"]?.array ?? []).compactMap(\.string)
        let properties = schema["properties"]?.object ?? JSONObject()
        for key in object.keys {
            guard let value = object[key], let property = properties[key] else { continue }
            // Models fill what they need not say with null.
            if value.isNull, !required.contains(key), !Self.types(of: property).contains("null") {
                object[key] = nil
                continue
            }
            object[key] = check(value, property, path: prefix + key, depth: depth + 1)
        }
        for key in required where object[key] == nil { problems.append("\"\(prefix)\(key)\" is missing") }
        return object
    }

    private static func types(of schema: JSONValue) -> [String] {
        if let type = schema["type"]?.string { return [type] }
        return (schema["type"]?.array ?? []).compactMap(\.string)
    }

    /// The value as one of the types; nil when it is none of them.
    private static func coerced(_ value: JSONValue, to types: [String]) -> JSONValue? {
        for type in types {
            switch (type, value) {
            case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array), ("object", .object),
                ("number", .integer), ("number", .number), ("integer", .integer):
                return value
            case ("integer", .number):
                if let integer = value.integer { return .integer(integer) }
            case ("integer", .string(let text)):
                if let integer = Int(text) { return .integer(integer) }
            case ("number", .string(let text)):
                if let number = Double(text), number.isFinite { return .number(number) }
            case ("boolean", .string("true")): return true
            case ("boolean", .string("false")): return false
            case ("string", .integer), ("string", .number): return .string(value.text())
            default: break
            }
        }
        // A bare `nil` would be JSON's null here.
        return types.allSatisfy(Self.known.contains) ? .none : .some(value)
    }

    private static let known: Set<String> = ["null", "boolean", "string", "array", "object", "number", "integer"]
}
