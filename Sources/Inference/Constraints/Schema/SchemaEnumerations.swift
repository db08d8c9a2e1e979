import JSON

extension SchemaCompiler {
    /// Adds the values of `const` and `enum` that the schema's other keywords allow.
    mutating func addEnumeration(
        _ schema: JSONObject, at pointer: String, from start: Grammar.NodeIndex, to end: Grammar.NodeIndex
    ) throws(ConstraintError) {
        let listed = try values(schema, at: pointer)
        var allowed: [JSONValue] = []
        for value in listed where try satisfies(value, schema, at: pointer) { allowed.append(value) }
        guard !allowed.isEmpty else {
            let keyword = schema["const"] == nil ? "enum" : "const"
            throw ConstraintError(
                pointer: "\(pointer)/\(keyword)",
                message: listed.isEmpty
                    ? "'\(keyword)' has no values: impossible."
                    : "No value of '\(keyword)' satisfies the keywords beside it: impossible.")
        }
        let scalars = allowed.filter { $0.array == nil && $0.object == nil }
        try grammar.addLiterals(scalars.map { Array($0.text().utf8) }, from: start, to: end)
        for value in allowed where value.array != nil || value.object != nil {
            grammar.addEpsilon(from: try addValue(value, from: start), to: end)
        }
    }

    private func values(_ schema: JSONObject, at pointer: String) throws(ConstraintError) -> [JSONValue] {
        guard let listed = schema["enum"] else { return schema["const"].map { [$0] } ?? [] }
        guard let values = listed.array else {
            throw ConstraintError(pointer: "\(pointer)/enum", message: "'enum' must be an array.")
        }
        guard let constant = schema["const"] else { return values }
        return values.filter { $0 == constant }
    }

    private mutating func satisfies(
        _ value: JSONValue, _ schema: JSONObject, at pointer: String
    ) throws(ConstraintError) -> Bool {
        if schema["type"] != nil, let types = try SchemaKeywords.types(schema, at: pointer) {
            guard types.contains(where: { $0.contains(value) }) else { return false }
        }
        switch value {
        case .string(let text):
            let bounds = try SchemaKeywords.counts("minLength", "maxLength", in: schema, at: pointer)
            let length = text.unicodeScalars.count
            guard length >= bounds.minimum, length <= bounds.maximum ?? .max else { return false }
            return try pattern(schema, at: pointer)?.matches(text) ?? true
        case .integer, .number:
            guard let number = value.double else { return false }
            return try NumberBounds(schema, at: pointer).contains(number)
        case .array, .object:
            for keyword in ["properties", "required", "items", "prefixItems", "minItems", "maxItems"]
            where schema[keyword] != nil {
                throw ConstraintError(
                    pointer: "\(pointer)/\(keyword)", message: "'\(keyword)' beside 'enum' or 'const' is not supported."
                )
            }
            return true
        case .null, .bool: return true
        }
    }

    /// Adds a fixed value, with the usual freedom of white space.
    private mutating func addValue(
        _ value: JSONValue, from node: Grammar.NodeIndex
    ) throws(ConstraintError) -> Grammar.NodeIndex {
        switch value {
        case .array(let items):
            var node = try grammar.addLiteral(from: node, "[".utf8)
            for (index, item) in items.enumerated() {
                node = try addValue(item, from: try addItemStart(index, from: node))
            }
            return try addEnd("]", isEmpty: items.isEmpty, from: node)
        case .object(let members):
            var node = try grammar.addLiteral(from: node, "{".utf8)
            for (index, member) in members.enumerated() {
                let start = try addItemStart(index, from: node)
                let key = try grammar.addLiteral(from: start, JSONValue.string(member.key).text().utf8)
                node = try addValue(member.value, from: try basics.addColon(from: key, in: &grammar))
            }
            return try addEnd("}", isEmpty: members.isEmpty, from: node)
        default: return try grammar.addLiteral(from: node, value.text().utf8)
        }
    }

    private mutating func addItemStart(
        _ index: Int, from node: Grammar.NodeIndex
    ) throws(ConstraintError) -> Grammar.NodeIndex {
        if index > 0 { return try basics.addComma(from: node, in: &grammar) }
        let start = try grammar.addNode()
        grammar.addCall(from: node, rule: basics.whitespace, to: start)
        return start
    }

    private mutating func addEnd(
        _ close: String, isEmpty: Bool, from node: Grammar.NodeIndex
    ) throws(ConstraintError) -> Grammar.NodeIndex {
        if isEmpty { return try grammar.addLiteral(from: node, close.utf8) }
        let end = try grammar.addNode()
        try basics.addClosing(close, from: node, to: end, in: &grammar)
        return end
    }
}
