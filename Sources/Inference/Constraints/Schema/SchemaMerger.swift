import JSON

/// Merges schemas that a value must satisfy together (`allOf`, or keywords beside `$ref` and `anyOf`) into one.
struct SchemaMerger {
    private let resolve: (String, String) throws(ConstraintError) -> JSONValue
    private let depthLimit: Int
    private var depth = 0

    init(depthLimit: Int, resolve: @escaping (String, String) throws(ConstraintError) -> JSONValue) {
        self.depthLimit = depthLimit
        self.resolve = resolve
    }

    /// A schema whose values are those of both.
    mutating func merge(
        _ left: JSONValue, _ right: JSONValue, at pointer: String
    ) throws(ConstraintError) -> JSONValue {
        let left = try expand(left, at: pointer)
        let right = try expand(right, at: pointer)
        switch (left, right) {
        case (.bool(true), let other), (let other, .bool(true)): return other
        case (.bool(false), _), (_, .bool(false)): return .bool(false)
        case (.object(let left), .object(let right)): return .object(try merge(left, right, at: pointer))
        default: throw ConstraintError(pointer: pointer, message: "A schema must be an object or a boolean.")
        }
    }

    /// The schema with a reference at its top replaced by what it names.
    private mutating func expand(_ schema: JSONValue, at pointer: String) throws(ConstraintError) -> JSONValue {
        guard case .object(let object) = schema, let reference = try SchemaKeywords.reference(object, at: pointer)
        else {
            return schema
        }
        depth += 1
        defer { depth -= 1 }
        guard depth <= depthLimit else {
            throw ConstraintError(pointer: pointer, message: "'\(reference)' refers to itself without an end.")
        }
        return try merge(try resolve(reference, pointer), .object(object.removing("$ref")), at: pointer)
    }

    private mutating func merge(
        _ left: JSONObject, _ right: JSONObject, at pointer: String
    ) throws(ConstraintError) -> JSONObject {
        var (left, right) = (left, right)
        Self.closeProperties(of: &left, &right)
        var result = left
        for (key, value) in right {
            guard let other = result[key], other != value else {
                result[key] = value
                continue
            }
            try combine(key, other, value, into: &result, at: pointer)
        }
        return result
    }

    /// Where one side forbids further members, those that only the other lists can never be there.
    private static func closeProperties(of left: inout JSONObject, _ right: inout JSONObject) {
        func close(_ open: inout JSONObject, by closed: JSONObject) {
            guard closed["additionalProperties"] == false, var properties = open["properties"]?.object else { return }
            for name in properties.keys where closed["properties"]?[name] == nil { properties[name] = .bool(false) }
            open["properties"] = .object(properties)
        }
        let original = left
        close(&left, by: right)
        close(&right, by: original)
    }

    private func combine(
        _ key: String, _ left: JSONValue, _ right: JSONValue, into result: inout JSONObject, at pointer: String
    ) throws(ConstraintError) {
        func contradiction() -> ConstraintError {
            var error = ConstraintError(
                pointer: "\(pointer)/\(key)",
                message: "'\(key)' is given twice with \(left.text()) and \(right.text()), which cannot be combined.")
            error.isContradiction = key == "type" || key == "enum" || key == "const"
            return error
        }
        switch key {
        case "type": result[key] = try Self.commonTypes(left, right, contradiction())
        case "properties": result[key] = Self.both(left, right)
        case "items", "additionalProperties", "propertyNames":
            result[key] = left == false || right == false ? false : ["allOf": [left, right]]
        case "required":
            result[key] = .array((left.array ?? []) + (right.array ?? []).filter { left.array?.contains($0) != true })
        case "enum":
            let common = (left.array ?? []).filter { right.array?.contains($0) == true }
            guard !common.isEmpty else { throw contradiction() }
            result[key] = .array(common)
        case "minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties":
            result[key] = (left.double ?? 0) > (right.double ?? 0) ? left : right
        case "maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties":
            result[key] = (left.double ?? 0) < (right.double ?? 0) ? left : right
        case "allOf": result[key] = .array((left.array ?? []) + (right.array ?? []))
        case "anyOf", "oneOf":
            // One stays; the other is merged into its branches when they are compiled.
            let other: JSONValue = .object(JSONObject([(key, right)]))
            result["allOf"] = .array((result["allOf"]?.array ?? []) + [other])
        case _ where !SchemaKeywords.hasAssertions(JSONObject([(key, right)])): break
        default: throw contradiction()
        }
    }

    private static func both(_ left: JSONValue, _ right: JSONValue) -> JSONValue {
        var members = left.object ?? JSONObject()
        for (name, schema) in right.object ?? JSONObject() {
            members[name] = members[name].map { $0 == schema ? schema : ["allOf": [$0, schema]] } ?? schema
        }
        return .object(members)
    }

    private static func commonTypes(
        _ left: JSONValue, _ right: JSONValue, _ contradiction: @autoclosure () -> ConstraintError
    ) throws(ConstraintError) -> JSONValue {
        let left = (left.array ?? [left]).compactMap(\.string)
        let right = (right.array ?? [right]).compactMap(\.string)
        var common = left.filter { right.contains($0) || $0 == "integer" && right.contains("number") }
        if right.contains("integer"), left.contains("number"), !common.contains("integer") { common.append("integer") }
        guard !common.isEmpty else { throw contradiction() }
        return .array(common.map { .string($0) })
    }
}
