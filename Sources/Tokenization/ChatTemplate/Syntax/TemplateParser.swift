/// Recursive descent over the tokens, with Jinja's precedences; statements and expressions are in extensions.
struct TemplateParser {
    /// How deeply brackets and blocks may nest, so that a hostile template cannot exhaust the stack.
    static let maximumDepth = 80
    /// How deeply an expression may nest, chains of operators included.
    static let maximumExpressionDepth = 120

    private let tokens: [TemplateToken]
    private var position = 0
    var symbols = SymbolTable()
    var depth = 0
    /// Unknown filters and tests; those inside a conditional are reported only when they are reached, as Jinja does.
    var unknownNames: [ChatTemplateError] = []
    /// Those that no conditional can excuse any more.
    var confirmedUnknownNames: [ChatTemplateError] = []
    /// Loops around the current statement within the same macro.
    var loopDepth = 0
    /// Loops around the current statement, whose `loop` may not be assigned to.
    var enclosingLoops = 0
    /// `caller`, `varargs` and `kwargs` as used by each macro that is being parsed.
    var specialNames: [Set<String>] = []

    /// The statements of a template and the names they use.
    static func parse(_ source: String) throws(ChatTemplateError) -> (body: [Statement], symbols: SymbolTable) {
        var parser = TemplateParser(tokens: try TemplateLexer.tokens(of: source))
        let body = try parser.parseBody(until: [])
        if let unknown = (parser.confirmedUnknownNames + parser.unknownNames).first { throw unknown }
        return (body, parser.symbols)
    }

    private init(tokens: [TemplateToken]) { self.tokens = tokens }

    // MARK: Tokens

    var current: TemplateToken { tokens[position] }
    var line: Int { current.line }
    var lookahead: TemplateToken { tokens[min(position + 1, tokens.count - 1)] }

    /// Returns the current token and goes on.
    @discardableResult
    mutating func next() -> TemplateToken {
        let token = current
        if position < tokens.count - 1 { position += 1 }
        return token
    }

    func isAt(_ kind: TemplateToken.Kind) -> Bool { current.kind == kind }
    func isAt(_ symbol: TemplateSymbol) -> Bool { current.kind == .symbol(symbol) }
    func isAt(word: String) -> Bool { current.kind == .name(word) }

    mutating func skip(_ symbol: TemplateSymbol) -> Bool {
        guard isAt(symbol) else { return false }
        next()
        return true
    }

    mutating func skip(word: String) -> Bool {
        guard isAt(word: word) else { return false }
        next()
        return true
    }

    mutating func expect(_ kind: TemplateToken.Kind) throws(ChatTemplateError) {
        guard isAt(kind) else { throw unexpected(expected: TemplateToken(kind: kind, line: line).description) }
        next()
    }

    mutating func expect(_ symbol: TemplateSymbol) throws(ChatTemplateError) { try expect(.symbol(symbol)) }

    mutating func expectName() throws(ChatTemplateError) -> String {
        guard case .name(let name) = current.kind else { throw unexpected(expected: "name") }
        next()
        return name
    }

    func unexpected(expected: String) -> ChatTemplateError {
        if isAt(.end) { return .syntax("unexpected end of template, expected '\(expected)'.", line: line) }
        return .syntax("expected token '\(expected)', got '\(current.description)'", line: line)
    }

    // MARK: Nesting

    mutating func enter() throws(ChatTemplateError) {
        depth += 1
        guard depth <= Self.maximumDepth else {
            throw .syntax("nested deeper than \(Self.maximumDepth) levels", line: line)
        }
    }

    mutating func leave() { depth -= 1 }

    /// An expression over others; a chain of operators nests too, although parsing it does not recurse.
    func make(
        _ kind: Expression.Kind, over children: [Expression] = [], line: Int
    ) throws(ChatTemplateError) -> Expression {
        let depth = 1 + (children.map(\.depth).max() ?? 0)
        guard depth <= Self.maximumExpressionDepth else {
            throw .syntax("an expression nests deeper than \(Self.maximumExpressionDepth) levels", line: line)
        }
        return Expression(kind: kind, depth: depth, line: line)
    }

    /// Notes names that make a macro take extra arguments.
    mutating func noteUse(of name: String) {
        guard name == "caller" || name == "varargs" || name == "kwargs" else { return }
        for index in specialNames.indices { specialNames[index].insert(name) }
    }
}
