/// How a list of statements ended.
enum StatementFlow { case completed, brokeLoop, continuedLoop }

extension Renderer {
    func execute(
        _ statements: [Statement], in scope: TemplateScope, into output: inout String
    ) throws(ChatTemplateError) -> StatementFlow {
        try enter()
        defer { leave() }
        for statement in statements {
            line = statement.line
            let flow = try execute(statement, in: scope, into: &output)
            if flow != .completed { return flow }
        }
        return .completed
    }

    private func execute(
        _ statement: Statement, in scope: TemplateScope, into output: inout String
    ) throws(ChatTemplateError) -> StatementFlow {
        try charge()
        switch statement.kind {
        case .text(let text): try append(text, to: &output)
        case .output(let expression): try append(text(of: evaluate(expression, in: scope)), to: &output)
        case .conditional(let branches, let otherwise):
            return try executeConditional(branches, otherwise, in: scope, into: &output)
        case .loop(let loop): return try executeLoop(loop, in: scope, into: &output)
        case .assign(let target, let expression):
            try assign(try evaluate(expression, in: scope), to: target, in: scope)
        case .assignBlock(let target, let filters, let body):
            var text = ""
            let flow = try execute(body, in: TemplateScope(parent: scope), into: &text)
            guard flow == .completed else { return flow }
            try assign(try apply(filters, to: .string(text), in: scope), to: target, in: scope)
        case .macro(let syntax): scope.set(syntax.symbol, .macro(makeMacro(syntax, scope: scope)))
        case .callBlock(_, let callee, let arguments, let caller):
            try append(
                text(of: executeCallBlock(callee, arguments, caller: caller, in: scope)), to: &output)
        case .filterBlock(let filters, let body):
            var text = ""
            let flow = try execute(body, in: TemplateScope(parent: scope), into: &text)
            guard flow == .completed else { return flow }
            try append(self.text(of: apply(filters, to: .string(text), in: scope)), to: &output)
        case .with(let values, let body):
            let inner = TemplateScope(parent: scope)
            for (target, value) in values { try assign(try evaluate(value, in: scope), to: target, in: inner) }
            return try execute(body, in: inner, into: &output)
        case .scope(let body): return try execute(body, in: TemplateScope(parent: scope), into: &output)
        case .breakLoop: return .brokeLoop
        case .continueLoop: return .continuedLoop
        }
        return .completed
    }

    private func executeConditional(
        _ branches: [(test: Expression, body: [Statement])], _ otherwise: [Statement], in scope: TemplateScope,
        into output: inout String
    ) throws(ChatTemplateError) -> StatementFlow {
        for (test, body) in branches {
            line = test.line
            if try isTrue(evaluate(test, in: scope)) { return try execute(body, in: scope, into: &output) }
        }
        return try execute(otherwise, in: scope, into: &output)
    }

    private func executeLoop(
        _ syntax: LoopSyntax, in scope: TemplateScope, into output: inout String
    ) throws(ChatTemplateError) -> StatementFlow {
        var items = try elements(of: evaluate(syntax.values, in: scope))
        if let condition = syntax.condition { items = try select(items, syntax.target, condition, in: scope) }
        guard !items.isEmpty else {
            return try execute(syntax.otherwise, in: TemplateScope(parent: scope), into: &output)
        }
        let loop = try TemplateLoop(items)
        for (index, item) in items.enumerated() {
            loop.index = index
            let inner = TemplateScope(parent: scope)
            inner.set(syntax.loopSymbol, .loop(loop))
            try assign(item, to: syntax.target, in: inner)
            if try execute(syntax.body, in: inner, into: &output) == .brokeLoop { break }
        }
        return .completed
    }

    private func select(
        _ items: [TemplateValue], _ target: AssignmentTarget, _ condition: Expression, in scope: TemplateScope
    ) throws(ChatTemplateError) -> [TemplateValue] {
        var selected: [TemplateValue] = []
        for item in items {
            let inner = TemplateScope(parent: scope)
            try assign(item, to: target, in: inner)
            if try isTrue(evaluate(condition, in: inner)) { selected.append(item) }
        }
        return selected
    }

    private func assign(
        _ value: TemplateValue, to target: AssignmentTarget, in scope: TemplateScope
    ) throws(ChatTemplateError) {
        switch target {
        case .name(let symbol): scope.set(symbol, value)
        case .namespace(let symbol, let attribute):
            guard case .namespace(let namespace) = lookUp(symbol, in: scope) else {
                throw .evaluation("cannot assign attribute on non-namespace object")
            }
            try namespace.set(attribute, value)
        case .tuple(let targets):
            let values = try unpack(value, count: targets.count)
            for (target, value) in zip(targets, values) { try assign(value, to: target, in: scope) }
        }
    }

    private func unpack(_ value: TemplateValue, count: Int) throws(ChatTemplateError) -> [TemplateValue] {
        guard isIterable(value) || value.isUndefined else {
            throw .evaluation("cannot unpack non-iterable \(value.typeName) object")
        }
        let values = try elements(of: value)
        if values.count > count { throw .evaluation("too many values to unpack (expected \(count))") }
        if values.count < count {
            throw .evaluation("not enough values to unpack (expected \(count), got \(values.count))")
        }
        return values
    }

    private func apply(
        _ filters: [FilterSyntax], to value: TemplateValue, in scope: TemplateScope
    ) throws(ChatTemplateError) -> TemplateValue {
        var value = value
        for filter in filters { value = try apply(filter, to: value, in: scope) }
        return value
    }
}
