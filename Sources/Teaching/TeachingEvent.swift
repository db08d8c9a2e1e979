import Training

/// What a run tells while it goes on.
public enum TeachingEvent: Sendable {
    /// It begins, or goes on after `firstStep` steps that were taken before.
    case began(TeachingPlan)
    /// A step was taken.
    case step(StepReport)
    /// The held-out loss was measured after so many steps.
    case evaluated(step: Int, EvaluationReport, isBest: Bool)
    /// A checkpoint was written that a later run can resume from.
    case saved(step: Int)
}

/// What a run comes to, before its first step.
public struct TeachingPlan: Sendable, Equatable {
    /// Conversations that are taught and that only measure.
    public var taught: Int, heldOut: Int
    /// Steps in all, and those taken before this run.
    public var steps: Int, firstStep: Int
    /// Tokens of an epoch as they are computed, and as they would be if every conversation had its own beginning.
    public var tokensPerEpoch: Int, plainTokensPerEpoch: Int
    /// Tokens of an epoch that carry loss.
    public var targetsPerEpoch: Int
    /// Bytes it will take.
    public var memory: Int
    /// Samples that were left out.
    public var problems: Int

    package init(
        taught: Int, heldOut: Int, steps: Int, firstStep: Int, tokensPerEpoch: Int, plainTokensPerEpoch: Int,
        targetsPerEpoch: Int, memory: Int, problems: Int
    ) {
        self.taught = taught
        self.heldOut = heldOut
        self.steps = steps
        self.firstStep = firstStep
        self.tokensPerEpoch = tokensPerEpoch
        self.plainTokensPerEpoch = plainTokensPerEpoch
        self.targetsPerEpoch = targetsPerEpoch
        self.memory = memory
        self.problems = problems
    }
}

/// How a run ended.
public enum TeachingEnd: String, Sendable {
    /// All steps were taken.
    case finished
    /// The held-out loss rose too long.
    case stoppedEarly = "stopped early"
    /// It was asked to stop, and saved.
    case interrupted
}

/// What came of a run.
public struct TeachingResult: Sendable {
    /// How it ended.
    public var end: TeachingEnd
    /// Steps taken in all.
    public var steps: Int
    /// The measured held-out losses, by step.
    public var heldOut: [(step: Int, loss: Double)]
    /// Of the training steps.
    public var losses: [(step: Int, loss: Double)]
    /// Wall-clock seconds, of this and of the runs it resumed.
    public var seconds: Double
    /// Tokens computed in all.
    public var tokens: Int

    package init(
        end: TeachingEnd, steps: Int, heldOut: [(step: Int, loss: Double)], losses: [(step: Int, loss: Double)],
        seconds: Double, tokens: Int
    ) {
        self.end = end
        self.steps = steps
        self.heldOut = heldOut
        self.losses = losses
        self.seconds = seconds
        self.tokens = tokens
    }
}
