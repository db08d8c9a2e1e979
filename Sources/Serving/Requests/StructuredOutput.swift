import Inference
import JSON

/// What a reply must spell, and which field asked for it.
struct StructuredOutput: Equatable {
    var field: String
    var rule: ConstraintRule

    /// Reads `response_format`, `structured_outputs` and the older `guided_…` names.
    ///
    /// - Returns: Nil if the reply is free.
    /// - Throws: 400 when more than one is given.
    init?(_ fields: inout RequestFields) throws(APIError) {
        var found: [StructuredOutput] = []
        if let rule = try Self.responseFormat(&fields) { found.append(.init("response_format", rule)) }
        if let object = try fields.object("structured_outputs") {
            var inner = RequestFields(object, path: "structured_outputs.")
            found += try Self.constraints(&inner, prefix: "")
        }
        found += try Self.constraints(&fields, prefix: "guided_")
        fields.ignore("guided_decoding_backend", "guided_whitespace_pattern")
        guard let first = found.first else { return nil }
        guard found.count == 1 else {
            throw .badRequest(
                "Only one kind of constraint can be given, found \(found.map(\.field).joined(separator: " and ")).",
                parameter: found[1].field)
        }
        self = first
    }

    private init(_ field: String, _ rule: ConstraintRule) {
        self.field = field
        self.rule = rule
    }

    private static func responseFormat(_ fields: inout RequestFields) throws(APIError) -> ConstraintRule? {
        guard let object = try fields.object("response_format") else { return nil }
        var format = RequestFields(object, path: "response_format.")
        switch try format.string("type") {
        case "text": return nil
        case "json_object": return .jsonObject
        case "json_schema":
            guard let definition = try format.object("json_schema") else {
                throw .invalid("response_format.json_schema", "is needed with type 'json_schema'")
            }
            var inner = RequestFields(definition, path: "response_format.json_schema.")
            guard let schema = inner.value("schema") ?? inner.value("json_schema") else {
                throw .invalid("response_format.json_schema.schema", "is needed")
            }
            return .jsonSchema(schema)
        case "structural_tag":
            throw .notImplemented("response_format: 'structural_tag' is not available.", parameter: "response_format")
        default:
            throw .invalid("response_format.type", "must be 'text', 'json_object' or 'json_schema'")
        }
    }

    private static func constraints(
        _ fields: inout RequestFields, prefix: String
    ) throws(APIError) -> [StructuredOutput] {
        var found: [StructuredOutput] = []
        let path = fields.path + prefix
        if let value = fields.value(prefix + "json") {
            found.append(.init(path + "json", .jsonSchema(try schema(value, field: path + "json"))))
        }
        if let pattern = try fields.string(prefix + "regex") { found.append(.init(path + "regex", .regex(pattern))) }
        if let choices = try fields.strings(prefix + "choice") {
            guard !choices.isEmpty else { throw .invalid(path + "choice", "must not be empty") }
            found.append(.init(path + "choice", .choice(choices)))
        }
        if try fields.bool(prefix + "json_object") == true { found.append(.init(path + "json_object", .jsonObject)) }
        for name in ["grammar", "structural_tag"] where fields.value(prefix + name) != nil {
            throw .notImplemented(
                "\(path)\(name) is not available; use a JSON schema, a regex or a choice.", parameter: path + name)
        }
        return found
    }

    /// vLLM also takes a schema as the text of one.
    private static func schema(_ value: JSONValue, field: String) throws(APIError) -> JSONValue {
        guard let text = value.string else { return value }
        do { return try JSONValue(parsing: text) } catch { throw .invalid(field, "is not a JSON schema: \(error)") }
    }
}
