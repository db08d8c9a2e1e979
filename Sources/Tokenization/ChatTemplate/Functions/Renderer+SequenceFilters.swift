extension Renderer {
    func applySequence(
        _ filter: TemplateFilter, to value: TemplateValue, _ arguments: CallArguments
    ) throws(ChatTemplateError) -> TemplateValue {
        switch filter {
        case .sort: return try sort(value, arguments)
        case .dictsort: return try sortMapping(value, arguments)
        case .unique: return try unique(value, arguments)
        case .groupby: return try group(value, arguments)
        case .batch, .slice: return try cut(filter, value, arguments)
        default: break
        }
        _ = try arguments.bound(to: [], of: filter.rawValue)
        switch filter {
        case .length: return .integer(try length(of: value))
        case .list: return try .list(elements(of: value))
        case .first: return try first(of: value)
        case .last: return try last(of: value)
        case .items:
            if value.isUndefined { return .iterator(try TemplateIterator([])) }
            guard case .mapping(let mapping) = value else {
                throw .evaluation("Can only get item pairs from a mapping.")
            }
            return .iterator(try TemplateIterator(pairs(mapping)))
        default: return try reversed(value)
        }
    }

    private func first(of value: TemplateValue) throws(ChatTemplateError) -> TemplateValue {
        let first: TemplateValue?
        switch value {
        case .iterator(let iterator): first = iterator.next()
        case .list(let sequence), .tuple(let sequence): first = sequence.items.first
        default: first = try elements(of: value).first
        }
        return first ?? UndefinedValue.hint("No first item, sequence was empty.")
    }

    private func last(of value: TemplateValue) throws(ChatTemplateError) -> TemplateValue {
        if case .iterator(let iterator) = value {
            throw .evaluation("'\(iterator.typeName)' object is not reversible")
        }
        if case .list(let sequence) = value, let last = sequence.items.last { return last }
        guard isIterable(value) else { throw .evaluation("'\(value.typeName)' object is not reversible") }
        return try elements(of: value).last ?? UndefinedValue.hint("No last item, sequence was empty.")
    }

    private func reversed(_ value: TemplateValue) throws(ChatTemplateError) -> TemplateValue {
        switch value {
        case .string(let text): return .string(PythonString.string(text.unicodeScalars.reversed()))
        case .markup(let text): return .markup(PythonString.string(text.unicodeScalars.reversed()))
        case .iterator(let iterator): return try .list(iterator.drain().reversed())
        case .list:
            return .iterator(try TemplateIterator(elements(of: value).reversed(), typeName: "list_reverseiterator"))
        default:
            guard isIterable(value) else { throw .evaluation("argument must be iterable") }
            return .iterator(try TemplateIterator(elements(of: value).reversed(), typeName: "reversed"))
        }
    }

    // MARK: Order

    private func sort(_ value: TemplateValue, _ arguments: CallArguments) throws(ChatTemplateError) -> TemplateValue {
        let values = try arguments.bound(to: ["reverse", "case_sensitive", "attribute"], of: "sort")
        let isCaseSensitive = values[1].map(isTrue) ?? false
        var paths: [[TemplateValue]] = [[]]
        if let text = values[2]?.text {
            paths = text.split(separator: ",", omittingEmptySubsequences: false).map { Self.path(String($0)) }
        } else if let attribute = values[2] {
            paths = [try attributePath(attribute)]
        }
        let key = { (item: TemplateValue) throws(ChatTemplateError) -> TemplateValue in
            var parts: [TemplateValue] = []
            for path in paths {
                parts.append(self.foldingCase(try self.follow(path, from: item), unless: isCaseSensitive))
            }
            return try .list(parts)
        }
        return try .list(sorted(elements(of: value), by: key, descending: values[0].map(isTrue) ?? false))
    }

    private func sortMapping(
        _ value: TemplateValue, _ arguments: CallArguments
    ) throws(ChatTemplateError) -> TemplateValue {
        let values = try arguments.bound(to: ["case_sensitive", "by", "reverse"], of: "dictsort")
        let isCaseSensitive = values[0].map(isTrue) ?? false
        let by = values[1]?.text ?? "key"
        guard by == "key" || by == "value" else {
            throw .evaluation("You can only sort by either \"key\" or \"value\"")
        }
        if case .undefined(let undefined) = value { throw undefined.error }
        guard case .mapping(let mapping) = value else {
            throw .evaluation("'\(value.typeName)' object has no attribute 'items'")
        }
        let key = { (pair: TemplateValue) throws(ChatTemplateError) -> TemplateValue in
            guard case .tuple(let parts) = pair else { return pair }
            return self.foldingCase(parts.items[by == "key" ? 0 : 1], unless: isCaseSensitive)
        }
        return try .list(sorted(pairs(mapping), by: key, descending: values[2].map(isTrue) ?? false))
    }

    private func unique(_ value: TemplateValue, _ arguments: CallArguments) throws(ChatTemplateError) -> TemplateValue {
        let values = try arguments.bound(to: ["case_sensitive", "attribute"], of: "unique")
        let isCaseSensitive = values[0].map(isTrue) ?? false
        let path = try attributePath(values[1] ?? .none)
        var seen: Set<MappingKey> = []
        var items: [TemplateValue] = []
        for item in try elements(of: value) {
            let key = foldingCase(try follow(path, from: item), unless: isCaseSensitive)
            if seen.insert(try MappingKey(key)).inserted { items.append(item) }
        }
        return .iterator(try TemplateIterator(items))
    }

    private func group(_ value: TemplateValue, _ arguments: CallArguments) throws(ChatTemplateError) -> TemplateValue {
        let values = try arguments.bound(to: ["attribute", "default", "case_sensitive"], required: 1, of: "groupby")
        let path = try attributePath(values[0] ?? .none)
        let isCaseSensitive = values[2].map(isTrue) ?? false
        let rawKey = { (item: TemplateValue) throws(ChatTemplateError) -> TemplateValue in
            let found = try self.follow(path, from: item)
            return found.isUndefined ? values[1] ?? found : found
        }
        let key = { (item: TemplateValue) throws(ChatTemplateError) -> TemplateValue in
            self.foldingCase(try rawKey(item), unless: isCaseSensitive)
        }
        var groups: [(key: TemplateValue, items: [TemplateValue])] = []
        for item in try sorted(elements(of: value), by: key, descending: false) {
            let itemKey = try key(item)
            if let last = groups.last, try areEqual(last.key, itemKey) {
                groups[groups.count - 1].items.append(item)
            } else {
                groups.append((itemKey, [item]))
            }
        }
        var result: [TemplateValue] = []
        for group in groups { result.append(try .tuple([try rawKey(group.items[0]), try .list(group.items)])) }
        return try .list(result)
    }

    private func cut(
        _ filter: TemplateFilter, _ value: TemplateValue, _ arguments: CallArguments
    ) throws(ChatTemplateError) -> TemplateValue {
        let values = try arguments.bound(to: ["count", "fill_with"], required: 1, of: filter.rawValue)
        let count = try integer(values[0] ?? .none)
        let fill = values[1].flatMap { $0.isNone ? nil : $0 }
        let items = try elements(of: value)
        var parts: [TemplateValue] = []
        guard count > 0 else {
            if filter == .batch { throw .evaluation("batch() needs a positive count") }
            if count == 0 { throw .evaluation("integer division or modulo by zero") }
            return .iterator(try TemplateIterator([]))
        }
        try charge(count)
        guard count <= limits.rangeCount else { throw .limit("\(filter.rawValue)() makes too many elements") }
        if filter == .batch {
            for start in stride(from: 0, to: items.count, by: count) {
                var part = Array(items[start..<min(start + count, items.count)])
                if let fill { part += Array(repeating: fill, count: count - part.count) }
                parts.append(try .list(part))
            }
            return .iterator(try TemplateIterator(parts))
        }
        let (size, extra) = items.count.quotientAndRemainder(dividingBy: count)
        var start = 0
        for index in 0..<count {
            let end = start + size + (index < extra ? 1 : 0)
            var part = Array(items[start..<end])
            if let fill, index >= extra { part.append(fill) }
            parts.append(try .list(part))
            start = end
        }
        return .iterator(try TemplateIterator(parts))
    }
}
