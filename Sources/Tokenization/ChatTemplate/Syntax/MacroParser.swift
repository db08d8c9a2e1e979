/// Macros and call blocks.
extension TemplateParser {
    mutating func parseMacro() throws(ChatTemplateError) -> Statement.Kind {
        let name = try expectName()
        let parameters = try parseSignature()
        return .macro(try parseMacroBody(named: name, parameters: parameters, until: "endmacro"))
    }

    mutating func parseCallBlock(line: Int) throws(ChatTemplateError) -> Statement.Kind {
        let parameters = isAt(.leftParenthesis) ? try parseSignature() : []
        let call = try parseExpression()
        guard case .call(let callee, let arguments) = call.kind else { throw .syntax("expected call", line: line) }
        let caller = try parseMacroBody(named: "caller", parameters: parameters, until: "endcall")
        return .callBlock(call: call, callee: callee, arguments: arguments, caller: caller)
    }

    private mutating func parseSignature() throws(ChatTemplateError) -> [(symbol: Symbol, fallback: Expression?)] {
        var parameters: [(symbol: Symbol, fallback: Expression?)] = []
        try expect(.leftParenthesis)
        while !isAt(.rightParenthesis) {
            if !parameters.isEmpty { try expect(.comma) }
            let name = try expectName()
            var fallback: Expression?
            if skip(.assign) {
                fallback = try parseExpression()
            } else if parameters.last?.fallback != nil {
                throw .syntax("non-default argument follows default argument", line: line)
            }
            parameters.append((symbols.symbol(name), fallback))
        }
        try expect(.rightParenthesis)
        return parameters
    }

    private mutating func parseMacroBody(
        named name: String, parameters: [(symbol: Symbol, fallback: Expression?)], until end: String
    ) throws(ChatTemplateError) -> MacroSyntax {
        specialNames.append([])
        defer { specialNames.removeLast() }
        let body = try parseIsolated { parser throws(ChatTemplateError) in
            try parser.parseBlock(until: [end], drops: true)
        }
        let used = (specialNames.last ?? []).subtracting(parameters.map(\.symbol.text))
        return MacroSyntax(
            symbol: symbols.symbol(name), parameters: parameters, body: body,
            caller: used.contains("caller") ? symbols.symbol("caller") : nil,
            spread: used.contains("varargs") ? symbols.symbol("varargs") : nil,
            namedSpread: used.contains("kwargs") ? symbols.symbol("kwargs") : nil)
    }

    /// A body from which `break` cannot reach the loops around it.
    mutating func parseIsolated(
        _ parse: (inout TemplateParser) throws(ChatTemplateError) -> [Statement]
    ) throws(ChatTemplateError) -> [Statement] {
        let outerLoops = loopDepth
        loopDepth = 0
        defer { loopDepth = outerLoops }
        return try confirming(parse)
    }

    /// A body whose unknown filters no conditional around it excuses.
    mutating func confirming(
        _ parse: (inout TemplateParser) throws(ChatTemplateError) -> [Statement]
    ) throws(ChatTemplateError) -> [Statement] {
        let mark = unknownNames.count
        let body = try parse(&self)
        confirmedUnknownNames += unknownNames[mark...]
        unknownNames.removeSubrange(mark...)
        return body
    }
}
