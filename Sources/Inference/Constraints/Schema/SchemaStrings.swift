import JSON

extension SchemaCompiler {
    /// A rule for the strings of a schema.
    mutating func stringRule(_ schema: JSONObject, at pointer: String) throws(ConstraintError) -> Grammar.NodeIndex {
        let bounds = try SchemaKeywords.counts("minLength", "maxLength", in: schema, at: pointer)
        let pattern = try pattern(schema, at: pointer)
        if pattern == nil, bounds.minimum == 0, bounds.maximum == nil { return basics.string }
        let start = try grammar.addNode()
        let body = try grammar.addLiteral(from: start, "\"".utf8)
        var end = body
        if let pattern {
            end = try pattern.add(
                to: &grammar, from: body, as: .json, minimum: bounds.minimum, maximum: bounds.maximum)
        } else if bounds.maximum != 0 {
            end = try grammar.addLoop(from: body, rule: basics.character, bounds.minimum, bounds.maximum)
        }
        grammar.markFinal(try grammar.addLiteral(from: end, "\"".utf8))
        return start
    }

    /// The automaton of `pattern`, or else of a known `format`.
    mutating func pattern(_ schema: JSONObject, at pointer: String) throws(ConstraintError) -> PatternAutomaton? {
        if let pattern = schema["pattern"] {
            guard let text = pattern.string else {
                throw ConstraintError(pointer: "\(pointer)/pattern", message: "'pattern' must be a string.")
            }
            if let format = schema["format"] {
                note("'format' \(format.text()) is ignored beside 'pattern'.", at: pointer)
            }
            return try automaton(text, searches: true, at: "\(pointer)/pattern")
        }
        guard let format = schema["format"]?.string else { return nil }
        guard let text = Self.formats[format] else {
            note("'format' \"\(format)\" is not known and ignored.", at: pointer)
            return nil
        }
        return try automaton(text, searches: false, at: "\(pointer)/format")
    }

    private func automaton(
        _ text: String, searches: Bool, at pointer: String
    ) throws(ConstraintError) -> PatternAutomaton {
        do throws(ConstraintError) {
            let syntax = try RegexParser.parse(text)
            return try PatternAutomaton(searches ? try syntax.searching() : try syntax.anchored(), limits: limits)
        } catch {
            throw ConstraintError(pointer: pointer, message: error.message)
        }
    }

    private static let date =
        "[1-9][0-9]{3}-(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|[1-9][0-9]{3}-(0[469]|11)-(0[1-9]|[12][0-9]|30)"
        + "|[1-9][0-9]{3}-02-(0[1-9]|1[0-9]|2[0-8])"
    private static let time =
        "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
    private static let octet = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"

    private static let label = "[A-Za-z0-9]{1,30}(-[A-Za-z0-9]{1,20})?"

    /// Patterns all of whose texts have the format. Not all texts of the format match: 29 February never does.
    private static let formats = [
        "date": date,
        "time": time,
        "date-time": "(\(date))T\(time)",
        "email": "[A-Za-z0-9_+-]{1,32}(\\.[A-Za-z0-9_+-]{1,31})?@(\(label)\\.){1,3}[A-Za-z]{2,24}",
        "uuid": "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
        "ipv4": "\(octet)\\.\(octet)\\.\(octet)\\.\(octet)",
    ]
}
