/// The members of a JSON object, in the order they were written.
///
/// A repeated key keeps its first place and its last value, as in Python and JavaScript.
public struct JSONObject: Sendable {
    /// The member names in order.
    public private(set) var keys: [String] = []
    private var values: [JSONValue] = []
    /// Positions by key; built only once a scan would cost more than a hash.
    private var positions: [String: Int] = [:]
    private static let scanLimit = 8

    /// An object with no members.
    public init() {}

    /// An object with these members; a repeated key keeps the last value.
    public init(_ members: some Sequence<(String, JSONValue)>) {
        for (key, value) in members { self[key] = value }
    }

    /// How many members there are.
    public var count: Int { keys.count }

    /// Whether there are no members.
    public var isEmpty: Bool { keys.isEmpty }

    /// The member of that name; assigning nil removes it.
    public subscript(key: String) -> JSONValue? {
        get { position(of: key).map { values[$0] } }
        set {
            switch (position(of: key), newValue) {
            case (let position?, let value?): values[position] = value
            case (let position?, nil): remove(at: position)
            case (nil, let value?): append(key, value)
            case (nil, nil): break
            }
        }
    }

    private func position(of key: String) -> Int? {
        keys.count <= Self.scanLimit ? keys.firstIndex(of: key) : positions[key]
    }

    private mutating func append(_ key: String, _ value: JSONValue) {
        keys.append(key)
        values.append(value)
        if keys.count == Self.scanLimit + 1 {
            for (position, key) in keys.enumerated() { positions[key] = position }
        } else if keys.count > Self.scanLimit {
            positions[key] = keys.count - 1
        }
    }

    private mutating func remove(at position: Int) {
        keys.remove(at: position)
        values.remove(at: position)
        positions = [:]
        guard keys.count > Self.scanLimit else { return }
        for (position, key) in keys.enumerated() { positions[key] = position }
    }

    package mutating func reserveCapacity(_ capacity: Int) {
        keys.reserveCapacity(capacity)
        values.reserveCapacity(capacity)
    }
}

extension JSONObject: Equatable {
    /// Objects are equal when they have the same members, in whatever order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.allSatisfy { right[$0.key] == $0.value }
    }
}

extension JSONObject: Sequence {
    /// The members in order.
    public func makeIterator() -> AnyIterator<(key: String, value: JSONValue)> {
        var position = 0
        return AnyIterator {
            guard position < keys.count else { return nil }
            defer { position += 1 }
            return (keys[position], values[position])
        }
    }
}
