import JSON

/// The types of JSON values as schemas name them.
enum SchemaType: String, CaseIterable {
    case null, boolean, integer, number, string, array, object

    /// Whether a value is of the type.
    func contains(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.null, .null), (.boolean, .bool), (.number, .integer), (.number, .number), (.string, .string),
            (.array, .array), (.object, .object):
            true
        case (.integer, _): value.integer != nil && value.string == nil
        default: false
        }
    }
}

/// Reads a schema's keywords, and knows which ones cannot be honoured.
enum SchemaKeywords {
    private static let unsupported: Set<String> = [
        "not", "if", "then", "else", "dependentRequired", "dependentSchemas", "dependencies", "contains", "minContains",
        "maxContains", "$dynamicRef", "$recursiveRef",
    ]
    private static let annotations: Set<String> = [
        "title", "description", "default", "examples", "example", "deprecated", "readOnly", "writeOnly", "$schema",
        "$id",
        "$comment", "$defs", "definitions", "$anchor", "$vocabulary", "contentEncoding", "contentMediaType", "strict",
    ]
    private static let implied: [(keywords: [String], type: SchemaType)] = [
        (
            [
                "properties", "required", "additionalProperties", "patternProperties", "propertyNames", "minProperties",
                "maxProperties",
            ], .object
        ),
        (["items", "prefixItems", "minItems", "maxItems", "uniqueItems"], .array),
        (["minLength", "maxLength", "pattern", "format"], .string),
        (["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"], .number),
    ]

    /// Throws for a keyword that changes which values are valid in a way that cannot be guaranteed.
    static func refuseUnsupported(_ schema: JSONObject, at pointer: String) throws(ConstraintError) {
        for key in schema.keys where unsupported.contains(key) {
            throw ConstraintError(pointer: "\(pointer)/\(key)", message: "'\(key)' is not supported. Remove it.")
        }
        if schema["uniqueItems"] == true, schema["maxItems"]?.integer ?? 2 > 1 {
            throw ConstraintError(
                pointer: "\(pointer)/uniqueItems", message: "'uniqueItems' is not supported. Remove it.")
        }
        if let divisor = schema["multipleOf"], divisor.double != 1 {
            throw ConstraintError(
                pointer: "\(pointer)/multipleOf", message: "'multipleOf' is not supported, but for 1. Remove it.")
        }
    }

    /// Whether anything in the schema restricts its values.
    static func hasAssertions(_ schema: JSONObject) -> Bool { schema.keys.contains { !annotations.contains($0) } }

    static func reference(_ schema: JSONObject, at pointer: String) throws(ConstraintError) -> String? {
        guard let value = schema["$ref"] else { return nil }
        guard let text = value.string else {
            throw ConstraintError(pointer: "\(pointer)/$ref", message: "'$ref' must be a string.")
        }
        return text
    }

    static func schemas(
        _ value: JSONValue, _ keyword: String, at pointer: String
    ) throws(ConstraintError) -> [JSONValue] {
        guard let schemas = value.array, !schemas.isEmpty else {
            throw ConstraintError(
                pointer: "\(pointer)/\(keyword)", message: "'\(keyword)' must be an array of at least one schema.")
        }
        return schemas
    }

    /// The types a value may have; nil for any. Without `type`, keywords that belong to one type imply it.
    static func types(_ schema: JSONObject, at pointer: String) throws(ConstraintError) -> [SchemaType]? {
        guard let value = schema["type"] else {
            let types = implied.filter { $0.keywords.contains { schema[$0] != nil } }.map(\.type)
            return types.isEmpty ? nil : types
        }
        let names = value.array ?? [value]
        var types: [SchemaType] = []
        for name in names {
            guard let type = name.string.flatMap(SchemaType.init) else {
                throw ConstraintError(
                    pointer: "\(pointer)/type",
                    message:
                        "\(name.text()) is not a type; expected null, boolean, integer, number, string, array or object."
                )
            }
            if !types.contains(type) { types.append(type) }
        }
        guard !types.isEmpty else {
            throw ConstraintError(pointer: "\(pointer)/type", message: "'type' must name at least one type.")
        }
        return types
    }

    /// A count such as `minItems`; nil if absent.
    static func count(
        _ keyword: String, in schema: JSONObject, at pointer: String
    ) throws(ConstraintError) -> Int? {
        guard let value = schema[keyword] else { return nil }
        guard let count = value.integer, count >= 0 else {
            throw ConstraintError(
                pointer: "\(pointer)/\(keyword)",
                message: "'\(keyword)' must be a non-negative integer, got \(value.text()).")
        }
        return count
    }

    /// A lower and an upper count, in order.
    static func counts(
        _ minimum: String, _ maximum: String, in schema: JSONObject, at pointer: String
    ) throws(ConstraintError) -> (minimum: Int, maximum: Int?) {
        let low = try count(minimum, in: schema, at: pointer) ?? 0
        let high = try count(maximum, in: schema, at: pointer)
        if let high, low > high {
            throw ConstraintError(
                pointer: pointer, message: "'\(minimum)' \(low) is greater than '\(maximum)' \(high): impossible.")
        }
        return (low, high)
    }
}

/// Finds the schemas that references name.
struct SchemaReferences {
    let root: JSONValue

    /// - Parameter reference: `#`, or `#/` and a JSON pointer; other documents are not reachable.
    func resolve(_ reference: String, at pointer: String) throws(ConstraintError) -> JSONValue {
        guard reference == "#" || reference.hasPrefix("#/") else {
            throw ConstraintError(
                pointer: "\(pointer)/$ref",
                message: "'\(reference)' is not supported; a reference must be '#' or begin with '#/'.")
        }
        var value = root
        for token in reference.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false)
        where reference.count > 1 {
            let name = Self.unescape(String(token))
            guard let next = value[name] ?? Int(name).flatMap({ value[$0] }) else {
                throw ConstraintError(
                    pointer: "\(pointer)/$ref", message: "'\(reference)' names nothing in the schema.")
            }
            value = next
        }
        return value
    }

    private static func unescape(_ token: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(token.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else if byte == UInt8(ascii: "~"), let digit = rest.first, digit == 0x30 || digit == 0x31 {
                bytes.append(digit == 0x30 ? UInt8(ascii: "~") : UInt8(ascii: "/"))
                rest = rest.dropFirst()
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
