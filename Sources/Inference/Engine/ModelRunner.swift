import Compute
import Models

/// A model with its weights, ready to compute logits.
final class ModelRunner {
    private let model: any LanguageModel
    private let executor: CPUExecutor

    init(_ model: LoadedModel) {
        self.model = model.definition
        executor = CPUExecutor(
            weights: model.weights, activations: model.activations, format: model.stateFormat, workers: model.workers)
    }

    /// The logits of the batch's output rows; the states then hold the batch's tokens.
    func logits(_ batch: Batch, states: [SequenceState], captures: [StateCapture] = []) -> HostTensor {
        executor.run(batch, states: states, captures: captures) { executor in model.logits(on: executor) }
    }
}
