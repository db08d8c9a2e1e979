import Compute
import Models

/// A model with its weights, ready to compute logits.
final class ModelRunner {
    private let model: any LanguageModel
    private let executor: CPUExecutor

    /// Rows of a prompt that are computed fastest together: as many as keep the widest activations in a share of the last
    /// cache, and enough to unpack weights for.
    let preferredRows: Int
    private static let activationBytes = 8 << 20
    private static let fewestRows = 256

    init(_ model: LoadedModel) {
        self.model = model.definition
        let widest =
            model.definition.parameters.linears.filter { $0.role == .body }
            .map { $0.parts.reduce(0) { $0 + $1.rows } }.max() ?? 1
        preferredRows = max(Self.fewestRows, Self.activationBytes / (4 * max(widest, 1)) / 64 * 64)
        executor = CPUExecutor(
            weights: model.weights, activations: model.activations, format: model.stateFormat, workers: model.workers)
    }

    /// The logits of the batch's output rows; the states then hold the batch's tokens.
    func logits(_ batch: Batch, states: [SequenceState], captures: [StateCapture] = []) -> HostTensor {
        executor.run(batch, states: states, captures: captures) { executor in model.logits(on: executor) }
    }
}
