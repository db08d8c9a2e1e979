import JSON

/// Turns a JSON schema into a grammar.
///
/// Every text of the grammar is valid under the schema; the reverse is not so, because readers and small models are better
/// served by a part of JSON:
/// - Members come in the schema's order; those not required may be left out.
/// - What the schema does not list is not generated: no additional members beside `properties` (unless
///   `additionalProperties` allows them in so many words), no items after `prefixItems`. An object without `properties`
///   and an array without items schemas are free.
/// - `oneOf` is read as `anyOf`; `allOf` is merged.
/// - White space and numbers are bounded as ``JSONBasics`` says.
///
/// What cannot be guaranteed is refused with a JSON pointer to the place.
struct SchemaCompiler {
    let limits: ConstraintLimits
    let root: JSONValue
    var grammar: Grammar
    let basics: JSONBasics
    /// What was left out of account.
    private(set) var notes: [String] = []
    /// Rules of schemas that `$ref` names, so that recursion ends in a call.
    private var referenced: [String: Grammar.NodeIndex] = [:]
    /// Where each rule comes from, for the message when one cannot be satisfied.
    private var origins: [(rule: Grammar.NodeIndex, pointer: String)] = []
    private var depth = 0

    init(_ schema: JSONValue, limits: ConstraintLimits) throws(ConstraintError) {
        self.limits = limits
        root = schema
        grammar = Grammar(limit: limits.grammarNodes)
        basics = try JSONBasics(into: &grammar)
    }

    /// The grammar, not yet pruned.
    mutating func compile() throws(ConstraintError) -> Grammar {
        grammar.start = try rule(referencedBy: "#", at: "#")
        return grammar
    }

    /// The error that names the innermost schema of a pruned grammar that no text satisfies.
    func unsatisfiable(_ grammar: Grammar) -> ConstraintError {
        let hopeless = origins.filter { grammar.nodes[Int($0.rule)].height == .max }
        let innermost = hopeless.max { $0.pointer.utf8.count < $1.pointer.utf8.count }
        return ConstraintError(
            pointer: innermost?.pointer ?? "#",
            message: "No finite value can satisfy the schema here. Give the recursion an end, or the value a choice.")
    }

    mutating func note(_ text: String, at pointer: String) { notes.append("\(pointer): \(text)") }

    // MARK: Rules

    /// The rule of the schema that a reference names, compiled once.
    mutating func rule(
        referencedBy reference: String, at pointer: String
    ) throws(ConstraintError) -> Grammar.NodeIndex {
        if let known = referenced[reference] { return known }
        let schema = try resolve(reference, at: pointer)
        let start = try grammar.addNode()
        referenced[reference] = start
        try addRule(for: schema, at: reference, start: start)
        return start
    }

    /// A rule for a schema.
    mutating func rule(for schema: JSONValue, at pointer: String) throws(ConstraintError) -> Grammar.NodeIndex {
        if case .bool(true) = schema { return basics.value }
        let start = try grammar.addNode()
        try addRule(for: schema, at: pointer, start: start)
        return start
    }

    private mutating func addRule(
        for schema: JSONValue, at pointer: String, start: Grammar.NodeIndex
    ) throws(ConstraintError) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= limits.schemaDepth else {
            throw ConstraintError(
                pointer: pointer, message: "The schema is nested more than \(limits.schemaDepth) deep. Flatten it.")
        }
        origins.append((start, pointer))
        let end = try grammar.addNode(isFinal: true)
        switch schema {
        case .bool(true): grammar.addCall(from: start, rule: basics.value, to: end)
        case .bool(false): break
        case .object(let object): try add(object, at: pointer, from: start, to: end)
        default:
            throw ConstraintError(pointer: pointer, message: "A schema must be an object or a boolean.")
        }
    }

    /// Adds ways from one node to another for the values of a schema.
    private mutating func add(
        _ schema: JSONObject, at pointer: String, from start: Grammar.NodeIndex, to end: Grammar.NodeIndex
    ) throws(ConstraintError) {
        try SchemaKeywords.refuseUnsupported(schema, at: pointer)
        if let reference = try SchemaKeywords.reference(schema, at: pointer) {
            let siblings = schema.removing("$ref")
            guard SchemaKeywords.hasAssertions(siblings) else {
                grammar.addCall(from: start, rule: try rule(referencedBy: reference, at: pointer), to: end)
                return
            }
            let target = try resolve(reference, at: pointer)
            return try addMerged([target, .object(siblings)], at: pointer, from: start, to: end)
        }
        for keyword in ["anyOf", "oneOf"] {
            guard let branches = schema[keyword] else { continue }
            try addAlternatives(
                try SchemaKeywords.schemas(branches, keyword, at: pointer), beside: schema.removing(keyword),
                at: "\(pointer)/\(keyword)", from: start, to: end)
            return
        }
        // After the alternatives, since merging two of them leaves one here.
        if let parts = schema["allOf"] {
            let parts = try SchemaKeywords.schemas(parts, "allOf", at: pointer)
            return try addMerged([.object(schema.removing("allOf"))] + parts, at: pointer, from: start, to: end)
        }
        if schema["const"] != nil || schema["enum"] != nil {
            return try addEnumeration(schema, at: pointer, from: start, to: end)
        }
        try addTypes(schema, at: pointer, from: start, to: end)
    }

    /// Adds each branch, merged with what stands beside all of them; branches that contradict it are left out.
    private mutating func addAlternatives(
        _ branches: [JSONValue], beside base: JSONObject, at pointer: String, from start: Grammar.NodeIndex,
        to end: Grammar.NodeIndex
    ) throws(ConstraintError) {
        var contradiction: ConstraintError?
        var isEmpty = true
        for (index, branch) in branches.enumerated() {
            let place = "\(pointer)/\(index)"
            var schema = branch
            if SchemaKeywords.hasAssertions(base) {
                do throws(ConstraintError) {
                    schema = try merge([.object(base), branch], at: place)
                } catch {
                    guard error.isContradiction else { throw error }
                    contradiction = error
                    continue
                }
            }
            grammar.addCall(from: start, rule: try rule(for: schema, at: place), to: end)
            isEmpty = false
        }
        if isEmpty, let contradiction { throw contradiction }
    }

    private mutating func addMerged(
        _ schemas: [JSONValue], at pointer: String, from start: Grammar.NodeIndex, to end: Grammar.NodeIndex
    ) throws(ConstraintError) {
        let rule = try rule(for: try merge(schemas, at: pointer), at: pointer)
        grammar.addCall(from: start, rule: rule, to: end)
    }

    private func merge(_ schemas: [JSONValue], at pointer: String) throws(ConstraintError) -> JSONValue {
        let references = SchemaReferences(root: root)
        var merger = SchemaMerger(depthLimit: limits.schemaDepth) { reference, pointer throws(ConstraintError) in
            try references.resolve(reference, at: pointer)
        }
        var result = JSONValue.bool(true)
        for schema in schemas { result = try merger.merge(result, schema, at: pointer) }
        return result
    }

    private func resolve(_ reference: String, at pointer: String) throws(ConstraintError) -> JSONValue {
        try SchemaReferences(root: root).resolve(reference, at: pointer)
    }

    private mutating func addTypes(
        _ schema: JSONObject, at pointer: String, from start: Grammar.NodeIndex, to end: Grammar.NodeIndex
    ) throws(ConstraintError) {
        guard let types = try SchemaKeywords.types(schema, at: pointer) else {
            grammar.addCall(from: start, rule: basics.value, to: end)
            return
        }
        for type in types {
            let rule: Grammar.NodeIndex
            switch type {
            case .null: rule = try literalRule("null")
            case .boolean:
                grammar.addCall(from: start, rule: try literalRule("true"), to: end)
                rule = try literalRule("false")
            case .string: rule = try stringRule(schema, at: pointer)
            case .integer: rule = try integerRule(schema, at: pointer)
            case .number: rule = try numberRule(schema, at: pointer)
            case .array: rule = try arrayRule(schema, at: pointer)
            case .object: rule = try objectRule(schema, at: pointer)
            }
            grammar.addCall(from: start, rule: rule, to: end)
        }
    }

    private mutating func literalRule(_ text: String) throws(ConstraintError) -> Grammar.NodeIndex {
        let start = try grammar.addNode()
        grammar.markFinal(try grammar.addLiteral(from: start, text.utf8))
        return start
    }
}

extension JSONObject {
    /// The object without a member.
    func removing(_ key: String) -> JSONObject {
        var object = self
        object[key] = nil
        return object
    }
}
