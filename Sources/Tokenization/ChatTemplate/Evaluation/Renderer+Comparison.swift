extension Renderer {
    /// Python's truth of a value.
    func isTrue(_ value: TemplateValue) -> Bool {
        switch value {
        case .undefined, .none: false
        case .bool(let value): value
        case .integer(let value): value != 0
        case .number(let value): value != 0
        case .string(let text), .markup(let text): !text.isEmpty
        case .list(let sequence), .tuple(let sequence): !sequence.items.isEmpty
        case .mapping(let mapping): mapping.count > 0
        case .view(let view): !view.elements.items.isEmpty
        case .range(let range): range.count > 0
        default: true
        }
    }

    func holds(
        _ comparison: ComparisonOperator, _ left: TemplateValue, _ right: TemplateValue
    ) throws(ChatTemplateError) -> Bool {
        switch comparison {
        case .equal: try areEqual(left, right)
        case .notEqual: try !areEqual(left, right)
        case .less: try isLess(left, right, sign: "<")
        case .greater: try isLess(right, left, sign: ">", isSwapped: true)
        case .lessOrEqual: try isLessOrEqual(left, right, sign: "<=")
        case .greaterOrEqual: try isLessOrEqual(right, left, sign: ">=", isSwapped: true)
        case .contained: try contains(right, left)
        case .notContained: try !contains(right, left)
        }
    }

    func areEqual(_ left: TemplateValue, _ right: TemplateValue) throws(ChatTemplateError) -> Bool {
        try charge()
        switch (left, right) {
        case (.undefined, .undefined), (.none, .none): return true
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            return try areEqual(left.items, right.items)
        case (.mapping(let left), .mapping(let right)): return try areEqual(left, right)
        case (.range(let left), .range(let right)):
            return left.count == right.count
                && (left.count == 0 || left.start == right.start && (left.count == 1 || left.step == right.step))
        case (.namespace(let left), .namespace(let right)): return left === right
        case (.macro(let left), .macro(let right)): return left === right
        case (.iterator(let left), .iterator(let right)): return left === right
        case (.loop(let left), .loop(let right)): return left === right
        case (.function(let left), .function(let right)): return left == right
        default: break
        }
        if let left = left.text, let right = right.text {
            try charge(bytes: min(left.utf8.count, right.utf8.count))
            return PythonString.areEqual(left, right)
        }
        if let left = left.index, let right = right.index { return left == right }
        if let left = number(left), let right = number(right) { return left == right }
        return false
    }

    private func areEqual(_ left: [TemplateValue], _ right: [TemplateValue]) throws(ChatTemplateError) -> Bool {
        guard left.count == right.count else { return false }
        for (left, right) in zip(left, right) {
            guard try areEqual(left, right) else { return false }
        }
        return true
    }

    private func areEqual(_ left: TemplateMapping, _ right: TemplateMapping) throws(ChatTemplateError) -> Bool {
        guard left.count == right.count else { return false }
        for (key, value) in zip(left.keys, left.values) {
            guard let other = right[try MappingKey(key)], try areEqual(value, other) else { return false }
        }
        return true
    }

    // MARK: Order

    private func isLessOrEqual(
        _ left: TemplateValue, _ right: TemplateValue, sign: String, isSwapped: Bool = false
    ) throws(ChatTemplateError) -> Bool {
        if let left = number(left), let right = number(right) { return left <= right }
        if try isLess(left, right, sign: sign, isSwapped: isSwapped) { return true }
        return try areEqual(left, right)
    }

    /// Python's `<`. `sign` and `isSwapped` say what the template wrote, for the message.
    func isLess(
        _ left: TemplateValue, _ right: TemplateValue, sign: String = "<", isSwapped: Bool = false
    ) throws(ChatTemplateError) -> Bool {
        try charge()
        if let left = left.index, let right = right.index { return left < right }
        if let left = number(left), let right = number(right) { return left < right }
        if let left = left.text, let right = right.text {
            try charge(bytes: min(left.utf8.count, right.utf8.count))
            return PythonString.isLess(left, right)
        }
        switch (left, right) {
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            return try isLess(left.items, right.items, sign: sign, isSwapped: isSwapped)
        default: break
        }
        let (first, second) = isSwapped ? (right, left) : (left, right)
        if case .undefined(let undefined) = first { throw undefined.error }
        if case .undefined(let undefined) = second { throw undefined.error }
        throw .evaluation(
            "'\(sign)' not supported between instances of '\(first.typeName)' and '\(second.typeName)'")
    }

    private func isLess(
        _ left: [TemplateValue], _ right: [TemplateValue], sign: String, isSwapped: Bool
    ) throws(ChatTemplateError) -> Bool {
        for (left, right) in zip(left, right) {
            if try areEqual(left, right) { continue }
            return try isLess(left, right, sign: sign, isSwapped: isSwapped)
        }
        return left.count < right.count
    }

    // MARK: Membership

    func contains(_ container: TemplateValue, _ value: TemplateValue) throws(ChatTemplateError) -> Bool {
        switch container {
        case .string(let text), .markup(let text):
            guard let needle = value.text else {
                throw .evaluation("'in <string>' requires string as left operand, not \(value.typeName)")
            }
            try charge(bytes: text.utf8.count)
            return PythonSearch.contains(text, needle)
        case .mapping(let mapping): return mapping[try MappingKey(value)] != nil
        case .undefined: return false
        case .iterator(let iterator):
            while let item = iterator.next() {
                if try areEqual(item, value) { return true }
            }
            return false
        default:
            guard isIterable(container) else {
                throw .evaluation("argument of type '\(container.typeName)' is not iterable")
            }
            for item in try elements(of: container) {
                if try areEqual(item, value) { return true }
            }
            return false
        }
    }
}
