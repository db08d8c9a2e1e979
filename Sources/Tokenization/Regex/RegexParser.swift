/// Parses the regular expressions that tokenizers use for splitting text.
///
/// Supported: literals, classes with ranges and categories (`\p{L}`, `\s`, `\d`, `\w` and negations), groups (captures
/// are not recorded), `(?i)`, `(?i:...)`, atomic groups, lookahead, alternation, anchors, and the quantifiers
/// `? * + {m,n}`, each greedy, lazy or possessive. Anything else is a typed error that names it.
struct RegexParser {
    static let maximumDepth = 50
    static let maximumRepeat = 1000
    static let maximumLength = 1 << 16

    let pattern: String
    let scalars: [Unicode.Scalar]
    var position = 0
    private var ignoresCase = false
    private var depth = 0

    private init(_ pattern: String) {
        self.pattern = pattern
        scalars = Array(pattern.unicodeScalars)
    }

    static func parse(_ pattern: String) throws(TokenizerError) -> RegexNode {
        var parser = RegexParser(pattern)
        guard parser.scalars.count <= maximumLength else { throw parser.failure("longer than \(maximumLength)") }
        let node = try parser.parseAlternation()
        guard parser.position == parser.scalars.count else { throw parser.failure("')' without '('") }
        return node
    }

    /// A pattern that matches exactly this text.
    static func literal(_ text: String) -> RegexNode {
        .sequence(text.unicodeScalars.map { .set(ScalarSet($0)) })
    }

    // MARK: Structure

    private mutating func parseAlternation() throws(TokenizerError) -> RegexNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else { throw failure("groups nested deeper than \(Self.maximumDepth)") }
        // An option such as (?i) holds to the end of the group it stands in.
        let outerCase = ignoresCase
        defer { ignoresCase = outerCase }
        var alternatives = [try parseSequence()]
        while consume("|") { alternatives.append(try parseSequence()) }
        return alternatives.count == 1 ? alternatives[0] : .alternation(alternatives)
    }

    private mutating func parseSequence() throws(TokenizerError) -> RegexNode {
        var nodes: [RegexNode] = []
        while let scalar = peek(), scalar != "|", scalar != ")" {
            guard let atom = try parseAtom() else { continue }
            nodes.append(try parseQuantifiers(of: atom))
        }
        return nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    /// One item; nil for an option, which matches nothing itself.
    private mutating func parseAtom() throws(TokenizerError) -> RegexNode? {
        guard let scalar = next() else { throw failure("the pattern ends where an item was expected") }
        switch scalar {
        case "(": return try parseGroup()
        case "[": return .set(folded(try parseClass()))
        case ".": return .set(ScalarSet(ranges: [0x0A...0x0A], isNegated: true))
        case "^": return .assertion(.lineStart)
        case "$": return .assertion(.lineEnd)
        case "*", "+", "?": throw failure("'\(scalar)' repeats nothing")
        case "\\":
            if consume("A") { return .assertion(.textStart) }
            if consume("z") { return .assertion(.textEnd) }
            if consume("b") { return .assertion(.wordBoundary) }
            return .set(folded(try parseEscape().set))
        default: return .set(folded(ScalarSet(scalar)))
        }
    }

    private func folded(_ set: ScalarSet) -> ScalarSet { ignoresCase ? set.addingCases() : set }

    private mutating func parseGroup() throws(TokenizerError) -> RegexNode? {
        guard consume("?") else { return try parseGroupBody() }
        switch next() {
        case ":": return try parseGroupBody()
        case ">": return .atomic(try parseGroupBody())
        case "=": return .lookahead(try parseGroupBody(), isNegated: false)
        case "!": return .lookahead(try parseGroupBody(), isNegated: true)
        case "i": return try parseCaseOption(true)
        case "-":
            guard consume("i") else { throw failure("only the option i is supported") }
            return try parseCaseOption(false)
        case "<": throw failure("lookbehind and named groups are not supported")
        case let other: throw failure("the group (?\(other.map(String.init) ?? "") is not supported")
        }
    }

    private mutating func parseCaseOption(_ value: Bool) throws(TokenizerError) -> RegexNode? {
        let outer = ignoresCase
        ignoresCase = value
        if consume(")") { return nil }
        guard consume(":") else { throw failure("expected ':' or ')' after the option i") }
        defer { ignoresCase = outer }
        return try parseGroupBody()
    }

    private mutating func parseGroupBody() throws(TokenizerError) -> RegexNode {
        let node = try parseAlternation()
        guard consume(")") else { throw failure("expected ')'") }
        return node
    }

    // MARK: Quantifiers

    private mutating func parseQuantifiers(of atom: RegexNode) throws(TokenizerError) -> RegexNode {
        guard let (minimum, maximum) = try parseQuantifier() else { return atom }
        if case .assertion = atom { throw failure("a quantifier after an anchor") }
        guard !atom.isNullable else { throw failure("repeating what can match nothing is not supported") }
        var kind = RegexQuantifierKind.greedy
        if consume("?") { kind = .lazy } else if consume("+") { kind = .possessive }
        if let scalar = peek(), scalar == "*" || scalar == "+" || scalar == "?" {
            throw failure("two quantifiers in a row")
        }
        return .repetition(atom, minimum: minimum, maximum: maximum, kind)
    }

    private mutating func parseQuantifier() throws(TokenizerError) -> (minimum: Int, maximum: Int?)? {
        if consume("?") { return (0, 1) }
        if consume("*") { return (0, nil) }
        if consume("+") { return (1, nil) }
        let start = position
        guard consume("{") else { return nil }
        let first = parseInteger()
        let isRange = consume(",")
        let second = isRange ? parseInteger() : first
        guard first != nil || second != nil, consume("}") else {
            // A brace that does not write a count is a literal.
            position = start
            return nil
        }
        guard max(first ?? 0, second ?? 0) <= Self.maximumRepeat, second.map({ $0 >= first ?? 0 }) ?? true else {
            throw failure("a repeat count above \(Self.maximumRepeat), or counts in the wrong order")
        }
        return (first ?? 0, second)
    }

    private mutating func parseInteger() -> Int? {
        var value: Int?
        while let scalar = peek(), ("0"..."9").contains(scalar), (value ?? 0) <= Self.maximumRepeat {
            value = (value ?? 0) * 10 + Int(scalar.value - 0x30)
            position += 1
        }
        return value
    }

    // MARK: Reading

    func peek() -> Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    mutating func next() -> Unicode.Scalar? {
        guard let scalar = peek() else { return nil }
        position += 1
        return scalar
    }

    mutating func consume(_ scalar: Unicode.Scalar) -> Bool {
        guard peek() == scalar else { return false }
        position += 1
        return true
    }

    func failure(_ reason: String) -> TokenizerError {
        .invalidPattern(pattern, offset: position, reason: reason)
    }
}
