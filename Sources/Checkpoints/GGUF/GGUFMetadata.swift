/// The metadata of a GGUF file: keys in the file's order, values with the file's types.
public struct GGUFMetadata: Sendable {
    /// The keys in the order they were written.
    public private(set) var keys: [String] = []
    private var values: [String: GGUFValue] = [:]

    /// No metadata.
    public init() {}

    /// The value of a key; assigning to a new key appends it, assigning nil removes it.
    public subscript(key: String) -> GGUFValue? {
        get { values[key] }
        set {
            let old = values.updateValue(newValue, forKey: key)
            if old == nil, newValue != nil { keys.append(key) }
            if old != nil, newValue == nil { keys.removeAll { $0 == key } }
        }
    }
}

extension Dictionary {
    /// Sets or removes, returning what was there.
    fileprivate mutating func updateValue(_ value: Value?, forKey key: Key) -> Value? {
        guard let value else { return removeValue(forKey: key) }
        return updateValue(value, forKey: key)
    }
}

extension GGUFMetadata {
    /// The integer at `key`, of any width; nil when the key is absent.
    public func integer(_ key: String) throws(GGUFError) -> Int? {
        try value(key, "an integer", \.integer)
    }

    /// The number at `key`; nil when the key is absent.
    public func double(_ key: String) throws(GGUFError) -> Double? {
        try value(key, "a number", \.double)
    }

    /// The string at `key`; nil when the key is absent.
    public func string(_ key: String) throws(GGUFError) -> String? {
        try value(key, "a string", \.string)
    }

    /// The truth value at `key`; nil when the key is absent.
    public func bool(_ key: String) throws(GGUFError) -> Bool? {
        try value(key, "a bool", \.bool)
    }

    /// The strings at `key`; nil when the key is absent.
    public func strings(_ key: String) throws(GGUFError) -> [String]? {
        try elements(key, "an array of strings", \.string)
    }

    /// The integers at `key`; nil when the key is absent.
    public func integers(_ key: String) throws(GGUFError) -> [Int]? {
        try elements(key, "an array of integers", \.integer)
    }

    /// A positive integer that must be there and must not exceed `limit`, so that products of sizes cannot overflow.
    func requiredSize(_ key: String, limit: Int = 1 << 31) throws(GGUFError) -> Int {
        guard let value = try integer(key) else { throw .missingKey(key) }
        guard value > 0, value <= limit else {
            throw .invalid("the metadata key '\(key)' is \(value); expected 1 to \(limit)")
        }
        return value
    }

    private func value<T>(
        _ key: String, _ expected: String, _ cast: (GGUFValue) -> T?
    ) throws(GGUFError) -> T? {
        guard let value = self[key] else { return nil }
        guard let result = cast(value) else {
            throw .wrongType(key: key, expected: expected, found: "\(value.type)")
        }
        return result
    }

    private func elements<T>(
        _ key: String, _ expected: String, _ cast: (GGUFValue) -> T?
    ) throws(GGUFError) -> [T]? {
        guard let value = self[key] else { return nil }
        guard case .array(let type, let elements) = value else {
            throw .wrongType(key: key, expected: expected, found: "\(value.type)")
        }
        var result: [T] = []
        result.reserveCapacity(elements.count)
        for element in elements {
            guard let element = cast(element) else {
                throw .wrongType(key: key, expected: expected, found: "an array of \(type)")
            }
            result.append(element)
        }
        return result
    }
}
