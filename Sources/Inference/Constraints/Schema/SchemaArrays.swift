import JSON

extension SchemaCompiler {
    /// A rule for the arrays of a schema.
    mutating func arrayRule(_ schema: JSONObject, at pointer: String) throws(ConstraintError) -> Grammar.NodeIndex {
        let bounds = try SchemaKeywords.counts("minItems", "maxItems", in: schema, at: pointer)
        let (prefix, rest) = try itemSchemas(schema, at: pointer)
        if rest == nil, bounds.minimum > prefix.count {
            throw ConstraintError(
                pointer: "\(pointer)/minItems",
                message: "'minItems' \(bounds.minimum) is more than the \(prefix.count) items allowed: impossible.")
        }
        let item = try rest.map { rest throws(ConstraintError) in try rule(for: rest, at: "\(pointer)/items") }
        guard !prefix.isEmpty else {
            return try basics.addList(
                "[", "]", of: item ?? basics.value, bounds.minimum, item == nil ? 0 : bounds.maximum, to: &grammar)
        }
        return try tupleRule(prefix, rest: item, bounds, at: pointer)
    }

    /// Schemas of the first items, and of those after them (nil: none).
    private func itemSchemas(
        _ schema: JSONObject, at pointer: String
    ) throws(ConstraintError) -> (prefix: [JSONValue], rest: JSONValue?) {
        var prefix = schema["prefixItems"]
        var rest = schema["items"]
        // Drafts before 2020-12 put the first items' schemas in `items`.
        if prefix == nil, case .array(let items) = rest {
            prefix = .array(items)
            rest = schema["additionalItems"]
        }
        guard let first = (prefix ?? []).array else {
            throw ConstraintError(pointer: "\(pointer)/prefixItems", message: "'prefixItems' must be an array.")
        }
        if rest == nil { rest = first.isEmpty && schema["unevaluatedItems"] != false ? .bool(true) : .bool(false) }
        return (first, rest == false ? nil : rest)
    }

    /// The first items each by its own schema, then others in a loop.
    private mutating func tupleRule(
        _ prefix: [JSONValue], rest: Grammar.NodeIndex?, _ bounds: (minimum: Int, maximum: Int?), at pointer: String
    ) throws(ConstraintError) -> Grammar.NodeIndex {
        let start = try grammar.addNode()
        let end = try grammar.addNode(isFinal: true)
        var node = try grammar.addLiteral(from: start, "[".utf8)
        if bounds.minimum == 0 { grammar.addEpsilon(from: try grammar.addLiteral(from: node, "]".utf8), to: end) }
        let count = min(prefix.count, bounds.maximum ?? .max)
        for index in 0..<count {
            let next = try grammar.addNode()
            if index == 0 {
                grammar.addCall(from: node, rule: basics.whitespace, to: next)
            } else {
                grammar.addEpsilon(from: try basics.addComma(from: node, in: &grammar), to: next)
            }
            let item = try rule(for: prefix[index], at: "\(pointer)/prefixItems/\(index)")
            node = try grammar.addNode()
            grammar.addCall(from: next, rule: item, to: node)
            if index + 1 >= bounds.minimum, index + 1 < count {
                try basics.addClosing("]", from: node, to: end, in: &grammar)
            }
        }
        guard count > 0 else { return start }
        if let rest, bounds.maximum ?? .max > count {
            let further = try basics.addSeparated(rest, to: &grammar)
            node = try grammar.addLoop(
                from: node, rule: further, max(bounds.minimum - count, 0), bounds.maximum.map { $0 - count })
        }
        try basics.addClosing("]", from: node, to: end, in: &grammar)
        return start
    }
}
