/// Guesses how a reply goes on from what stands in the prompt and the reply itself (prompt lookup decoding,
/// https://github.com/apoorvumang/prompt-lookup-decoding): after the same few tokens often come the same tokens again.
///
/// A guess costs rows of the next step and gives a token for each one that was right. What is generated is the same with
/// and without guesses: every token is chosen from the model's own logits, which do not depend on the rows beside.
struct PromptLookup {
    /// Tokens that must agree for a guess.
    private static let longestKey = 3, shortestKey = 2
    private let limit: Int
    private let isMeasured: Bool
    private var guessing = Rate()
    private var plain = Rate()
    private var stepsSinceGuess = 0
    /// Steps of a kind before its rate counts, and after which a slower kind is tried again.
    private static let trials = 3, retryAfter = 64

    /// Seconds per token, recent steps counting more.
    private struct Rate {
        var seconds = 0.0
        var count = 0

        mutating func add(_ value: Double) {
            count += 1
            seconds = count == 1 ? value : 0.8 * seconds + 0.2 * value
        }
    }

    /// - Parameters:
    ///   - limit: tokens guessed at once; 0 guesses nothing.
    ///   - isMeasured: whether it stops where it turns out slower.
    init(limit: Int, isMeasured: Bool = true) {
        self.limit = limit
        self.isMeasured = isMeasured
    }

    /// The tokens that may follow, unless guessing has turned out slower for this reply.
    mutating func guess(after tokens: [Int32], room: Int) -> [Int32] {
        let count = min(limit, room)
        guard count > 0 else { return [] }
        stepsSinceGuess += 1
        guard isMeasured else { return Self.find(tokens, count: count) }
        let isTried = guessing.count >= Self.trials && plain.count >= Self.trials
        if isTried, guessing.seconds >= plain.seconds, stepsSinceGuess < Self.retryAfter { return [] }
        // Some steps without a guess are needed to compare with.
        if guessing.count >= Self.trials, plain.count < Self.trials { return [] }
        let found = Self.find(tokens, count: count)
        if !found.isEmpty { stepsSinceGuess = 0 }
        return found
    }

    /// What a step gave.
    mutating func record(guessed: Bool, tokens: Int, seconds: Double) {
        guard limit > 0, tokens > 0 else { return }
        if guessed { guessing.add(seconds / Double(tokens)) } else { plain.add(seconds / Double(tokens)) }
    }

    /// What came after the latest earlier place with the same last tokens.
    static func find(_ tokens: [Int32], count: Int) -> [Int32] {
        tokens.withUnsafeBufferPointer { tokens in
            for length in stride(from: longestKey, through: shortestKey, by: -1) where tokens.count > length {
                let key = tokens.count - length
                for start in stride(from: key - 1, through: 0, by: -1)
                where (0..<length).allSatisfy({ tokens[start + $0] == tokens[key + $0] }) {
                    let next = start + length
                    return Array(tokens[next..<min(next + count, tokens.count)])
                }
            }
            return []
        }
    }
}
