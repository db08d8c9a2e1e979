import Checkpoints
import Compute
import Foundation
import Models

/// A frozen model whose distribution the student learns.
final class Teacher {
    private let definition: any LanguageModel
    private let weights: WorkingWeights
    private let workers: WorkerPool

    init(directory: URL, precision: TrainingPrecision, vocabularySize: Int, workers: WorkerPool) throws {
        let configuration = try ModelConfiguration(directory: directory)
        self.workers = workers
        guard configuration.vocabularySize == vocabularySize else {
            throw TrainingError.badOptions(
                "the teacher's vocabulary has \(configuration.vocabularySize) tokens, the model's has \(vocabularySize); "
                    + "choose a teacher with the same tokenizer")
        }
        let checkpoint = try Checkpoint(directory: directory)
        definition = try ModelRegistry.model(for: configuration, names: TensorLayout(checkpoint))
        let store = try ParameterStore(
            definition.parameters, checkpoint: checkpoint, keepsMatrices: false, workers: workers)
        weights = WorkingWeights(store, precision: precision, gradients: nil, workers: workers)
    }

    /// Gives back memory until it is asked again.
    func discard() { weights.discard() }

    /// The teacher's last hidden states for a batch's output rows.
    func rows(_ layout: RowLayout, pool: ActivationPool) -> TeacherRows {
        weights.prepare(pool)
        let executor = TapeExecutor(weights: weights, layout: layout, workers: workers, pool: pool, records: false)
        guard let head = definition.logits(on: executor).head else { preconditionFailure("a model returns its logits") }
        return TeacherRows(input: head.input, weights: weights, layer: head.layer)
    }
}
