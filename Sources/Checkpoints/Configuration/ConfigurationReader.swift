import JSON

/// Typed access to a configuration's keys, looking into several objects in turn, with errors that name the key.
struct ConfigurationReader {
    let file: String
    /// Where to look, most specific first.
    let levels: [JSONObject]
    /// No size in a model configuration is larger; products of two still fit an Int.
    static let largestSize = 1 << 30

    /// The first level's value that is not null.
    subscript(key: String) -> JSONValue? {
        for level in levels {
            if let value = level[key], !value.isNull { return value }
        }
        return nil
    }

    func failure(_ message: String) -> CheckpointError { failure(.malformed, message) }

    func failure(_ kind: CheckpointError.Kind, _ message: String) -> CheckpointError {
        CheckpointError(kind, file: file, message)
    }

    private func wrong(_ key: String, _ value: JSONValue, expected: String) -> CheckpointError {
        failure("found \(key) \(value.text()), expected \(expected)")
    }

    /// A positive whole number, under the first of these keys that is there.
    func size(_ keys: String...) throws(CheckpointError) -> Int? {
        guard let key = keys.first(where: { self[$0] != nil }), let value = self[key] else { return nil }
        guard let number = value.integer, (1...Self.largestSize).contains(number) else {
            throw wrong(key, value, expected: "a whole number from 1 to \(Self.largestSize)")
        }
        return number
    }

    /// A positive whole number that must be there.
    func requiredSize(_ key: String) throws(CheckpointError) -> Int {
        guard let value = try size(key) else {
            throw failure(.missing, "has no \(key), which every supported architecture needs")
        }
        return value
    }

    /// A finite number above zero, if the key is there.
    func positive(_ key: String) throws(CheckpointError) -> Double? {
        guard let value = self[key] else { return nil }
        guard let number = value.double, number.isFinite, number > 0 else {
            throw wrong(key, value, expected: "a number above 0")
        }
        return number
    }

    /// A finite number, if the key is there.
    func number(_ key: String) throws(CheckpointError) -> Double? {
        guard let value = self[key] else { return nil }
        guard let number = value.double, number.isFinite else { throw wrong(key, value, expected: "a number") }
        return number
    }

    func bool(_ key: String) throws(CheckpointError) -> Bool? {
        guard let value = self[key] else { return nil }
        guard let flag = value.bool else { throw wrong(key, value, expected: "true or false") }
        return flag
    }

    /// The string under the first of these keys that is there; later ones are older names for the same.
    func string(_ keys: String...) throws(CheckpointError) -> String? {
        guard let key = keys.first(where: { self[$0] != nil }), let value = self[key] else { return nil }
        guard let text = value.string else { throw wrong(key, value, expected: "a string") }
        return text
    }

    /// The strings under the first of these keys that is there.
    func strings(_ keys: String...) throws(CheckpointError) -> [String]? {
        guard let key = keys.first(where: { self[$0] != nil }), let value = self[key] else { return nil }
        guard let elements = value.array else { throw wrong(key, value, expected: "a list of strings") }
        var texts: [String] = []
        for element in elements {
            guard let text = element.string else { throw wrong(key, value, expected: "a list of strings") }
            texts.append(text)
        }
        return texts
    }

    /// Token ids, written as one number or as a list; empty when the key is absent.
    func tokens(_ key: String) throws(CheckpointError) -> [Int32] {
        guard let value = self[key] else { return [] }
        var tokens: [Int32] = []
        for element in value.array ?? [value] {
            guard let number = element.integer, let token = Int32(exactly: number), token >= 0 else {
                throw wrong(key, value, expected: "a token id or a list of them")
            }
            tokens.append(token)
        }
        return tokens
    }
}
