/// Decides when the user has finished, from what is known during a pause. Pure: the same evidence, the same verdict.
public protocol EndOfTurnStrategy: Sendable {
    /// Whether ``EndOfTurnEvidence/probability`` is wanted; it costs about 60 ms of a core a pause.
    var wantsProbability: Bool { get }
    /// What to make of the pause so far.
    func verdict(_ evidence: EndOfTurnEvidence) -> EndOfTurnVerdict
}

/// What is known of a pause.
public struct EndOfTurnEvidence: Sendable, Equatable {
    /// Seconds since the last speech.
    public var silence: Double
    /// What was said up to the pause, as the recogniser has it.
    public var transcript: String
    /// The turn model's probability, from 0 to 1, that the turn is over; nil when it is not known (yet).
    public var probability: Float?

    /// Evidence with these parts.
    public init(silence: Double, transcript: String, probability: Float? = nil) {
        self.silence = silence
        self.transcript = transcript
        self.probability = probability
    }
}

/// What a strategy makes of a pause.
public enum EndOfTurnVerdict: Int, Sendable, Comparable {
    /// The user will go on.
    case goesOn
    /// Likely enough over for a reply to be started as a guess.
    case likelyOver
    /// The turn is over.
    case over

    /// Orders verdicts by how sure they are of the end.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
