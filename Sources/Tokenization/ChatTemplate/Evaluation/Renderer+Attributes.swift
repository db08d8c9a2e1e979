extension Renderer {
    /// `value.name`: a method or attribute first, then an element, as the sandbox allows.
    func attribute(_ name: String, of value: TemplateValue) throws(ChatTemplateError) -> TemplateValue {
        if let found = try member(name, of: value) { return found }
        if case .mapping(let mapping) = value, let element = mapping[name] { return element }
        return UndefinedValue.attribute(name, of: value)
    }

    /// `value[key]`: an element first, then an attribute.
    func element(_ key: TemplateValue, of value: TemplateValue) throws(ChatTemplateError) -> TemplateValue {
        if case .undefined(let undefined) = value { throw undefined.error }
        if let found = try storedElement(key, of: value) { return found }
        guard let name = key.text else {
            return UndefinedValue.element(try representation(of: key), of: value)
        }
        return try member(name, of: value) ?? UndefinedValue.attribute(name, of: value)
    }

    private func storedElement(
        _ key: TemplateValue, of value: TemplateValue
    ) throws(ChatTemplateError) -> TemplateValue? {
        switch value {
        case .mapping(let mapping):
            // A key that cannot be hashed is a missing one.
            guard let key = try? MappingKey(key) else { return nil }
            return mapping[key]
        case .list(let sequence), .tuple(let sequence):
            return position(key, count: sequence.items.count).map { sequence.items[$0] }
        case .range(let range): return position(key, count: range.count).map { .integer(range.element($0)) }
        case .string(let text), .markup(let text):
            guard key.index != nil else { return nil }
            try charge(bytes: text.utf8.count)
            let scalars = text.unicodeScalars
            guard let position = position(key, count: scalars.count) else { return nil }
            return .string(String(Character(scalars[scalars.index(scalars.startIndex, offsetBy: position)])))
        default: return nil
        }
    }

    private func position(_ key: TemplateValue, count: Int) -> Int? {
        guard let index = key.index else { return nil }
        let position = index < 0 ? index.addingReportingOverflow(count).partialValue : index
        return (0..<count).contains(position) ? position : nil
    }

    /// What Python's `getattr` finds, with what the sandbox hides replaced by an unsafe undefined value.
    private func member(_ name: String, of value: TemplateValue) throws(ChatTemplateError) -> TemplateValue? {
        if case .undefined(let undefined) = value {
            if Self.objectInternals.contains(name) { return UndefinedValue.unsafe(name, of: value) }
            throw undefined.error
        }
        if name.hasPrefix("__"), name.hasSuffix("__") { return UndefinedValue.unsafe(name, of: value) }
        switch value {
        case .mapping:
            if Self.mappingMutators.contains(name) { return UndefinedValue.unsafe(name, of: value) }
            return Self.mappingMethods.contains(name) ? .method(BoundMethod(value, name)) : nil
        case .list:
            if Self.listMutators.contains(name) { return UndefinedValue.unsafe(name, of: value) }
            return Self.listMethods.contains(name) ? .method(BoundMethod(value, name)) : nil
        case .tuple: return name == "index" || name == "count" ? .method(BoundMethod(value, name)) : nil
        case .string, .markup: return StringMethod(named: name) == nil ? nil : .method(BoundMethod(value, name))
        case .namespace(let namespace): return namespace[name]
        case .loop(let loop): return try member(name, of: loop, value)
        case .range(let range): return member(name, of: range, value)
        case .macro(let macro): return try member(name, of: macro)
        default: return nil
        }
    }

    /// What every Python object has.
    private static let objectInternals: Set = [
        "__class__", "__dir__", "__doc__", "__eq__", "__getattribute__", "__hash__", "__init__", "__init_subclass__",
        "__module__", "__ne__", "__new__", "__reduce__", "__reduce_ex__", "__repr__", "__setattr__", "__str__",
    ]
    private static let mappingMutators: Set = ["clear", "pop", "popitem", "setdefault", "update"]
    private static let mappingMethods: Set = ["items", "keys", "values", "get", "copy"]
    private static let listMutators: Set = [
        "append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove",
    ]
    private static let listMethods: Set = ["index", "count", "copy"]

    private func member(
        _ name: String, of loop: TemplateLoop, _ value: TemplateValue
    ) throws(ChatTemplateError) -> TemplateValue? {
        switch name {
        case "index": return .integer(loop.index + 1)
        case "index0": return .integer(loop.index)
        case "revindex": return .integer(loop.items.count - loop.index)
        case "revindex0": return .integer(loop.items.count - loop.index - 1)
        case "first": return .bool(loop.index == 0)
        case "last": return .bool(loop.index == loop.items.count - 1)
        case "length": return .integer(loop.items.count)
        case "depth": return .integer(1)
        case "depth0": return .integer(0)
        case "previtem":
            guard loop.index > 0 else { return UndefinedValue.hint("there is no previous item") }
            return loop.items[loop.index - 1]
        case "nextitem":
            guard loop.index + 1 < loop.items.count else { return UndefinedValue.hint("there is no next item") }
            return loop.items[loop.index + 1]
        case "cycle", "changed": return .method(BoundMethod(value, name))
        default: return nil
        }
    }

    private func member(_ name: String, of range: TemplateRange, _ value: TemplateValue) -> TemplateValue? {
        switch name {
        case "start": .integer(range.start)
        case "stop": .integer(range.stop)
        case "step": .integer(range.step)
        case "index", "count": .method(BoundMethod(value, name))
        default: nil
        }
    }

    private func member(_ name: String, of macro: TemplateMacro) throws(ChatTemplateError) -> TemplateValue? {
        switch name {
        case "name": return .string(macro.syntax.symbol.text)
        case "arguments": return try .tuple(macro.syntax.parameters.map { .string($0.symbol.text) })
        default: return nil
        }
    }
}
