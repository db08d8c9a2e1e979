/// Ends a turn early when the turn model or the words say that it is whole, with a timer behind them for when they do not.
public struct SmartTurn: EndOfTurnStrategy {
    /// The model's probability from which it calls a turn complete.
    public var threshold: Float
    /// Seconds of silence after a whole sentence that the model calls complete.
    public var complete: Double
    /// Seconds of silence when words and model disagree, or the model has not answered.
    public var undecided: Double
    /// Seconds of silence after which a turn is over, whatever they say.
    public var longest: Double

    /// A strategy with these limits.
    public init(threshold: Float = 0.5, complete: Double = 0.22, undecided: Double = 0.45, longest: Double = 0.95) {
        self.threshold = threshold
        self.complete = complete
        self.undecided = undecided
        self.longest = longest
    }

    /// Always.
    public var wantsProbability: Bool { true }

    /// Over after ``complete``, ``undecided`` or ``longest`` seconds, by how many of the two witnesses say so.
    public func verdict(_ evidence: EndOfTurnEvidence) -> EndOfTurnVerdict {
        let limit = limit(evidence)
        if evidence.silence >= limit { return .over }
        // Where the turn is unlikely over, half the wait passes before a guess: most such pauses end before that.
        return limit < longest || evidence.silence >= limit / 2 ? .likelyOver : .goesOn
    }

    private func limit(_ evidence: EndOfTurnEvidence) -> Double {
        let shape = TranscriptShape(evidence.transcript)
        guard let probability = evidence.probability else { return shape == .whole ? undecided : longest }
        switch (shape, probability >= threshold) {
        case (.whole, true): return complete
        // A synthetic or flat voice often gets no more than 0.2 at a true end, so whole words alone need not wait long.
        case (.whole, false), (.open, true): return undecided
        case (.hanging, true): return (undecided + longest) / 2
        case (.open, false), (.hanging, false): return longest
        }
    }
}
