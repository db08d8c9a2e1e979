import Locking
import ModelHub

/// The progress line of a pull, which reports from several threads.
final class PullLine: Sendable {
    private struct State {
        var line: ProgressLine?
        var phase: PullProgress.Phase?
    }

    private let name: String
    private let state = Locked(State())

    init(_ name: String) { self.name = name }

    func show(_ progress: PullProgress) {
        state.withLock { state in
            if state.phase != progress.phase {
                state.line?.finish()
                state.line = ProgressLine("\(name): \(Self.verb(progress.phase))", unit: .bytes)
                state.phase = progress.phase
            }
            state.line?.update(progress.bytes, of: progress.totalBytes > 0 ? progress.totalBytes : nil)
        }
    }

    /// Ends the line; nothing is shown for a model that was here already.
    func finish() {
        state.withLock { state in
            state.line?.finish("\(name) is here.")
            state.line = nil
        }
    }

    private static func verb(_ phase: PullProgress.Phase) -> String {
        switch phase {
        case .downloading: "downloading"
        case .verifying: "verifying"
        case .unpacking: "unpacking"
        case .importing: "converting"
        }
    }
}
