extension Renderer {
    func isIterable(_ value: TemplateValue) -> Bool {
        switch value {
        case .undefined, .string, .markup, .list, .tuple, .mapping, .view, .range, .iterator, .loop: true
        default: false
        }
    }

    /// What a loop over the value would see.
    func elements(of value: TemplateValue) throws(ChatTemplateError) -> [TemplateValue] {
        let items: [TemplateValue]
        switch value {
        case .undefined: return []
        case .string(let text), .markup(let text):
            try charge(text.utf8.count)
            items = text.unicodeScalars.map { .string(String(Character($0))) }
        case .list(let sequence), .tuple(let sequence): items = sequence.items
        case .mapping(let mapping): items = mapping.keys
        case .view(let view): items = view.elements.items
        case .range(let range): items = range.elements
        case .iterator(let iterator): items = iterator.drain()
        default: throw .evaluation("'\(value.typeName)' object is not iterable")
        }
        try charge(items.count)
        return items
    }

    /// Python's `len`.
    func length(of value: TemplateValue) throws(ChatTemplateError) -> Int {
        switch value {
        case .undefined: return 0
        case .string(let text), .markup(let text):
            try charge(bytes: text.utf8.count)
            return text.unicodeScalars.count
        case .list(let sequence), .tuple(let sequence): return sequence.items.count
        case .mapping(let mapping): return mapping.count
        case .view(let view): return view.elements.items.count
        case .range(let range): return range.count
        case .loop(let loop): return loop.items.count
        default: throw .evaluation("object of type '\(value.typeName)' has no len()")
        }
    }

    /// A stable sort, as Python's is.
    func sorted(
        _ items: [TemplateValue], by key: (TemplateValue) throws(ChatTemplateError) -> TemplateValue, descending: Bool
    ) throws(ChatTemplateError) -> [TemplateValue] {
        var keyed: [(key: TemplateValue, value: TemplateValue)] = []
        for item in items { keyed.append((try key(item), item)) }
        // Reversed before and after, so that equal elements keep their order.
        if descending { keyed.reverse() }
        var result = try mergeSorted(keyed[...])
        if descending { result.reverse() }
        return result.map(\.value)
    }

    private func mergeSorted(
        _ items: ArraySlice<(key: TemplateValue, value: TemplateValue)>
    ) throws(ChatTemplateError) -> [(key: TemplateValue, value: TemplateValue)] {
        guard items.count > 1 else { return Array(items) }
        let middle = items.startIndex + items.count / 2
        let left = try mergeSorted(items[..<middle])
        let right = try mergeSorted(items[middle...])
        var merged: [(key: TemplateValue, value: TemplateValue)] = []
        merged.reserveCapacity(items.count)
        var (first, second) = (0, 0)
        while first < left.count, second < right.count {
            if try isLess(right[second].key, left[first].key) {
                merged.append(right[second])
                second += 1
            } else {
                merged.append(left[first])
                first += 1
            }
        }
        return merged + left[first...] + right[second...]
    }
}
