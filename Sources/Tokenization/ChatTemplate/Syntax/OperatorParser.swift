/// Expressions, from the loosest binding operator to the tightest.
extension TemplateParser {
    mutating func parseExpression(allowsConditional: Bool = true) throws(ChatTemplateError) -> Expression {
        try enter()
        defer { leave() }
        return allowsConditional ? try parseConditional() : try parseOr()
    }

    private mutating func parseConditional() throws(ChatTemplateError) -> Expression {
        let mark = unknownNames.count
        var line = line
        var result = try parseOr()
        while skip(word: "if") {
            let test = try parseOr()
            var otherwise: Expression?
            if skip(word: "else") { otherwise = try parseExpression() }
            let parts = [test, result] + (otherwise.map { [$0] } ?? [])
            result = try make(.conditional(test: test, then: result, otherwise: otherwise), over: parts, line: line)
            line = self.line
            unknownNames.removeSubrange(mark...)
        }
        return result
    }

    private mutating func parseOr() throws(ChatTemplateError) -> Expression {
        var left = try parseAnd()
        while isAt(word: "or") {
            let line = next().line
            let right = try parseAnd()
            left = try make(.or(left, right), over: [left, right], line: line)
        }
        return left
    }

    private mutating func parseAnd() throws(ChatTemplateError) -> Expression {
        var left = try parseNot()
        while isAt(word: "and") {
            let line = next().line
            let right = try parseNot()
            left = try make(.and(left, right), over: [left, right], line: line)
        }
        return left
    }

    private mutating func parseNot() throws(ChatTemplateError) -> Expression {
        guard isAt(word: "not") else { return try parseComparison() }
        let line = next().line
        try enter()
        defer { leave() }
        let operand = try parseNot()
        return try make(.not(operand), over: [operand], line: line)
    }

    private mutating func parseComparison() throws(ChatTemplateError) -> Expression {
        let line = line
        let left = try parseSum()
        var rest: [(comparison: ComparisonOperator, operand: Expression)] = []
        while let comparison = skipComparisonOperator() {
            rest.append((comparison, try parseSum()))
        }
        guard !rest.isEmpty else { return left }
        return try make(.compare(left, rest), over: [left] + rest.map(\.operand), line: line)
    }

    private mutating func skipComparisonOperator() -> ComparisonOperator? {
        switch current.kind {
        case .symbol(let symbol):
            guard let comparison = ComparisonOperator(rawValue: symbol.rawValue) else { return nil }
            next()
            return comparison
        case .name("in"):
            next()
            return .contained
        case .name("not") where lookahead.kind == .name("in"):
            next()
            next()
            return .notContained
        default: return nil
        }
    }

    private mutating func parseSum() throws(ChatTemplateError) -> Expression {
        var left = try parseConcatenation()
        while isAt(.add) || isAt(.subtract) {
            let operation: BinaryOperator = isAt(.add) ? .add : .subtract
            let line = next().line
            let right = try parseConcatenation()
            left = try make(.binary(operation, left, right), over: [left, right], line: line)
        }
        return left
    }

    private mutating func parseConcatenation() throws(ChatTemplateError) -> Expression {
        let line = line
        var parts = [try parseProduct()]
        while skip(.tilde) { parts.append(try parseProduct()) }
        return parts.count == 1 ? parts[0] : try make(.concatenate(parts), over: parts, line: line)
    }

    private mutating func parseProduct() throws(ChatTemplateError) -> Expression {
        var left = try parsePower()
        while let operation = productOperator {
            let line = next().line
            let right = try parsePower()
            left = try make(.binary(operation, left, right), over: [left, right], line: line)
        }
        return left
    }

    private var productOperator: BinaryOperator? {
        switch current.kind {
        case .symbol(.multiply): .multiply
        case .symbol(.divide): .divide
        case .symbol(.floorDivide): .floorDivide
        case .symbol(.modulo): .modulo
        default: nil
        }
    }

    private mutating func parsePower() throws(ChatTemplateError) -> Expression {
        var left = try parseUnary()
        while isAt(.power) {
            let line = next().line
            let right = try parseUnary()
            left = try make(.binary(.power, left, right), over: [left, right], line: line)
        }
        return left
    }

    private mutating func parseUnary(allowsFilters: Bool = true) throws(ChatTemplateError) -> Expression {
        try enter()
        defer { leave() }
        var result: Expression
        let line = line
        if skip(.subtract) {
            let operand = try parseUnary(allowsFilters: false)
            result = try make(.negate(operand), over: [operand], line: line)
        } else if skip(.add) {
            let operand = try parseUnary(allowsFilters: false)
            result = try make(.positive(operand), over: [operand], line: line)
        } else {
            result = try parsePrimary()
        }
        result = try parsePostfix(of: result)
        return allowsFilters ? try parseFilters(of: result) : result
    }
}
