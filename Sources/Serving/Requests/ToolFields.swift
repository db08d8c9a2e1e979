import JSON

/// A function the model may call.
struct ToolDefinition: Equatable {
    var name: String
    /// The JSON schema of its arguments; one that takes none if the client gave none.
    var parameters: JSONValue
}

/// Whether the model calls tools.
enum ToolChoice: Equatable {
    /// It does not.
    case none
    /// As it sees fit.
    case automatic
    /// At least one.
    case required
    /// This one.
    case named(String)

    /// Whether the reply is constrained to be calls.
    var isForced: Bool {
        switch self {
        case .none, .automatic: false
        case .required, .named: true
        }
    }
}

/// The fields about tools.
struct ToolFields {
    var definitions: [ToolDefinition]
    /// The tools as the client wrote them, for the template.
    var source: [JSONValue]?
    var choice: ToolChoice
    var allowsParallelCalls: Bool

    init(_ fields: inout RequestFields) throws(APIError) {
        source = try fields.array("tools")
        if let source, source.isEmpty { throw .invalid("tools", "must not be an empty array; leave it out instead") }
        definitions = try Self.definitions(source ?? [])
        choice = try Self.choice(&fields, definitions: definitions)
        allowsParallelCalls = try fields.bool("parallel_tool_calls") ?? true
    }

    private static func definitions(_ source: [JSONValue]) throws(APIError) -> [ToolDefinition] {
        var definitions: [ToolDefinition] = []
        for (position, tool) in source.enumerated() {
            let path = "tools[\(position)]"
            guard let object = tool.object else { throw .invalid(path, "must be an object") }
            var outer = RequestFields(object, path: path + ".")
            guard try outer.string("type") ?? "function" == "function" else {
                throw .invalid(path + ".type", "must be 'function'")
            }
            guard let function = try outer.object("function") else { throw .invalid(path + ".function", "is needed") }
            var inner = RequestFields(function, path: path + ".function.")
            guard let name = try inner.string("name"), !name.isEmpty else {
                throw .invalid(path + ".function.name", "is needed")
            }
            let empty: JSONValue = ["type": "object", "properties": .object(.init())]
            let parameters = try inner.object("parameters").map { JSONValue.object($0) } ?? empty
            definitions.append(ToolDefinition(name: name, parameters: parameters))
        }
        return definitions
    }

    private static func choice(
        _ fields: inout RequestFields, definitions: [ToolDefinition]
    ) throws(APIError) -> ToolChoice {
        guard let value = fields.value("tool_choice") else { return definitions.isEmpty ? .none : .automatic }
        if value.string == "none" { return .none }
        guard !definitions.isEmpty else { throw .invalid("tool_choice", "can only be given with tools") }
        switch value {
        case "auto": return .automatic
        case "required": return .required
        case .object(let object):
            guard let name = object["function"]?["name"]?.string ?? object["name"]?.string else {
                throw .invalid("tool_choice.function.name", "is needed")
            }
            guard definitions.contains(where: { $0.name == name }) else {
                throw .invalid("tool_choice", "the function it names is not among the tools")
            }
            return .named(name)
        default: throw .invalid("tool_choice", "must be 'none', 'auto', 'required' or a function's name")
        }
    }
}
