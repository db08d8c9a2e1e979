/// Turns the detector's probabilities into voiced windows and onsets, with hysteresis so that one odd window is neither.
package struct SpeechDetector: Sendable {
    /// Probability at which speech begins, and below which it ends.
    private let enter: Float, leave: Float
    /// Voiced windows that make an onset.
    private let onset: Int
    /// Whether the last window was voiced.
    package private(set) var isVoiced = false
    /// Voiced windows of the run that is going on, one missing window in between forgiven.
    package private(set) var run = 0
    /// The sample at which that run began.
    package private(set) var runStart = 0
    private var missed = 0

    /// - Parameter onset: Voiced windows of 32 ms that make an onset.
    package init(onset: Int, enter: Float = 0.5, leave: Float = 0.35) {
        self.onset = onset
        self.enter = enter
        self.leave = leave
    }

    /// Whether enough voiced windows have come to call it speech.
    package var hasOnset: Bool { run >= onset }

    /// Takes in the next window, and says whether it was voiced.
    package mutating func hear(_ probability: Float, at start: Int) -> Bool {
        isVoiced = probability >= (isVoiced ? leave : enter)
        if isVoiced {
            if run == 0 { runStart = start }
            run += 1
            missed = 0
        } else {
            missed += 1
            if missed > 1 { run = 0 }
        }
        return isVoiced
    }

    /// Forgets the run, so that the next onset needs new speech.
    package mutating func forget() {
        run = 0
        missed = 0
        isVoiced = false
    }
}
