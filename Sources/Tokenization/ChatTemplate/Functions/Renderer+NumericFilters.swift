extension Renderer {
    func applyNumeric(
        _ filter: TemplateFilter, to value: TemplateValue, _ arguments: CallArguments
    ) throws(ChatTemplateError) -> TemplateValue {
        switch filter {
        case .abs:
            _ = try arguments.bound(to: [], of: "abs")
            if case .number(let number) = value { return .number(number.magnitude) }
            guard let integer = value.index else {
                throw .evaluation("bad operand type for abs(): '\(value.typeName)'")
            }
            return integer < 0 ? try negate(.integer(integer)) : .integer(integer)
        case .int: return try toInteger(value, arguments)
        case .float:
            let values = try arguments.bound(to: ["default"], of: "float")
            return try toNumber(value).map { .number($0) } ?? values[0] ?? .number(0)
        case .round: return try round(value, arguments)
        case .sum: return try sum(value, arguments)
        default: return try extreme(filter, of: value, arguments)
        }
    }

    /// Python's `float(value)`, or nil where it raises an error that the filters swallow.
    private func toNumber(_ value: TemplateValue) throws(ChatTemplateError) -> Double? {
        if case .undefined(let undefined) = value { throw undefined.error }
        return number(value) ?? value.text.flatMap(PythonNumber.number)
    }

    private func toInteger(_ value: TemplateValue, _ arguments: CallArguments) throws(ChatTemplateError)
        -> TemplateValue
    {
        let values = try arguments.bound(to: ["default", "base"], of: "int")
        let base = try integer(values[1] ?? .integer(10))
        if let text = value.text, let integer = PythonNumber.integer(text, base: base) { return .integer(integer) }
        if let integer = value.index { return .integer(integer) }
        let fallback = values[0] ?? .integer(0)
        guard let number = try toNumber(value) else { return fallback }
        guard number.isFinite else {
            if case .number = value, number.isInfinite {
                throw .evaluation("cannot convert float infinity to integer")
            }
            return fallback
        }
        guard let integer = Int(exactly: number.rounded(.towardZero)) else {
            throw .limit("an integer is out of range")
        }
        return .integer(integer)
    }

    private func round(_ value: TemplateValue, _ arguments: CallArguments) throws(ChatTemplateError) -> TemplateValue {
        let values = try arguments.bound(to: ["precision", "method"], of: "round")
        let precision = try integer(values[0] ?? .integer(0))
        let method = values[1]?.text ?? "common"
        guard ["common", "ceil", "floor"].contains(method) else {
            throw .evaluation("method must be common, ceil or floor")
        }
        guard let number = number(value) else {
            throw .evaluation("type \(value.typeName) doesn't define __round__ method")
        }
        if method == "common" {
            if let integer = value.index, precision >= 0 { return .integer(integer) }
            let rounded = PythonMath.round(number, digits: precision)
            return value.index == nil ? .number(rounded) : .integer(Int(exactly: rounded) ?? 0)
        }
        let scale = PythonMath.power(10, Double(precision))
        let scaled = (number * scale).rounded(method == "ceil" ? .up : .down)
        guard scaled.isFinite else { throw .evaluation("cannot convert float infinity to integer") }
        // Python divides two integers unless the precision is negative; either way the result is a float.
        return .number(scaled / scale)
    }

    private func sum(_ value: TemplateValue, _ arguments: CallArguments) throws(ChatTemplateError) -> TemplateValue {
        let values = try arguments.bound(to: ["attribute", "start"], of: "sum")
        var items = try elements(of: value)
        if let path = values[0], !path.isNone { items = try follow(attributePath(path), from: items) }
        var total = values[1] ?? .integer(0)
        if total.text != nil { throw .evaluation("sum() can't sum strings [use ''.join(seq) instead]") }
        for item in items { total = try apply(.add, total, item) }
        return total
    }

    private func extreme(
        _ filter: TemplateFilter, of value: TemplateValue, _ arguments: CallArguments
    ) throws(ChatTemplateError) -> TemplateValue {
        let values = try arguments.bound(to: ["case_sensitive", "attribute"], of: filter.rawValue)
        let isCaseSensitive = values[0].map(isTrue) ?? false
        let path = try attributePath(values[1] ?? .none)
        var best: (key: TemplateValue, item: TemplateValue)?
        for item in try elements(of: value) {
            let key = foldingCase(try follow(path, from: item), unless: isCaseSensitive)
            guard let current = best else {
                best = (key, item)
                continue
            }
            let isBetter =
                filter == .min
                ? try isLess(key, current.key) : try isLess(current.key, key, sign: ">", isSwapped: true)
            if isBetter { best = (key, item) }
        }
        return best?.item ?? UndefinedValue.hint("No aggregated item, sequence was empty.")
    }
}
