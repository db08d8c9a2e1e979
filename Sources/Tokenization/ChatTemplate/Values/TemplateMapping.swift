/// Python's dict: keys in the order they were first set.
struct TemplateMapping {
    private(set) var keys: [TemplateValue] = []
    private(set) var values: [TemplateValue] = []
    private(set) var depth = 1
    private var hashedKeys: [MappingKey] = []
    /// Positions by key; built only once a scan would cost more than a hash.
    private var positions: [MappingKey: Int] = [:]
    private static let scanLimit = 8

    var count: Int { keys.count }

    subscript(key: MappingKey) -> TemplateValue? { position(of: key).map { values[$0] } }

    subscript(name: String) -> TemplateValue? { self[MappingKey.string(name)] }

    mutating func set(_ name: String, _ value: TemplateValue) throws(ChatTemplateError) {
        try set(.string(name), hashed: .string(name), value)
    }

    /// - Throws: `.evaluation` when the key cannot be one, `.limit` when the values nest too deeply.
    mutating func set(_ key: TemplateValue, _ value: TemplateValue) throws(ChatTemplateError) {
        try set(key, hashed: try MappingKey(key), value)
    }

    private mutating func set(
        _ key: TemplateValue, hashed: MappingKey, _ value: TemplateValue
    ) throws(ChatTemplateError) {
        depth = max(depth, try TemplateValue.depth(over: [value]))
        if let position = position(of: hashed) {
            values[position] = value
            return
        }
        keys.append(key)
        hashedKeys.append(hashed)
        values.append(value)
        if count == Self.scanLimit + 1 {
            for (position, key) in hashedKeys.enumerated() { positions[key] = position }
        } else if count > Self.scanLimit {
            positions[hashed] = count - 1
        }
    }

    private func position(of key: MappingKey) -> Int? {
        count <= Self.scanLimit ? hashedKeys.firstIndex(of: key) : positions[key]
    }
}

/// What Python can hash. Numbers that are equal are the same key; strings differ by every code point.
enum MappingKey: Hashable {
    case none
    case integer(Int)
    case number(Double)
    case string(String)
    case tuple([MappingKey])
    /// A function or the like, equal only to itself.
    case identity(String)

    /// As many parts as a key may have; equal parts can share memory, so a small value can have very many.
    private static let maximumParts = 1000

    init(_ value: TemplateValue) throws(ChatTemplateError) {
        var parts = 0
        try self.init(value, parts: &parts)
    }

    private init(_ value: TemplateValue, parts: inout Int) throws(ChatTemplateError) {
        parts += 1
        guard parts <= Self.maximumParts else { throw .limit("a key has more than \(Self.maximumParts) parts") }
        switch value {
        case .none: self = .none
        case .bool(let value): self = .integer(value ? 1 : 0)
        case .integer(let value): self = .integer(value)
        case .number(let value): self = Int(exactly: value).map { .integer($0) } ?? .number(value)
        case .string(let text), .markup(let text): self = .string(text)
        case .tuple(let sequence):
            var keys: [MappingKey] = []
            for item in sequence.items { keys.append(try MappingKey(item, parts: &parts)) }
            self = .tuple(keys)
        case .function(let function): self = .identity(function.rawValue)
        case .undefined: self = .identity("undefined")
        default: throw .evaluation("unhashable type: \(PythonString.quoted(value.typeName))")
        }
    }

    static func == (left: MappingKey, right: MappingKey) -> Bool {
        switch (left, right) {
        case (.none, .none): true
        case (.integer(let left), .integer(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): PythonString.areEqual(left, right)
        case (.tuple(let left), .tuple(let right)): left == right
        case (.identity(let left), .identity(let right)): left == right
        default: false
        }
    }

    func hash(into hasher: inout Hasher) {
        switch self {
        case .none: hasher.combine(0)
        case .integer(let value): hasher.combine(value)
        case .number(let value): hasher.combine(value)
        case .string(let text), .identity(let text):
            for byte in text.utf8 { hasher.combine(byte) }
        case .tuple(let keys): hasher.combine(keys)
        }
    }
}
