import JSON

/// A JSON value that knows where it stands, so that an error can name the place.
struct JSONField {
    let path: String
    let value: JSONValue

    /// The member of that name; nil when it is absent or null.
    subscript(name: String) -> JSONField? {
        guard let member = value[name], !member.isNull else { return nil }
        return JSONField(path: path.isEmpty ? name : "\(path).\(name)", value: member)
    }

    /// The member of that name, which must be there.
    func required(_ name: String, _ expected: String) throws(TokenizerError) -> JSONField {
        guard let member = self[name] else {
            throw .malformed(field: path.isEmpty ? name : "\(path).\(name)", expected: expected, found: "nothing")
        }
        return member
    }

    func string() throws(TokenizerError) -> String {
        guard let text = value.string else { throw mismatch("a string") }
        return text
    }

    func bool() throws(TokenizerError) -> Bool {
        guard let value = value.bool else { throw mismatch("true or false") }
        return value
    }

    func integer() throws(TokenizerError) -> Int {
        guard let value = value.integer else { throw mismatch("an integer") }
        return value
    }

    func object() throws(TokenizerError) -> JSONObject {
        guard let object = value.object else { throw mismatch("an object") }
        return object
    }

    func elements() throws(TokenizerError) -> [JSONField] {
        guard let elements = value.array else { throw mismatch("an array") }
        return elements.enumerated().map { JSONField(path: "\(path)[\($0.offset)]", value: $0.element) }
    }

    /// The boolean member of that name, or `otherwise` when it is absent or null.
    func flag(_ name: String, _ otherwise: Bool) throws(TokenizerError) -> Bool {
        guard let field = self[name] else { return otherwise }
        return try field.bool()
    }

    /// The component's `type`.
    func type() throws(TokenizerError) -> String { try required("type", "the component's type").string() }

    func mismatch(_ expected: String) -> TokenizerError {
        let found =
            switch value {
            case .null: "null"
            case .bool: "a boolean"
            case .integer: "an integer"
            case .number: "a number"
            case .string(let text): "the string '\(text.prefix(40))'"
            case .array(let elements): "an array of \(elements.count)"
            case .object: "an object"
            }
        return .malformed(field: path, expected: expected, found: found)
    }
}
