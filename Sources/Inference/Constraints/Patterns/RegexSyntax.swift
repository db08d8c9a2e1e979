/// A regular expression as a tree.
package indirect enum RegexSyntax: Sendable, Equatable {
    case set(CodePointSet)
    /// One after another; none at all is the empty text.
    case sequence([RegexSyntax])
    /// One of these.
    case alternation([RegexSyntax])
    /// At least `minimum` and, unless nil, at most `maximum` times.
    case repetition(RegexSyntax, minimum: Int, maximum: Int?)
    /// `^` and `$`.
    case start, end

    static let empty = RegexSyntax.sequence([])
    static let anyText = RegexSyntax.repetition(.set(.all), minimum: 0, maximum: nil)

    /// Exactly this text.
    static func literal(_ text: String) -> RegexSyntax {
        .sequence(text.unicodeScalars.map { .set(CodePointSet($0.value...$0.value)) })
    }

    /// The expression whose whole match is a text that this one matches at its start and end: anchors become redundant.
    package func anchored() throws(ConstraintError) -> RegexSyntax {
        try withoutAnchors(opensAtStart: false, opensAtEnd: false)
    }

    /// The expression whose whole match is a text that this one matches anywhere, as JSON Schema means `pattern`.
    package func searching() throws(ConstraintError) -> RegexSyntax {
        try withoutAnchors(opensAtStart: true, opensAtEnd: true)
    }

    /// Replaces the anchors at the two ends of every alternative; where one is absent, any text may stand if `opens` says so.
    private func withoutAnchors(opensAtStart: Bool, opensAtEnd: Bool) throws(ConstraintError) -> RegexSyntax {
        switch self {
        case .alternation(let alternatives):
            var result: [RegexSyntax] = []
            for alternative in alternatives {
                result.append(try alternative.withoutAnchors(opensAtStart: opensAtStart, opensAtEnd: opensAtEnd))
            }
            return .alternation(result)
        case .sequence(let items):
            if items.count == 1 {
                return try items[0].withoutAnchors(opensAtStart: opensAtStart, opensAtEnd: opensAtEnd)
            }
            return try Self.sequence(items, opensAtStart: opensAtStart, opensAtEnd: opensAtEnd)
        default:
            return try Self.sequence([self], opensAtStart: opensAtStart, opensAtEnd: opensAtEnd)
        }
    }

    private static func sequence(
        _ items: [RegexSyntax], opensAtStart: Bool, opensAtEnd: Bool
    ) throws(ConstraintError) -> RegexSyntax {
        var items = items[...]
        var isOpenAtStart = opensAtStart
        var isOpenAtEnd = opensAtEnd
        while items.first == .start {
            items.removeFirst()
            isOpenAtStart = false
        }
        while items.last == .end {
            items.removeLast()
            isOpenAtEnd = false
        }
        if let only = items.first, items.count == 1, case .alternation = only {
            return try only.withoutAnchors(opensAtStart: isOpenAtStart, opensAtEnd: isOpenAtEnd)
        }
        guard !items.contains(where: \.hasAnchor) else {
            throw ConstraintError(message: "'^' and '$' are supported only at the ends of a pattern's alternatives.")
        }
        return .sequence((isOpenAtStart ? [.anyText] : []) + items + (isOpenAtEnd ? [.anyText] : []))
    }

    private var hasAnchor: Bool {
        switch self {
        case .start, .end: true
        case .set: false
        case .sequence(let items), .alternation(let items): items.contains(where: \.hasAnchor)
        case .repetition(let item, _, _): item.hasAnchor
        }
    }
}
