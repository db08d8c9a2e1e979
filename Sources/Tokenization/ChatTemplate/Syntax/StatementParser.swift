/// Text, output and block tags.
extension TemplateParser {
    /// Statements up to a tag that starts with one of these words; the word is then current.
    mutating func parseBody(until ends: Set<String>) throws(ChatTemplateError) -> [Statement] {
        try enter()
        defer { leave() }
        var body: [Statement] = []
        while true {
            let line = line
            switch current.kind {
            case .end:
                guard ends.isEmpty else { throw unclosed(ends) }
                return body
            case .text(let text):
                next()
                if !text.isEmpty { body.append(Statement(kind: .text(text), line: line)) }
            case .variableBegin:
                next()
                body.append(Statement(kind: .output(try parseTuple()), line: line))
                try expect(.variableEnd)
            default:
                next()
                if case .name(let word) = current.kind, ends.contains(word) { return body }
                body.append(Statement(kind: try parseStatement(), line: line))
                try expect(.blockEnd)
            }
        }
    }

    /// The rest of a tag's line, then its body; the closing word is current unless `drops`.
    mutating func parseBlock(until ends: Set<String>, drops: Bool = false) throws(ChatTemplateError) -> [Statement] {
        _ = skip(.colon)
        try expect(.blockEnd)
        let body = try parseBody(until: ends)
        if drops { next() }
        return body
    }

    private func unclosed(_ ends: Set<String>) -> ChatTemplateError {
        let wanted = ends.sorted().map { "'\($0)'" }.joined(separator: " or ")
        return .syntax(
            "Unexpected end of template. Jinja was looking for the following tags: \(wanted).", line: line)
    }

    private mutating func parseStatement() throws(ChatTemplateError) -> Statement.Kind {
        let line = line
        guard case .name(let tag) = current.kind else { throw .syntax("tag name expected", line: line) }
        next()
        switch tag {
        case "if": return try parseIf()
        case "for": return try parseFor()
        case "set": return try parseSet()
        case "macro": return try parseMacro()
        case "call": return try parseCallBlock(line: line)
        case "filter": return try parseFilterBlock()
        case "with": return try parseWith()
        case "generation":
            return .scope(
                try parseIsolated { parser throws(ChatTemplateError) in
                    try parser.parseBlock(until: ["endgeneration"], drops: true)
                })
        case "break", "continue":
            guard loopDepth > 0 else { throw .syntax("'\(tag)' outside loop", line: line) }
            return tag == "break" ? .breakLoop : .continueLoop
        default: throw .syntax("Encountered unknown tag '\(tag)'.", line: line)
        }
    }

    private mutating func parseIf() throws(ChatTemplateError) -> Statement.Kind {
        let mark = unknownNames.count
        defer { unknownNames.removeSubrange(min(mark, unknownNames.count)...) }
        var branches: [(test: Expression, body: [Statement])] = []
        while true {
            let test = try parseTuple(allowsConditional: false)
            branches.append((test, try parseBlock(until: ["elif", "else", "endif"])))
            if skip(word: "elif") { continue }
            var otherwise: [Statement] = []
            if skip(word: "else") { otherwise = try parseBlock(until: ["endif"]) }
            next()
            return .conditional(branches, otherwise: otherwise)
        }
    }

    private mutating func parseFor() throws(ChatTemplateError) -> Statement.Kind {
        enclosingLoops += 1
        defer { enclosingLoops -= 1 }
        let target = try parseTarget(endsAt: "in", allowsNamespace: false)
        guard skip(word: "in") else { throw unexpected(expected: "in") }
        let values = try parseTuple(allowsConditional: false, endsAt: "recursive")
        let condition = skip(word: "if") ? try parseExpression() : nil
        guard !isAt(word: "recursive") else { throw .syntax("recursive loops are not supported", line: line) }
        loopDepth += 1
        let body = try confirming { parser throws(ChatTemplateError) in
            try parser.parseBlock(until: ["endfor", "else"])
        }
        loopDepth -= 1
        var otherwise: [Statement] = []
        if skip(word: "else") { otherwise = try parseBlock(until: ["endfor"]) }
        next()
        return .loop(
            LoopSyntax(
                target: target, values: values, condition: condition, body: body, otherwise: otherwise,
                loopSymbol: symbols.symbol("loop")))
    }

    private mutating func parseSet() throws(ChatTemplateError) -> Statement.Kind {
        let target = try parseTarget(endsAt: nil, allowsNamespace: true)
        if skip(.assign) { return .assign(target, try parseTuple()) }
        let filters = try parseFilterChain()
        return .assignBlock(target, filters: filters, body: try parseBlock(until: ["endset"], drops: true))
    }

    private mutating func parseFilterChain() throws(ChatTemplateError) -> [FilterSyntax] {
        var filters: [FilterSyntax] = []
        while skip(.pipe) { filters.append(try parseFilterSyntax()) }
        return filters
    }

    private mutating func parseFilterBlock() throws(ChatTemplateError) -> Statement.Kind {
        let filters = [try parseFilterSyntax()] + (try parseFilterChain())
        return .filterBlock(filters, body: try parseBlock(until: ["endfilter"], drops: true))
    }

    private mutating func parseWith() throws(ChatTemplateError) -> Statement.Kind {
        var values: [(target: AssignmentTarget, value: Expression)] = []
        while !isAt(.blockEnd) {
            if !values.isEmpty { try expect(.comma) }
            let target = try parseTarget(endsAt: nil, allowsNamespace: false)
            try expect(.assign)
            values.append((target, try parseExpression()))
        }
        return .with(values, body: try parseBlock(until: ["endwith"], drops: true))
    }

    // MARK: Targets

    private mutating func parseTarget(
        endsAt word: String?, allowsNamespace: Bool
    ) throws(ChatTemplateError) -> AssignmentTarget {
        var targets: [AssignmentTarget] = []
        var isTuple = false
        while true {
            if !targets.isEmpty { try expect(.comma) }
            if isTuple, isTupleEnd(word) || isAt(.assign) { break }
            targets.append(try parseSingleTarget(allowsNamespace: allowsNamespace))
            guard isAt(.comma) else { break }
            isTuple = true
        }
        return isTuple ? .tuple(targets) : targets[0]
    }

    private mutating func parseSingleTarget(allowsNamespace: Bool) throws(ChatTemplateError) -> AssignmentTarget {
        try enter()
        defer { leave() }
        let line = line
        if skip(.leftParenthesis) {
            let inner = try parseTarget(endsAt: nil, allowsNamespace: allowsNamespace)
            try expect(.rightParenthesis)
            return inner
        }
        guard case .name(let name) = current.kind else {
            throw .syntax("can't assign to '\(current.description)'", line: line)
        }
        next()
        guard !["true", "false", "none", "True", "False", "None"].contains(name) else {
            throw .syntax("can't assign to 'const'", line: line)
        }
        guard name != "loop" || enclosingLoops == 0 else {
            throw .syntax("Can't assign to special loop variable in for-loop", line: line)
        }
        if allowsNamespace, skip(.dot) { return .namespace(symbols.symbol(name), attribute: try expectName()) }
        return .name(symbols.symbol(name))
    }
}
