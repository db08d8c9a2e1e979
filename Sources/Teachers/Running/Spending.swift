import JSON

/// What was used up.
public struct Spending: Sendable, Equatable {
    /// Requests that were answered.
    public var requests = 0
    /// Tokens.
    public var promptTokens = 0, completionTokens = 0
    /// In the currency of the recipe's prices; 0 where there are none.
    public var cost = 0.0
    /// Whether some of it is an estimate, because the teacher does not tell.
    public var isEstimated = false

    /// Nothing yet.
    public init() {}

    /// Of prompts and replies together.
    public var tokens: Int { promptTokens + completionTokens }

    mutating func add(prompt: Int, completion: Int, isEstimated: Bool, prices: GenerationRecipe.Budget) {
        promptTokens += prompt
        completionTokens += completion
        cost += prices.cost(prompt: prompt, completion: completion) ?? 0
        self.isEstimated = self.isEstimated || isEstimated
    }

    mutating func add(_ other: Spending) {
        requests += other.requests
        promptTokens += other.promptTokens
        completionTokens += other.completionTokens
        cost += other.cost
        isEstimated = isEstimated || other.isEstimated
    }

    /// Why no more may be asked, were `expected` used as well; nil: it may.
    func limit(_ budget: GenerationRecipe.Budget, expecting expected: (prompt: Int, completion: Int)) -> String? {
        if let most = budget.maximumTokens, tokens + expected.prompt + expected.completion > most {
            return "the next request could pass the limit of \(most) tokens"
        }
        if let most = budget.maximumCost,
            cost + (budget.cost(prompt: expected.prompt, completion: expected.completion) ?? 0) > most
        {
            return "the next request could pass the limit of cost, \(most)"
        }
        return nil
    }

    /// For machines.
    public var json: JSONValue {
        [
            "requests": .integer(requests), "prompt_tokens": .integer(promptTokens),
            "completion_tokens": .integer(completionTokens), "cost": .number(cost), "estimated": .bool(isEstimated),
        ]
    }
}
