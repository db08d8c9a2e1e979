import Foundation

/// The time a call lives by; tests have one they turn by hand.
public protocol CallClock: Sendable {
    /// Seconds since some moment that stays the same.
    var now: Double { get }
    /// The time of day, for transcripts.
    var date: Date { get }
    /// Returns at that time, or throws when its task is cancelled.
    func sleep(until time: Double) async throws
}

/// The machine's own clock.
public struct SystemCallClock: CallClock {
    private let origin = ContinuousClock.now

    /// A clock that starts at zero.
    public init() {}

    /// Seconds since this clock was made.
    public var now: Double { (ContinuousClock.now - origin) / .seconds(1) }

    /// The time of day.
    public var date: Date { Date() }

    /// Returns at that time, or throws when its task is cancelled.
    public func sleep(until time: Double) async throws {
        try await ContinuousClock().sleep(until: origin + .seconds(time), tolerance: .milliseconds(2))
    }
}
