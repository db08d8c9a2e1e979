import Checkpoints
import Compute
import Foundation

/// A checkpoint's model with its weights packed, ready for an executor.
public struct LoadedModel: Sendable {
    /// The checkpoint's `config.json`.
    public let configuration: ModelConfiguration
    /// The model's forward pass.
    public let definition: any LanguageModel
    /// Its weights.
    public let weights: CPUWeights
    /// What inputs of quantised layers are rounded to.
    public let activations: ActivationFormat
    /// How keys and values are stored.
    public let stateFormat: StateLayout.AttentionFormat
    /// The threads that packed the weights, for the executor to go on with.
    public let workers: WorkerPool
    /// What loading came to.
    public let report: LoadingReport

    /// Reads and packs the weights of a Hugging Face directory.
    ///
    /// - Throws: ``ModelLoadingError``, `CheckpointError`.
    public init(directory: URL, options: LoadingOptions = LoadingOptions(), workers: WorkerPool) throws {
        let clock = ContinuousClock()
        let start = clock.now
        configuration = try ModelConfiguration(directory: directory)
        definition = try ModelRegistry.model(for: configuration)
        // Refuses algorithms that cannot be computed before any weight is touched.
        let quantization = try QuantizationConfiguration.load(from: directory)
        let checkpoint = try Checkpoint(directory: directory)
        checkpoint.advise(.willNeed)
        let reader = WeightReader(
            checkpoint: checkpoint, options: options, isQuantized: quantization != nil, workers: workers)
        weights = try reader.weights(for: definition.parameters)
        activations = options.activationFormat
        stateFormat = options.stateFormat
        self.workers = workers
        let seconds = Double((clock.now - start).components.attoseconds) * 1e-18 + Double((clock.now - start).components.seconds)
        report = LoadingReport(
            seconds: seconds, weightBytes: weights.linears.reduce(0) { $0 + $1.byteCount },
            formats: Self.formats(weights.linears))
    }

    private static func formats(_ linears: [PackedLinear]) -> [String: Int] {
        linears.reduce(into: [:]) { $0["\($1.format)", default: 0] += 1 }
    }
}

/// What loading a model came to.
public struct LoadingReport: Sendable {
    /// From the first file to packed weights.
    public let seconds: Double
    /// Bytes of packed weights: what every decoded token reads.
    public let weightBytes: Int
    /// How many products are computed in each format.
    public let formats: [String: Int]
}
