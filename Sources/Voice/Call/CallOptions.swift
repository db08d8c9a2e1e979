import Speech

/// How a call is held.
public struct CallOptions: Sendable {
    /// Said when the page is ready for the first time; nil: she waits to be spoken to.
    public var greeting: String?
    /// How she speaks.
    public var voice = VoiceSettings()
    /// When a turn is over.
    public var endOfTurn: any EndOfTurnStrategy = SmartTurn()
    /// How turns are taken.
    public var turn = TurnOptions()
    /// Told to the page as the program's version.
    public var version: String?
    /// Told to the page as the session the call belongs to.
    public var session: String?
    /// Loudness below which a window is silence without asking the detector: an idle line costs next to nothing.
    public var silenceFloor: Float = 0.0003

    /// The defaults.
    public init() {}
}

/// Keeps nothing.
public struct NoCallMetrics: CallMetrics {
    /// Keeps nothing.
    public init() {}
    /// Does nothing.
    public func turn(_ timings: TurnTimings) {}
    /// Does nothing.
    public func bargeIn(_ seconds: Double) {}
    /// Does nothing.
    public func gap(_ seconds: Double) {}
}
