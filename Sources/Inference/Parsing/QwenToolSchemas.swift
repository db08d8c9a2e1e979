import JSON

/// What types the request's tools declare for their parameters.
struct QwenToolSchemas: Sendable {
    private var parameters: [String: JSONValue] = [:]

    /// - Parameter tools: As in the OpenAI API, or each the function itself.
    init(tools: [JSONValue]) {
        for tool in tools {
            let function = tool["function"] ?? tool
            if let name = function["name"]?.string { parameters[name] = function["parameters"] ?? .null }
        }
    }

    /// Whether a tool has that parameter; a tool without a schema may have any.
    func knows(_ key: String, of tool: String) -> Bool {
        guard let properties = parameters[tool]?["properties"]?.object else { return true }
        return properties[key] != nil
    }

    /// A parameter's text as a value of the type it is declared with; text that does not fit stays text.
    func value(of text: String, name: String, key: String) -> JSONValue {
        guard let schema = parameters[name]?["properties"]?[key] else { return .string(text) }
        let types = Self.types(of: schema)
        let word = Self.trimmed(text)
        let isNullWord = word.lowercased() == "null" || word.lowercased() == "none"
        if isNullWord, types.contains(.null) || !types.contains(.string) { return .null }
        let others = types.filter { $0 != .null }
        if others.count == 1 { return others[0].value(of: text, word, isSure: true) ?? .string(text) }
        // Several types: the narrowest that fits.
        for type in [ParameterType.integer, .number, .boolean, .structure] where others.contains(type) {
            if let value = type.value(of: text, word, isSure: false) { return value }
        }
        return .string(text)
    }

    private static func types(of schema: JSONValue) -> [ParameterType] {
        var types: [ParameterType] = []
        let names = schema["type"]?.array?.compactMap(\.string) ?? schema["type"]?.string.map { [$0] } ?? []
        types += names.map(ParameterType.init(named:))
        for alternative in (schema["anyOf"]?.array ?? []) + (schema["oneOf"]?.array ?? []) {
            types += Self.types(of: alternative)
        }
        if types.isEmpty {
            let hasParts = schema["properties"] != nil || schema["items"] != nil
            return [hasParts ? .structure : .string]
        }
        return types
    }

    fileprivate static func trimmed(_ text: String) -> String {
        var bytes = text.utf8[...]
        while let first = bytes.first, first.isJSONWhitespace { bytes.removeFirst() }
        while let last = bytes.last, last.isJSONWhitespace { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The kinds of types that are read differently.
private enum ParameterType: Equatable {
    case string, integer, number, boolean, structure, null

    /// JSON Schema's names, and those that tools in the wild use for the same.
    init(named name: String) {
        let name = name.lowercased()
        let hasPrefix = { (prefixes: [String]) in prefixes.contains { name.hasPrefix($0) } }
        if name == "null" {
            self = .null
        } else if hasPrefix(["int", "uint", "long", "short", "unsigned"]) {
            self = .integer
        } else if hasPrefix(["num", "float", "double"]) {
            self = .number
        } else if hasPrefix(["bool"]) {
            self = .boolean
        } else if hasPrefix(["object", "array", "dict", "list", "map"]) {
            self = .structure
        } else {
            self = .string
        }
    }

    /// The value, or nil when the text is not of this type. A boolean that is sure to be one is false unless it is
    /// `true`, as in vLLM.
    func value(of text: String, _ word: String, isSure: Bool) -> JSONValue? {
        switch self {
        case .string: return .string(text)
        case .null: return nil
        case .integer: return Int(word).map { .integer($0) }
        case .number:
            guard let number = Double(word), number.isFinite else { return nil }
            return Int(exactly: number).map { .integer($0) } ?? .number(number)
        case .boolean:
            let word = word.lowercased()
            return isSure || word == "true" || word == "false" ? .bool(word == "true") : nil
        case .structure: return (try? JSONValue(parsing: text)) ?? PythonLiteral.value(of: text)
        }
    }
}
