import JSON

/// Reads a request's fields by name and type, and remembers which it was asked for, so that the rest can be reported.
///
/// `null` counts as absent, as in OpenAI's clients.
struct RequestFields {
    let object: JSONObject
    /// Names the field in messages: `tools[0].` and the like.
    let path: String
    private(set) var known: Set<String> = []

    init(_ object: JSONObject, path: String = "") {
        self.object = object
        self.path = path
    }

    /// The fields nobody asked for.
    var unknown: [String] { object.keys.filter { !known.contains($0) } }

    /// Counts fields as known whose values change nothing here.
    mutating func ignore(_ names: String...) { known.formUnion(names) }

    /// The value if it is there and not null.
    mutating func value(_ name: String) -> JSONValue? {
        known.insert(name)
        guard let value = object[name], !value.isNull else { return nil }
        return value
    }

    mutating func string(_ name: String) throws(APIError) -> String? {
        try read(name, "a string") { $0.string }
    }

    mutating func bool(_ name: String) throws(APIError) -> Bool? {
        try read(name, "true or false") { $0.bool }
    }

    mutating func array(_ name: String) throws(APIError) -> [JSONValue]? {
        try read(name, "an array") { $0.array }
    }

    mutating func object(_ name: String) throws(APIError) -> JSONObject? {
        try read(name, "an object") { $0.object }
    }

    mutating func integer(_ name: String, in range: ClosedRange<Int>) throws(APIError) -> Int? {
        guard let value = try read(name, "an integer", { $0.integer }) else { return nil }
        guard range.contains(value) else {
            throw .invalid(path + name, "must be \(Self.describe(range)), got \(value)")
        }
        return value
    }

    mutating func number(_ name: String, where isAllowed: (Double) -> Bool, _ rule: String) throws(APIError) -> Float? {
        guard let value = try read(name, "a number", { $0.double }) else { return nil }
        guard isAllowed(value) else { throw .invalid(path + name, "must be \(rule), got \(value)") }
        return Float(value)
    }

    mutating func strings(_ name: String) throws(APIError) -> [String]? {
        try read(name, "an array of strings") { value in
            guard let elements = value.array else { return nil }
            let strings = elements.compactMap(\.string)
            return strings.count == elements.count ? strings : nil
        }
    }

    mutating func tokens(_ name: String) throws(APIError) -> [Int32]? {
        try read(name, "an array of token ids", Self.tokens)
    }

    /// Token ids, or nil if the value is not an array of integers that could be one.
    static func tokens(_ value: JSONValue) -> [Int32]? {
        guard let elements = value.array else { return nil }
        var tokens: [Int32] = []
        tokens.reserveCapacity(elements.count)
        for element in elements {
            guard case .integer(let integer) = element, let token = Int32(exactly: integer), token >= 0 else {
                return nil
            }
            tokens.append(token)
        }
        return tokens
    }

    /// The field as `convert` sees it.
    ///
    /// - Throws: 400 if the field is there and cannot be converted.
    mutating func read<Value>(
        _ name: String, _ expected: String, _ convert: (JSONValue) -> Value?
    ) throws(APIError) -> Value? {
        guard let value = value(name) else { return nil }
        guard let converted = convert(value) else {
            throw .invalid(path + name, "must be \(expected), got \(value.kind)")
        }
        return converted
    }

    private static func describe(_ range: ClosedRange<Int>) -> String {
        range.upperBound == .max ? "at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
    }
}

extension JSONValue {
    /// The kind of value in words, for messages that may not repeat what a user wrote.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
