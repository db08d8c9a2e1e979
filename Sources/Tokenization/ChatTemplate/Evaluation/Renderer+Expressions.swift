extension Renderer {
    func evaluate(_ expression: Expression, in scope: TemplateScope) throws(ChatTemplateError) -> TemplateValue {
        try enter()
        defer { leave() }
        switch expression.kind {
        case .none: return .none
        case .bool(let value): return .bool(value)
        case .integer(let value): return .integer(value)
        case .number(let value): return .number(value)
        case .string(let value): return .string(value)
        case .name(let symbol): return lookUp(symbol, in: scope)
        case .attribute(let value, let name): return try attribute(name, of: evaluate(value, in: scope))
        case .element(let value, let key):
            let value = try evaluate(value, in: scope)
            return try element(evaluate(key, in: scope), of: value)
        case .slice(let value, let bounds): return try slice(evaluate(value, in: scope), bounds, in: scope)
        case .call(let callee, let arguments): return try evaluateCall(callee, arguments, in: scope)
        case .filter(let value, let filter): return try apply(filter, to: evaluate(value, in: scope), in: scope)
        case .test(let value, let test): return .bool(try passes(test, evaluate(value, in: scope), in: scope))
        default: return try evaluateOperation(expression, in: scope)
        }
    }

    private func evaluateOperation(
        _ expression: Expression, in scope: TemplateScope
    ) throws(ChatTemplateError) -> TemplateValue {
        switch expression.kind {
        case .negate(let operand): return try negate(evaluate(operand, in: scope))
        case .positive(let operand): return try positive(evaluate(operand, in: scope))
        case .not(let operand): return .bool(try !isTrue(evaluate(operand, in: scope)))
        case .and(let left, let right):
            let value = try evaluate(left, in: scope)
            return try isTrue(value) ? evaluate(right, in: scope) : value
        case .or(let left, let right):
            let value = try evaluate(left, in: scope)
            return try isTrue(value) ? value : evaluate(right, in: scope)
        case .binary(let operation, let left, let right):
            return try apply(operation, evaluate(left, in: scope), evaluate(right, in: scope))
        case .compare(let first, let rest): return try evaluateComparison(first, rest, in: scope)
        case .conditional(let test, let then, let otherwise):
            return try evaluateConditional(test, then, otherwise, line: expression.line, in: scope)
        default: return try evaluateCollection(expression, in: scope)
        }
    }

    private func evaluateCollection(
        _ expression: Expression, in scope: TemplateScope
    ) throws(ChatTemplateError) -> TemplateValue {
        switch expression.kind {
        case .concatenate(let parts):
            var output = ""
            for part in parts { try append(text(of: evaluate(part, in: scope)), to: &output) }
            return .string(output)
        case .list(let items): return try .list(evaluate(items, in: scope))
        case .tuple(let items): return try .tuple(evaluate(items, in: scope))
        case .mapping(let members):
            var mapping = TemplateMapping()
            for (key, value) in members {
                try mapping.set(try evaluate(key, in: scope), try evaluate(value, in: scope))
            }
            return .mapping(mapping)
        default: throw .evaluation("an expression of an unknown kind")
        }
    }

    func evaluate(_ items: [Expression], in scope: TemplateScope) throws(ChatTemplateError) -> [TemplateValue] {
        var values: [TemplateValue] = []
        values.reserveCapacity(items.count)
        for item in items { values.append(try evaluate(item, in: scope)) }
        return values
    }

    private func evaluateConditional(
        _ test: Expression, _ then: Expression, _ otherwise: Expression?, line: Int, in scope: TemplateScope
    ) throws(ChatTemplateError) -> TemplateValue {
        if try isTrue(evaluate(test, in: scope)) { return try evaluate(then, in: scope) }
        if let otherwise { return try evaluate(otherwise, in: scope) }
        return UndefinedValue.hint(
            "the inline if-expression on line \(line) evaluated to false and no else section was defined.")
    }

    private func evaluateComparison(
        _ first: Expression, _ rest: [(comparison: ComparisonOperator, operand: Expression)], in scope: TemplateScope
    ) throws(ChatTemplateError) -> TemplateValue {
        var left = try evaluate(first, in: scope)
        for (comparison, operand) in rest {
            let right = try evaluate(operand, in: scope)
            guard try holds(comparison, left, right) else { return .bool(false) }
            left = right
        }
        return .bool(true)
    }
}
