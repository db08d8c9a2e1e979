import Locking
import TrainingData

/// Collects what a reader reports.
final class Recorder: Sendable {
    private let seen = Locked<[SampleProblem]>([])
    var problems: [SampleProblem] { seen.withLock { $0 } }
    func add(_ problem: SampleProblem) { seen.withLock { $0.append(problem) } }
}
