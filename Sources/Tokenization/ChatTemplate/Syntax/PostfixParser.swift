/// What follows a value: attributes, elements, calls, filters and tests.
extension TemplateParser {
    mutating func parsePostfix(of start: Expression) throws(ChatTemplateError) -> Expression {
        var result = start
        while true {
            if isAt(.dot) {
                result = try parseAttribute(of: result)
            } else if isAt(.leftBracket) {
                result = try parseElement(of: result)
            } else if isAt(.leftParenthesis) {
                result = try parseCall(of: result)
            } else {
                return result
            }
        }
    }

    mutating func parseFilters(of start: Expression) throws(ChatTemplateError) -> Expression {
        var result = start
        while true {
            if isAt(.pipe) {
                let line = next().line
                let filter = try parseFilterSyntax()
                result = try make(.filter(result, filter), over: [result] + filter.arguments.parts, line: line)
            } else if isAt(word: "is") {
                result = try parseTest(of: result)
            } else if isAt(.leftParenthesis) {
                result = try parseCall(of: result)
            } else {
                return result
            }
        }
    }

    private mutating func parseAttribute(of value: Expression) throws(ChatTemplateError) -> Expression {
        let line = next().line
        switch next().kind {
        case .name(let name): return try make(.attribute(value, name), over: [value], line: line)
        case .integer(let index):
            let index = try make(.integer(index), line: line)
            return try make(.element(value, index), over: [value, index], line: line)
        default: throw .syntax("expected name or number", line: line)
        }
    }

    private mutating func parseElement(of value: Expression) throws(ChatTemplateError) -> Expression {
        let line = next().line
        if let bounds = try parseSlice(startsWith: nil) {
            return try make(.slice(value, bounds), over: [value] + bounds.parts, line: line)
        }
        var keys: [Expression] = []
        while !isAt(.rightBracket) {
            if !keys.isEmpty { try expect(.comma) }
            keys.append(try parseExpression())
            if keys.count == 1, let bounds = try parseSlice(startsWith: keys[0]) {
                return try make(.slice(value, bounds), over: [value] + bounds.parts, line: line)
            }
        }
        try expect(.rightBracket)
        let key = keys.count == 1 ? keys[0] : try make(.tuple(keys), over: keys, line: line)
        return try make(.element(value, key), over: [value, key], line: line)
    }

    /// The rest of a slice and its closing bracket, when a colon stands here.
    private mutating func parseSlice(startsWith start: Expression?) throws(ChatTemplateError) -> SliceBounds? {
        guard skip(.colon) else { return nil }
        var bounds = SliceBounds(start: start)
        if !isAt(.colon), !isAt(.rightBracket) { bounds.stop = try parseExpression() }
        if skip(.colon), !isAt(.rightBracket) { bounds.step = try parseExpression() }
        try expect(.rightBracket)
        return bounds
    }

    private mutating func parseCall(of callee: Expression) throws(ChatTemplateError) -> Expression {
        let line = line
        let arguments = try parseArguments()
        return try make(.call(callee, arguments), over: [callee] + arguments.parts, line: line)
    }

    mutating func parseArguments() throws(ChatTemplateError) -> CallSyntax {
        let line = line
        try expect(.leftParenthesis)
        var arguments = CallSyntax()
        var isFirst = true
        while !isAt(.rightParenthesis) {
            if !isFirst {
                try expect(.comma)
                if isAt(.rightParenthesis) { break }
            }
            isFirst = false
            guard try parseArgument(into: &arguments) else {
                throw .syntax("invalid syntax for function call expression", line: line)
            }
        }
        try expect(.rightParenthesis)
        return arguments
    }

    /// False when an argument stands where its kind may not.
    private mutating func parseArgument(into arguments: inout CallSyntax) throws(ChatTemplateError) -> Bool {
        if skip(.multiply) {
            guard arguments.spread == nil, arguments.namedSpread == nil else { return false }
            arguments.spread = try parseExpression()
        } else if skip(.power) {
            guard arguments.namedSpread == nil else { return false }
            arguments.namedSpread = try parseExpression()
        } else if case .name(let name) = current.kind, lookahead.kind == .symbol(.assign) {
            guard arguments.namedSpread == nil else { return false }
            next()
            next()
            arguments.named.append((name, try parseExpression()))
        } else {
            guard arguments.spread == nil, arguments.namedSpread == nil, arguments.named.isEmpty else { return false }
            arguments.positional.append(try parseExpression())
        }
        return true
    }

    /// A filter's name and arguments, the pipe already read.
    mutating func parseFilterSyntax() throws(ChatTemplateError) -> FilterSyntax {
        let line = line
        let name = try parseDottedName()
        let arguments = isAt(.leftParenthesis) ? try parseArguments() : CallSyntax()
        let filter = TemplateFilter(named: name)
        if filter == nil { unknownNames.append(.syntax("No filter named '\(name)'.", line: line)) }
        return FilterSyntax(name: name, filter: filter, arguments: arguments)
    }

    private mutating func parseTest(of value: Expression) throws(ChatTemplateError) -> Expression {
        let line = next().line
        let isNegated = skip(word: "not")
        let name = try parseDottedName()
        var arguments = CallSyntax()
        if isAt(.leftParenthesis) {
            arguments = try parseArguments()
        } else if startsTestArgument {
            guard !isAt(word: "is") else { throw .syntax("You cannot chain multiple tests with is", line: self.line) }
            arguments.positional = [try parsePostfix(of: try parsePrimary())]
        }
        let test = TemplateTest(named: name)
        if test == nil { unknownNames.append(.syntax("No test named '\(name)'.", line: line)) }
        let syntax = TestSyntax(name: name, test: test, arguments: arguments)
        let result = try make(.test(value, syntax), over: [value] + arguments.parts, line: line)
        return isNegated ? try make(.not(result), over: [result], line: line) : result
    }

    /// Whether the word after a test's name is its argument, as in `x is divisibleby 3`.
    private var startsTestArgument: Bool {
        switch current.kind {
        case .name(let name): name != "else" && name != "or" && name != "and"
        case .string, .integer, .number, .symbol(.leftBracket), .symbol(.leftBrace): true
        default: false
        }
    }

    private mutating func parseDottedName() throws(ChatTemplateError) -> String {
        var name = try expectName()
        while skip(.dot) { name += "." + (try expectName()) }
        return name
    }
}
