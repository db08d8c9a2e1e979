import Inference

/// Lets a reply reason freely, and holds it to a constraint once the reasoning is closed.
struct AfterReasoning: TokenConstraint {
    let constraint: any TokenConstraint
    /// The token that closes the reasoning, `</think>`.
    let closingToken: Int32
    /// A reply may not end while it is still reasoning.
    let endTokens: Set<Int32>

    func makeMatcher() -> any TokenMatcher { Matcher(rule: self, inner: constraint.makeMatcher()) }

    private struct Matcher: TokenMatcher {
        let rule: AfterReasoning
        var inner: any TokenMatcher
        var isReasoning = true

        var isComplete: Bool { !isReasoning && inner.isComplete }

        mutating func apply(to mask: inout TokenMask) {
            guard isReasoning else { return inner.apply(to: &mask) }
            for token in rule.endTokens where Int(token) < mask.count { mask[Int(token)] = false }
        }

        mutating func accept(_ token: Int32) {
            guard isReasoning else { return inner.accept(token) }
            isReasoning = token != rule.closingToken
        }
    }
}
