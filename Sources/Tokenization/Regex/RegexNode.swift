/// A regular expression as a tree.
indirect enum RegexNode: Sendable, Hashable {
    /// One scalar of a set.
    case set(ScalarSet)
    case sequence([RegexNode])
    case alternation([RegexNode])
    case repetition(RegexNode, minimum: Int, maximum: Int?, RegexQuantifierKind)
    /// A group that gives nothing back once it has matched: `(?>...)`.
    case atomic(RegexNode)
    case lookahead(RegexNode, isNegated: Bool)
    case assertion(RegexAssertion)

    /// Whether the node can match without consuming anything.
    var isNullable: Bool {
        switch self {
        case .set: false
        case .sequence(let nodes): nodes.allSatisfy(\.isNullable)
        case .alternation(let nodes): nodes.contains(where: \.isNullable)
        case .repetition(let node, let minimum, _, _): minimum == 0 || node.isNullable
        case .atomic(let node): node.isNullable
        case .lookahead, .assertion: true
        }
    }
}

/// How a quantifier chooses among the counts that match.
enum RegexQuantifierKind: Sendable, Hashable {
    /// As many as possible, fewer on backtracking.
    case greedy
    /// As few as possible, more on backtracking.
    case lazy
    /// As many as possible, and never fewer.
    case possessive
}

/// A condition on a position.
enum RegexAssertion: Sendable, Hashable {
    /// `^`: the start of the text or after a line feed (as in Oniguruma's Ruby syntax).
    case lineStart
    /// `$`: the end of the text or before a line feed.
    case lineEnd
    /// `\A`
    case textStart
    /// `\z`
    case textEnd
    /// `\b`: between a word's scalar and another, or an end of the text.
    case wordBoundary
}
