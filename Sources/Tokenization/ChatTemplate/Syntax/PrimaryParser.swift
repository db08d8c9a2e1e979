/// Names, literals and brackets.
extension TemplateParser {
    mutating func parsePrimary() throws(ChatTemplateError) -> Expression {
        let token = current
        switch token.kind {
        case .name(let name):
            next()
            return try make(nameKind(name), line: token.line)
        case .string(let first):
            next()
            var value = first
            while case .string(let more) = current.kind {
                value += more
                next()
            }
            return try make(.string(value), line: token.line)
        case .integer(let value):
            next()
            return try make(.integer(value), line: token.line)
        case .number(let value):
            next()
            return try make(.number(value), line: token.line)
        case .symbol(.leftParenthesis):
            next()
            let inner = try parseTuple(isParenthesised: true)
            try expect(.rightParenthesis)
            return inner
        case .symbol(.leftBracket): return try parseList()
        case .symbol(.leftBrace): return try parseMapping()
        default: throw .syntax("unexpected '\(token.description)'", line: token.line)
        }
    }

    private mutating func nameKind(_ name: String) -> Expression.Kind {
        switch name {
        case "true", "True": return .bool(true)
        case "false", "False": return .bool(false)
        case "none", "None": return .none
        default:
            noteUse(of: name)
            return .name(symbols.symbol(name))
        }
    }

    /// One expression, or several between commas as a tuple.
    mutating func parseTuple(
        allowsConditional: Bool = true, endsAt word: String? = nil, isParenthesised: Bool = false
    ) throws(ChatTemplateError) -> Expression {
        let line = line
        var items: [Expression] = []
        var isTuple = false
        while true {
            if !items.isEmpty { try expect(.comma) }
            if isTupleEnd(word) { break }
            items.append(try parseExpression(allowsConditional: allowsConditional))
            guard isAt(.comma) else { break }
            isTuple = true
        }
        if !isTuple {
            if let only = items.first { return only }
            guard isParenthesised else {
                throw .syntax("Expected an expression, got '\(current.description)'", line: self.line)
            }
        }
        return try make(.tuple(items), over: items, line: line)
    }

    func isTupleEnd(_ word: String?) -> Bool {
        switch current.kind {
        case .variableEnd, .blockEnd, .symbol(.rightParenthesis): true
        case .name(let name): name == word
        default: false
        }
    }

    private mutating func parseList() throws(ChatTemplateError) -> Expression {
        let line = next().line
        var items: [Expression] = []
        while !isAt(.rightBracket) {
            if !items.isEmpty { try expect(.comma) }
            if isAt(.rightBracket) { break }
            items.append(try parseExpression())
        }
        try expect(.rightBracket)
        return try make(.list(items), over: items, line: line)
    }

    private mutating func parseMapping() throws(ChatTemplateError) -> Expression {
        let line = next().line
        var members: [(key: Expression, value: Expression)] = []
        while !isAt(.rightBrace) {
            if !members.isEmpty { try expect(.comma) }
            if isAt(.rightBrace) { break }
            let key = try parseExpression()
            try expect(.colon)
            members.append((key, try parseExpression()))
        }
        try expect(.rightBrace)
        return try make(.mapping(members), over: members.flatMap { [$0.key, $0.value] }, line: line)
    }
}
