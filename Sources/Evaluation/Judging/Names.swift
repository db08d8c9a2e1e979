/// Whether a reply knows who the user is.
package enum Names {
    /// Why the name is not right; nil: it is.
    ///
    /// - Parameter name: As a ``WordGroup``; empty: she must say that she does not know it.
    package static func failure(_ name: String, in text: String) -> String? {
        let claims = claimedNames(in: text)
        guard !name.isEmpty else {
            if let claim = claims.first { return "calls the user \(claim), but the name is not known" }
            return Memory.admitsIgnorance(text) ? nil : "does not say that the name is not known"
        }
        guard let group = WordGroup(name), group.occurs(in: Words(text)) else { return "does not say \(name)" }
        let wrong = claims.first { !isPart($0, of: name) }
        return wrong.map { "calls the user \($0), who is \(name)" }
    }

    private static func isPart(_ claim: String, of name: String) -> Bool {
        let claimed = Set(Words(claim).all)
        return name.split(separator: "|").contains { claimed.isSubset(of: Set(Words(String($0)).all)) }
    }

    /// Names that the user is given: after "your name is", or after a greeting.
    static func claimedNames(in text: String) -> [String] {
        let plain = Pattern.plain(text)
        return patterns.flatMap { $0.groups(in: plain) }.compactMap { $0.last ?? nil }
            .filter { !ordinary.contains($0.lowercased()) }
    }

    private static let name = "(\\p{Lu}[\\p{L}\\p{M}'-]+(?: \\p{Lu}[\\p{L}\\p{M}'-]+)?)"
    private static let patterns = [
        Pattern(
            "\\b[Yy]our (?:first |full |given |real )?name(?:'s| is| was|, I believe, is| must be| would be),? \(name)",
            []),
        Pattern(
            "\\b(?:[Yy]ou're|[Yy]ou are|[Yy]ou go by|I call you|[Yy]ou're called|[Yy]ou are called|I know you as|I'd call you),? \(name)",
            []),
        Pattern(
            "(?:^|[.!?] )(?:Hi|Hello|Hey|Hiya|Namaste|Hola|Bonjour|Good (?:morning|afternoon|evening|night)|Welcome back|Happy birthday|Congratulations|Thanks|Thank you),? \(name)",
            []),
    ]
    private static let ordinary: Set<String> = [
        "there", "friend", "dear", "again", "everyone", "buddy", "welcome", "right", "not", "you", "i", "i'm", "it's",
        "love",
        "namaste", "sunshine", "world",
    ]
}
