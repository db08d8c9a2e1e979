extension Renderer {
    /// `value[start:stop:step]`.
    func slice(
        _ value: TemplateValue, _ bounds: SliceBounds, in scope: TemplateScope
    ) throws(ChatTemplateError) -> TemplateValue {
        let start = try sliceBound(bounds.start, in: scope)
        let stop = try sliceBound(bounds.stop, in: scope)
        let step = try sliceBound(bounds.step, in: scope)
        let window: SliceWindow
        switch value {
        case .undefined(let undefined): throw undefined.error
        case .mapping: throw .evaluation("unhashable type: 'slice'")
        case .string, .markup, .list, .tuple, .range:
            window = try SliceWindow(start, stop, step ?? 1, count: length(of: value))
        default: throw .evaluation("'\(value.typeName)' object is not subscriptable")
        }
        try charge(window.count)
        switch value {
        case .list(let sequence): return try .list(window.indices.map { sequence.items[$0] })
        case .tuple(let sequence): return try .tuple(window.indices.map { sequence.items[$0] })
        case .range(let range): return .range(range.part(window))
        case .markup(let text): return .markup(window.part(of: text))
        default: return .string(window.part(of: value.text ?? ""))
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
}

/// The positions a slice picks, by Python's rules.
private struct SliceWindow {
    let first, end, step, count: Int

    init(_ start: Int?, _ stop: Int?, _ step: Int, count: Int) throws(ChatTemplateError) {
        guard step != 0 else { throw .evaluation("slice step cannot be zero") }
        let lowest = step > 0 ? 0 : -1
        let highest = step > 0 ? count : count - 1
        let clamp = { (bound: Int) in
            bound < 0 ? max(bound.addingReportingOverflow(count).partialValue, lowest) : min(bound, highest)
        }
        first = start.map(clamp) ?? (step > 0 ? 0 : count - 1)
        end = stop.map(clamp) ?? (step > 0 ? count : -1)
        // No step beyond the count picks more than one element; a bounded one cannot overflow.
        self.step = max(-count - 1, min(count + 1, step))
        let distance = self.step > 0 ? end - first : first - end
        self.count = distance <= 0 ? 0 : (distance - 1) / abs(self.step) + 1
    }

    var indices: StrideTo<Int> { stride(from: first, to: end, by: step) }

    func part(of text: String) -> String {
        let scalars = Array(text.unicodeScalars)
        return PythonString.string(indices.lazy.map { scalars[$0] })
    }
}

extension TemplateRange {
    fileprivate func part(_ window: SliceWindow) -> TemplateRange {
        TemplateRange(
            start: element(window.first), stop: element(window.end), step: step &* window.step, count: window.count)
    }
}
