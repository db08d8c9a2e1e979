import JSON

extension SchemaCompiler {
    private struct Property {
        var name: String
        var schema: JSONValue
        var isRequired: Bool
        var pointer: String
    }

    /// A rule for the objects of a schema.
    mutating func objectRule(_ schema: JSONObject, at pointer: String) throws(ConstraintError) -> Grammar.NodeIndex {
        let additional = try additionalSchema(schema, at: pointer)
        let properties = try properties(schema, additional: additional, at: pointer)
        let bounds = try SchemaKeywords.counts("minProperties", "maxProperties", in: schema, at: pointer)
        if properties.isEmpty { return try mapRule(schema, additional, bounds, at: pointer) }
        for keyword in ["patternProperties", "propertyNames"] where schema[keyword] != nil {
            throw ConstraintError(
                pointer: "\(pointer)/\(keyword)", message: "'\(keyword)' is not supported beside 'properties'.")
        }
        guard bounds.minimum <= properties.filter(\.isRequired).count else {
            throw ConstraintError(
                pointer: "\(pointer)/minProperties",
                message: "'minProperties' above the number of required properties is not supported.")
        }
        guard bounds.maximum ?? .max >= (additional == nil ? properties.count : .max) else {
            throw ConstraintError(
                pointer: "\(pointer)/maxProperties",
                message: "'maxProperties' below the number of possible properties is not supported.")
        }
        return try structRule(properties, additional: additional, at: pointer)
    }

    /// What members beside `properties` hold; nil if there are none.
    private func additionalSchema(_ schema: JSONObject, at pointer: String) throws(ConstraintError) -> JSONValue? {
        let isListed = schema["properties"] != nil || schema["patternProperties"] != nil
        switch schema["additionalProperties"] ?? schema["unevaluatedProperties"] {
        case nil: return isListed ? nil : .bool(true)
        case .bool(false): return nil
        case let value?: return value
        }
    }

    private func properties(
        _ schema: JSONObject, additional: JSONValue?, at pointer: String
    ) throws(ConstraintError) -> [Property] {
        guard let listed = (schema["properties"] ?? .object(JSONObject())).object else {
            throw ConstraintError(pointer: "\(pointer)/properties", message: "'properties' must be an object.")
        }
        guard let names = (schema["required"] ?? []).array, names.allSatisfy({ $0.string != nil }) else {
            throw ConstraintError(pointer: "\(pointer)/required", message: "'required' must be an array of strings.")
        }
        let required = names.compactMap(\.string)
        var properties = listed.map { name, schema in
            Property(
                name: name, schema: schema, isRequired: required.contains(name),
                pointer: "\(pointer)/properties/\(Self.escape(name))")
        }
        let isClosed = (schema["additionalProperties"] ?? schema["unevaluatedProperties"]) == false
        for (index, name) in required.enumerated() where !properties.contains(where: { $0.name == name }) {
            guard !isClosed, schema["patternProperties"] == nil else {
                throw ConstraintError(
                    pointer: "\(pointer)/required/\(index)",
                    message: "\"\(name)\" is required but not allowed by 'properties': impossible.")
            }
            properties.append(
                Property(
                    name: name, schema: additional ?? .bool(true), isRequired: true,
                    pointer: "\(pointer)/required/\(index)"))
        }
        return properties
    }

    private static func escape(_ name: String) -> String {
        name.replacing("~", with: "~0").replacing("/", with: "~1")
    }

    /// Members in order. `choices[i]` stands where one of the members i... must come next, `after[i]` where a member came and
    /// those from i on may follow; so there is one comma to read, however many members are optional.
    private mutating func structRule(
        _ properties: [Property], additional: JSONValue?, at pointer: String
    ) throws(ConstraintError) -> Grammar.NodeIndex {
        let start = try grammar.addNode()
        let end = try grammar.addNode(isFinal: true)
        let opened = try grammar.addLiteral(from: start, "{".utf8)
        let choices = try nodes(properties.count + 1)
        let after = try nodes(properties.count + 1)
        grammar.addCall(from: opened, rule: basics.whitespace, to: choices[0])
        let firstOptional = (properties.lastIndex(where: \.isRequired) ?? -1) + 1
        if firstOptional == 0 {
            grammar.addEpsilon(from: try grammar.addLiteral(from: opened, "}".utf8), to: end)
        }
        for (index, property) in properties.enumerated() {
            let key = JSONValue.string(property.name).text()
            let named = try grammar.addLiteral(from: choices[index], key.utf8)
            let value = try rule(for: property.schema, at: property.pointer)
            grammar.addCall(from: try basics.addColon(from: named, in: &grammar), rule: value, to: after[index + 1])
            if !property.isRequired { grammar.addEpsilon(from: choices[index], to: choices[index + 1]) }
        }
        for index in after.indices.dropFirst() {
            grammar.addEpsilon(from: try basics.addComma(from: after[index], in: &grammar), to: choices[index])
            if index >= firstOptional { try basics.addClosing("}", from: after[index], to: end, in: &grammar) }
        }
        if let additional {
            let key = try otherKeyRule(than: properties.map(\.name))
            let member = try memberRule(key: key, additional, at: "\(pointer)/additionalProperties")
            grammar.addCall(from: choices[properties.count], rule: member, to: after[properties.count])
        }
        return start
    }

    private mutating func nodes(_ count: Int) throws(ConstraintError) -> [Grammar.NodeIndex] {
        var nodes: [Grammar.NodeIndex] = []
        for _ in 0..<count { nodes.append(try grammar.addNode()) }
        return nodes
    }

    private mutating func memberRule(
        key: Grammar.NodeIndex, _ schema: JSONValue, at pointer: String
    ) throws(ConstraintError) -> Grammar.NodeIndex {
        let start = try grammar.addNode()
        let named = try grammar.addNode()
        grammar.addCall(from: start, rule: key, to: named)
        let value = try rule(for: schema, at: pointer)
        let end = try grammar.addNode(isFinal: true)
        grammar.addCall(from: try basics.addColon(from: named, in: &grammar), rule: value, to: end)
        return start
    }

    /// Objects without listed members: any number of keys with values of one kind.
    private mutating func mapRule(
        _ schema: JSONObject, _ additional: JSONValue?, _ bounds: (minimum: Int, maximum: Int?), at pointer: String
    ) throws(ConstraintError) -> Grammar.NodeIndex {
        guard bounds.minimum <= 1 else {
            // A reply may repeat a key, and then holds fewer members than it spells.
            throw ConstraintError(
                pointer: "\(pointer)/minProperties", message: "'minProperties' above 1 is not supported here.")
        }
        var member: Grammar.NodeIndex?
        if let patterns = schema["patternProperties"]?.object, !patterns.isEmpty {
            guard patterns.count == 1, additional == nil, schema["propertyNames"] == nil,
                let name = patterns.keys.first, let value = patterns[name]
            else {
                throw ConstraintError(
                    pointer: "\(pointer)/patternProperties",
                    message: "'patternProperties' is supported only with one pattern and nothing beside it.")
            }
            let place = "\(pointer)/patternProperties/\(Self.escape(name))"
            let key = try stringRule(JSONObject([("pattern", .string(name))]), at: place)
            member = try memberRule(key: key, value, at: place)
        } else if let additional {
            var key = basics.string
            if let names = schema["propertyNames"] {
                key = try rule(for: ["allOf": [["type": "string"], names]], at: "\(pointer)/propertyNames")
            }
            member = try memberRule(key: key, additional, at: "\(pointer)/additionalProperties")
        }
        guard let member else { return try basics.addList("{", "}", of: basics.value, bounds.minimum, 0, to: &grammar) }
        return try basics.addList("{", "}", of: member, bounds.minimum, bounds.maximum, to: &grammar)
    }

    /// A rule for keys other than those listed, written without escapes so that none is spelled in disguise.
    private mutating func otherKeyRule(than names: [String]) throws(ConstraintError) -> Grammar.NodeIndex {
        let start = try grammar.addNode()
        let end = try grammar.addNode(isFinal: true)
        let body = try grammar.addLiteral(from: start, "\"".utf8)
        let free = try grammar.addNode()
        var encoder = UTF8Encoder()
        let plain = CodePointSet([0x20...0x21, 0x23...0x5B, 0x5D...CodePointSet.last])
        try encoder.addEdges(from: free, plain, to: free, in: &grammar)
        grammar.addEdge(from: free, 0x22...0x22, to: end)

        var pending = [(node: body, names: names.map { Array($0.unicodeScalars)[...] })]
        while let (node, names) = pending.popLast() {
            if !names.contains(where: \.isEmpty) { grammar.addEdge(from: node, 0x22...0x22, to: end) }
            var other = plain
            let groups = Dictionary(grouping: names.filter { !$0.isEmpty }) { $0[$0.startIndex] }
            for (scalar, group) in groups.sorted(by: { $0.key < $1.key }) {
                let codePoint = CodePointSet(scalar.value...scalar.value)
                guard plain.contains(scalar.value) else { continue }
                other.subtract(codePoint)
                let next = try grammar.addNode()
                try encoder.addEdges(from: node, codePoint, to: next, in: &grammar)
                pending.append((next, group.map { $0.dropFirst() }))
            }
            try encoder.addEdges(from: node, other, to: free, in: &grammar)
        }
        return start
    }
}
