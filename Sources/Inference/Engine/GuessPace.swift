/// Whether guessing tokens is faster than not guessing, by what steps of both kinds gave so far.
struct GuessPace {
    private let isMeasured: Bool
    private let retryAfter: Int
    private var guessing = Rate()
    private var plain = Rate()
    private var stepsSinceGuess = 0
    /// Steps of a kind before its rate counts.
    private static let trials = 3

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
    ///   - isMeasured: whether it stops where it turns out slower.
    ///   - retryAfter: steps after which the slower kind is tried again.
    init(isMeasured: Bool, retryAfter: Int) {
        self.isMeasured = isMeasured
        self.retryAfter = retryAfter
    }

    /// Whether the next step should guess.
    mutating func allowsGuess() -> Bool {
        stepsSinceGuess += 1
        guard isMeasured else { return true }
        let isTried = guessing.count >= Self.trials && plain.count >= Self.trials
        if isTried, guessing.seconds >= plain.seconds, stepsSinceGuess < retryAfter { return false }
        // Some steps without a guess are needed to compare with.
        return guessing.count < Self.trials || plain.count >= Self.trials
    }

    /// That the step guesses.
    mutating func noteGuess() { stepsSinceGuess = 0 }

    /// What a step gave.
    mutating func record(guessed: Bool, tokens: Int, seconds: Double) {
        guard tokens > 0 else { return }
        if guessed { guessing.add(seconds / Double(tokens)) } else { plain.add(seconds / Double(tokens)) }
    }
}
