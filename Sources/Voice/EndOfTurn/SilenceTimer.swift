/// Ends a turn after a fixed silence, whatever was said.
public struct SilenceTimer: EndOfTurnStrategy {
    /// The silence, in seconds.
    public var seconds: Double

    /// - Parameter seconds: The silence that ends a turn.
    public init(seconds: Double = 0.7) {
        self.seconds = seconds
    }

    /// Never: the silence alone decides.
    public var wantsProbability: Bool { false }

    /// Over after the silence; a guess is worth it as soon as the text looks whole.
    public func verdict(_ evidence: EndOfTurnEvidence) -> EndOfTurnVerdict {
        if evidence.silence >= seconds { return .over }
        return TranscriptShape(evidence.transcript) == .whole ? .likelyOver : .goesOn
    }
}
