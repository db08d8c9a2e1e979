/// Chooses the few facts that are worth a place in the prompt before she answers.
///
/// Nothing is looked for in past turns here: those are what the tool `search_memory` is for.
public struct MemoryRecall: Sendable, Equatable {
    /// Facts at most.
    public var maximumFacts: Int
    /// Tokens all facts together may take, estimated from above at three bytes each.
    public var maximumTokens: Int
    /// BM25 below which a fact has too little to do with what was said.
    public var minimumScore: Double
    /// The share of the best fact's score below which a fact is left out.
    public var minimumShare: Double

    /// A recall with these limits.
    public init(
        maximumFacts: Int = 3, maximumTokens: Int = 120, minimumScore: Double = 0.05, minimumShare: Double = 0.4
    ) {
        self.maximumFacts = maximumFacts
        self.maximumTokens = maximumTokens
        self.minimumScore = minimumScore
        self.minimumShare = minimumShare
    }

    /// Facts that belong to what the user has just said, best first; often none.
    public func facts(for words: String, in store: some CompanionStoring) throws -> [String] {
        guard maximumFacts > 0 else { return [] }
        let matches = try store.searchFacts(words, limit: maximumFacts * 2)
        guard let best = matches.first?.score else { return [] }
        let threshold = max(minimumScore, best * minimumShare)
        var facts: [String] = []
        var tokens = 0
        for match in matches where match.score >= threshold && facts.count < maximumFacts {
            let cost = match.text.utf8.count / 3 + 1
            guard tokens + cost <= maximumTokens else { continue }
            tokens += cost
            facts.append(match.text)
        }
        return facts
    }
}
