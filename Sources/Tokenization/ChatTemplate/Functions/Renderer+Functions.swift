extension Renderer {
    func call(_ function: TemplateFunction, _ arguments: CallArguments) throws(ChatTemplateError) -> TemplateValue {
        switch function {
        case .range: return .range(try makeRange(arguments))
        case .dict: return .mapping(try makeMapping(arguments))
        case .namespace:
            let namespace = makeNamespace()
            let mapping = try makeMapping(arguments)
            for (key, value) in zip(mapping.keys, mapping.values) {
                if let name = key.text { try namespace.set(name, value) }
            }
            return .namespace(namespace)
        case .raiseException:
            let values = try arguments.bound(to: ["message"], required: 1, of: function.rawValue)
            throw ChatTemplateError(.raised, try text(of: values[0] ?? .none), line: line)
        case .strftimeNow:
            let values = try arguments.bound(to: ["format"], required: 1, of: function.rawValue)
            guard let format = values[0]?.text else { throw .evaluation("strftime() argument 1 must be str") }
            return .string(clock.text(format: format))
        }
    }

    private func makeRange(_ arguments: CallArguments) throws(ChatTemplateError) -> TemplateRange {
        let values = arguments.positional
        guard arguments.named.isEmpty else { throw .evaluation("range() takes no keyword arguments") }
        guard (1...3).contains(values.count) else {
            throw .evaluation("range expected 1 to 3 arguments, got \(values.count)")
        }
        var numbers: [Int] = []
        for value in values {
            guard let number = value.index else {
                throw .evaluation("'\(value.typeName)' object cannot be interpreted as an integer")
            }
            numbers.append(number)
        }
        let step = numbers.count > 2 ? numbers[2] : 1
        guard step != 0 else { throw .evaluation("range() arg 3 must not be zero") }
        let (start, stop) = numbers.count == 1 ? (0, numbers[0]) : (numbers[0], numbers[1])
        guard let range = TemplateRange(start: start, stop: stop, step: step), range.count <= limits.rangeCount else {
            throw .limit("Range too big. The sandbox blocks ranges larger than MAX_RANGE (\(limits.rangeCount)).")
        }
        return range
    }

    private func makeMapping(_ arguments: CallArguments) throws(ChatTemplateError) -> TemplateMapping {
        guard arguments.positional.count <= 1 else {
            throw .evaluation("dict expected at most 1 argument, got \(arguments.positional.count)")
        }
        var mapping = TemplateMapping()
        switch arguments.positional.first {
        case nil: break
        case .mapping(let start): mapping = start
        case .undefined(let undefined): throw undefined.error
        case .some(let pairs):
            for (index, pair) in try elements(of: pairs).enumerated() {
                let parts = try elements(of: pair)
                guard parts.count == 2 else {
                    throw .evaluation(
                        "dictionary update sequence element #\(index) has length \(parts.count); 2 is required")
                }
                try mapping.set(parts[0], parts[1])
            }
        }
        for (name, value) in arguments.named { try mapping.set(name, value) }
        return mapping
    }

    // MARK: Methods of values that are not text

    func call(_ method: BoundMethod, _ arguments: CallArguments) throws(ChatTemplateError) -> TemplateValue {
        switch method.receiver {
        case .string(let text), .markup(let text):
            guard let name = StringMethod(named: method.name) else { throw .evaluation("not callable") }
            return try call(name, on: text, arguments)
        case .mapping(let mapping): return try call(method.name, on: mapping, arguments)
        case .loop(let loop): return try call(method.name, on: loop, arguments)
        case .list where method.name == "copy":
            _ = try arguments.bound(to: [], of: method.name)
            return method.receiver
        default: return try find(method.name, in: elements(of: method.receiver), arguments)
        }
    }

    private func call(
        _ name: String, on mapping: TemplateMapping, _ arguments: CallArguments
    ) throws(ChatTemplateError) -> TemplateValue {
        if name == "get" {
            let values = try arguments.bound(to: ["key", "default"], required: 1, of: name)
            return mapping[try MappingKey(values[0] ?? .none)] ?? values[1] ?? .none
        }
        _ = try arguments.bound(to: [], of: name)
        try charge(mapping.count)
        switch name {
        case "items": return .view(TemplateMappingView(part: .items, elements: try TemplateSequence(pairs(mapping))))
        case "keys": return .view(TemplateMappingView(part: .keys, elements: try TemplateSequence(mapping.keys)))
        case "values": return .view(TemplateMappingView(part: .values, elements: try TemplateSequence(mapping.values)))
        default: return .mapping(mapping)
        }
    }

    func pairs(_ mapping: TemplateMapping) throws(ChatTemplateError) -> [TemplateValue] {
        var pairs: [TemplateValue] = []
        pairs.reserveCapacity(mapping.count)
        for (key, value) in zip(mapping.keys, mapping.values) { pairs.append(try .tuple([key, value])) }
        return pairs
    }

    private func call(
        _ name: String, on loop: TemplateLoop, _ arguments: CallArguments
    ) throws(ChatTemplateError) -> TemplateValue {
        if name == "cycle" {
            guard !arguments.positional.isEmpty else { throw .evaluation("no items for cycling given") }
            return arguments.positional[loop.index % arguments.positional.count]
        }
        if let last = loop.lastChanged, try areEqual(.tuple(last), .tuple(arguments.positional)) {
            return .bool(false)
        }
        loop.lastChanged = arguments.positional
        return .bool(true)
    }

    /// `index` and `count` of a sequence.
    private func find(
        _ name: String, in items: [TemplateValue], _ arguments: CallArguments
    ) throws(ChatTemplateError) -> TemplateValue {
        let values = try arguments.bound(to: ["value", "start", "stop"], required: 1, of: name)
        let wanted = values[0] ?? .none
        let start = try offset(values[1], count: items.count) ?? 0
        let stop = try offset(values[2], count: items.count) ?? items.count
        var count = 0
        for (index, item) in items.enumerated() where index >= start && index < stop {
            guard try areEqual(item, wanted) else { continue }
            if name == "index" { return .integer(index) }
            count += 1
        }
        if name == "index" { throw .evaluation("\(try representation(of: wanted)) is not in list") }
        return .integer(count)
    }

    /// A position argument counted from the end when negative, kept within the bounds.
    func offset(_ value: TemplateValue?, count: Int) throws(ChatTemplateError) -> Int? {
        guard let value, !value.isNone else { return nil }
        guard let index = value.index else {
            throw .evaluation("slice indices must be integers or None or have an __index__ method")
        }
        return index < 0 ? max(0, index.addingReportingOverflow(count).partialValue) : min(index, count)
    }
}
