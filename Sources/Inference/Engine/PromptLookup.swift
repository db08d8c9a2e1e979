/// Guesses how a reply goes on from what stands in the prompt and the reply itself (prompt lookup decoding,
/// https://github.com/apoorvumang/prompt-lookup-decoding): after the same few tokens often come the same tokens again.
///
/// A guess costs rows of the next step and gives a token for each one that was right. What is generated is the same with
/// and without guesses: every token is chosen from the model's own logits, which do not depend on the rows beside.
struct PromptLookup {
    /// Tokens that must agree for a guess.
    private static let longestKey = 3, shortestKey = 2
    private let limit: Int
    private var pace: GuessPace

    /// - Parameters:
    ///   - limit: tokens guessed at once; 0 guesses nothing.
    ///   - isMeasured: whether it stops where it turns out slower.
    init(limit: Int, isMeasured: Bool = true) {
        self.limit = limit
        pace = GuessPace(isMeasured: isMeasured, retryAfter: 64)
    }

    /// The tokens that may follow, unless guessing has turned out slower for this reply.
    mutating func guess(after tokens: [Int32], room: Int) -> [Int32] {
        let count = min(limit, room)
        guard count > 0, pace.allowsGuess() else { return [] }
        let found = Self.find(tokens, count: count)
        if !found.isEmpty { pace.noteGuess() }
        return found
    }

    /// What a step gave.
    mutating func record(guessed: Bool, tokens: Int, seconds: Double) {
        if limit > 0 { pace.record(guessed: guessed, tokens: tokens, seconds: seconds) }
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
