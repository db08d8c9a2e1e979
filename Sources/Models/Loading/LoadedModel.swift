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
        // Refuses architectures and algorithms that cannot be computed before any weight is touched.
        _ = try ModelRegistry.model(for: configuration)
        let quantization = try QuantizationConfiguration.load(from: directory)
        let checkpoint = try Checkpoint(directory: directory)
        definition = try ModelRegistry.model(
            for: configuration, names: TensorLayout(checkpoint), drafts: options.readsDraftHead)
        try Self.requireHeads(of: definition)
        let identity = options.packedDirectory.flatMap { directory in
            PackedWeights.Identity(
                of: checkpoint, options: options, isQuantized: quantization != nil, in: directory)
        }
        let kept = identity.flatMap { PackedWeights($0) }
        if kept == nil {
            try Self.requireMemory(for: checkpoint, options: options)
            checkpoint.advise(.willNeed)
        }
        let reader = WeightReader(
            checkpoint: checkpoint, options: options, isQuantized: quantization != nil, workers: workers, kept: kept)
        weights = try reader.weights(for: definition.parameters)
        let weightBytes = weights.linears.reduce(0) { $0 + $1.byteCount }
        if let kept {
            kept.populate()
        } else if let identity, weightBytes >= options.smallestKept {
            PackedWeights.keep(weights.linears, as: identity)
        }
        activations = options.activationFormat
        stateFormat = options.stateFormat(isQuantized: quantization != nil)
        self.workers = workers
        report = LoadingReport(
            seconds: (clock.now - start) / .seconds(1), weightBytes: weightBytes,
            stateLayout: definition.stateLayout(format: stateFormat), isMapped: kept != nil,
            formats: Self.formats(weights.linears),
            bodyProducts: definition.parameters.linears.filter { $0.role == .body }
                .reduce(0) { $0 + $1.columns * $1.parts.reduce(0) { $0 + $1.rows } })
    }

    private static func requireHeads(of model: any LanguageModel) throws {
        for layer in model.attentionLayers where layer.headDim > StateLayout.widestHead {
            throw ModelLoadingError.unsupportedConfiguration(
                "found heads of \(layer.headDim) features, expected at most \(StateLayout.widestHead)")
        }
    }

    /// Refuses before anything is read what would end in the system's own out-of-memory handling.
    private static func requireMemory(for checkpoint: Checkpoint, options: LoadingOptions) throws {
        let needed = checkpoint.byteCount * (options.dataType == .float32 ? 2 : 1)
        guard let available = availableMemory(), needed > available else { return }
        throw ModelLoadingError.outOfMemory(neededBytes: needed, availableBytes: available)
    }

    /// What Linux says can be had without swapping; nil elsewhere.
    private static func availableMemory() -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
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
    /// What is kept of a sequence.
    public let stateLayout: StateLayout
    /// Whether the weights are mapped as an earlier start packed them.
    public let isMapped: Bool
    /// How many products are computed in each format.
    public let formats: [String: Int]
    /// Multiply-adds of a prompt's token in the layers' products; those of attention, and the head's, come on top.
    public let bodyProducts: Int

    /// Bytes of state that a token leaves behind, and every later one reads.
    public var stateBytesPerToken: Int { stateLayout.pageBytes / StateLayout.tokensPerPage }

    /// Bytes that decoding one token moves after that many: weights, keys and values, and recurrent state, which is read
    /// and written.
    public func bytesPerToken(depth: Int) -> Int {
        weightBytes + depth * stateBytesPerToken + 2 * stateLayout.recurrentBytes
    }
}
