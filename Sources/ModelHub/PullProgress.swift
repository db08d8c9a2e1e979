import Foundation
import Locking

/// How far a pull has come.
public struct PullProgress: Sendable, Equatable {
    /// What is being done.
    public enum Phase: Sendable, Equatable {
        case downloading
        case verifying
        case unpacking
        /// Converting to a Hugging Face directory.
        case importing
    }

    /// What is being done.
    public var phase: Phase
    /// The file it is being done to.
    public var file: String
    /// Bytes of the whole pull that are here, including those of earlier attempts.
    public var bytes: Int
    /// Bytes of the whole pull.
    public var totalBytes: Int
    /// Recent speed; nil until it can be told.
    public var bytesPerSecond: Double?

    /// Seconds to the end of the download at the recent speed.
    public var remainingSeconds: Double? {
        guard let bytesPerSecond, bytesPerSecond > 0 else { return nil }
        return Double(max(0, totalBytes - bytes)) / bytesPerSecond
    }
}

/// Counts bytes from concurrent writers and reports at most ten times a second.
final class ProgressMeter: Sendable {
    private struct State {
        var progress: PullProgress
        var samples: [(time: ContinuousClock.Instant, bytes: Int)] = []
        var lastReport: ContinuousClock.Instant?
    }

    private let state: Locked<State>
    private let report: @Sendable (PullProgress) -> Void
    /// Speed is taken over this window, long enough to be steady and short enough to notice a stall.
    private static let window = Duration.seconds(5)
    private static let reportInterval = Duration.milliseconds(100)

    init(totalBytes: Int, report: @escaping @Sendable (PullProgress) -> Void) {
        self.report = report
        let start = PullProgress(phase: .downloading, file: "", bytes: 0, totalBytes: totalBytes)
        state = Locked(State(progress: start))
    }

    /// Enters a phase; reported at once.
    func enter(_ phase: PullProgress.Phase, file: String) {
        update(force: true) {
            $0.progress.phase = phase
            $0.progress.file = file
        }
    }

    /// Bytes that were here already, or that have to be fetched again; no part of the speed.
    func skip(_ bytes: Int) {
        update(force: true) { state in
            state.progress.bytes += bytes
            state.samples = []
        }
    }

    /// Bytes that just arrived.
    func add(_ bytes: Int) {
        update(force: false) { $0.progress.bytes += bytes }
    }

    private func update(force: Bool, _ change: (inout State) -> Void) {
        let now = ContinuousClock.now
        let snapshot = state.withLock { state -> PullProgress? in
            change(&state)
            if !force, let last = state.lastReport, now - last < Self.reportInterval { return nil }
            state.samples.append((now, state.progress.bytes))
            state.samples.removeAll { now - $0.time > Self.window }
            if let first = state.samples.first, now - first.time > .milliseconds(300) {
                let seconds = (now - first.time) / .seconds(1)
                state.progress.bytesPerSecond = Double(state.progress.bytes - first.bytes) / seconds
            }
            state.lastReport = now
            return state.progress
        }
        if let snapshot { report(snapshot) }
    }
}
