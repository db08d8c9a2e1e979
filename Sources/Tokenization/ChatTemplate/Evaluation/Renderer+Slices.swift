extension Renderer {
    /// `value[start:stop:step]`.
    func slice(
        _ value: TemplateValue, _ bounds: SliceBounds, in scope: TemplateScope
    ) throws(ChatTemplateError) -> TemplateValue {
        let start = try sliceBound(bounds.start, in: scope)
        let stop = try sliceBound(bounds.stop, in: scope)
        let step = try sliceBound(bounds.step, in: scope)
        switch value {
        case .undefined(let undefined): throw undefined.error
        case .list(let sequence):
            return try .list(pick(indices(start, stop, step, count: sequence.items.count), from: sequence.items))
        case .tuple(let sequence):
            return try .tuple(pick(indices(start, stop, step, count: sequence.items.count), from: sequence.items))
        case .string(let text): return .string(try slice(text, start, stop, step))
        case .markup(let text): return .markup(try slice(text, start, stop, step))
        case .range(let range):
            let picked = try indices(start, stop, step, count: range.count)
            guard let first = picked.first else { return .range(range.empty) }
            let stride = picked.count > 1 ? picked[1] - first : (step ?? 1)
            return .range(range.part(first: first, count: picked.count, stride: stride))
        case .mapping: throw .evaluation("unhashable type: 'slice'")
        default: throw .evaluation("'\(value.typeName)' object is not subscriptable")
        }
    }

    private func sliceBound(_ bound: Expression?, in scope: TemplateScope) throws(ChatTemplateError) -> Int? {
        guard let bound else { return nil }
        let value = try evaluate(bound, in: scope)
        if value.isNone { return nil }
        guard let index = value.index else {
            throw .evaluation("slice indices must be integers or None or have an __index__ method")
        }
        return index
    }

    private func slice(_ text: String, _ start: Int?, _ stop: Int?, _ step: Int?) throws(ChatTemplateError) -> String {
        let scalars = Array(text.unicodeScalars)
        let picked = try indices(start, stop, step, count: scalars.count)
        return PythonString.string(picked.lazy.map { scalars[$0] })
    }

    private func pick(_ indices: [Int], from items: [TemplateValue]) throws(ChatTemplateError) -> [TemplateValue] {
        indices.map { items[$0] }
    }

    /// The positions a slice picks, by Python's rules.
    private func indices(
        _ start: Int?, _ stop: Int?, _ step: Int?, count: Int
    ) throws(ChatTemplateError) -> [Int] {
        let step = step ?? 1
        guard step != 0 else { throw .evaluation("slice step cannot be zero") }
        let lowest = step > 0 ? 0 : -1
        let highest = step > 0 ? count : count - 1
        let clamp = { (bound: Int) in
            bound < 0 ? max(bound.addingReportingOverflow(count).partialValue, lowest) : min(bound, highest)
        }
        let first = start.map(clamp) ?? (step > 0 ? 0 : count - 1)
        let end = stop.map(clamp) ?? (step > 0 ? count : -1)
        // No step beyond the count picks more than one element; a bounded one cannot overflow.
        let bounded = max(-count - 1, min(count + 1, step))
        let picked = Array(stride(from: first, to: end, by: bounded))
        try charge(picked.count)
        return picked
    }
}

extension TemplateRange {
    private init(start: Int, stop: Int, step: Int, count: Int) {
        self.start = start
        self.stop = stop
        self.step = step
        self.count = count
    }

    var empty: TemplateRange { TemplateRange(start: start, stop: start, step: step, count: 0) }

    /// Every `stride`th number of this range.
    func part(first: Int, count: Int, stride: Int) -> TemplateRange {
        let newStep = step &* stride
        return TemplateRange(
            start: element(first), stop: element(first) &+ newStep &* count, step: newStep, count: count)
    }
}
