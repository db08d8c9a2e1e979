import Checkpoints
import Compute
import Foundation
import JSON
import Models

/// Scales a model's input features so that NVFP4 rounds the important ones finer, and folds every scale into the operation
/// before: the model says the same, and stays a plain checkpoint that every engine serves.
///
/// AWQ's search without its clipping (https://arxiv.org/abs/2306.00978; ModelOpt's awq_lite), whose export leaves the
/// scales of o_proj beside the weights wherever several query heads share a key/value head. Here those heads share one
/// scale, which is then folded into v_proj:
///
///     q, k, v  <- input_layernorm        gate, up <- post_attention_layernorm
///     o        <- rows of v              down     <- rows of up
public struct ActivationAwareScaling {
    /// How much a product gained on the calibration inputs.
    public struct Gain: Sendable, Equatable {
        /// The first matrix of the product.
        public let module: String
        /// Squared error of the output, with scales and without.
        public let error: Double, unscaledError: Double
    }

    private let checkpoint: Checkpoint
    private let configuration: ModelConfiguration
    private let inputs: CalibrationRun.Inputs
    private let workers: WorkerPool

    /// - Parameter inputs: measured on this model.
    /// - Throws: ``CalibrationError`` for an architecture whose layers are put together otherwise.
    public init(source: URL, inputs: CalibrationRun.Inputs, workers: WorkerPool) throws {
        configuration = try ModelConfiguration(directory: source)
        guard ["llama", "qwen2", "qwen3"].contains(configuration.modelType) else {
            throw CalibrationError.unsupported(modelType: configuration.modelType)
        }
        checkpoint = try Checkpoint(directory: source)
        self.inputs = inputs
        self.workers = workers
    }

    /// Writes the scaled model, unquantised (its linears in fp32), and returns what it gains.
    ///
    /// - Returns: the gains, and the largest magnitude at each linear's input in the scaled model.
    public func run(
        to destination: URL, overwrites: Bool = false, progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> (gains: [Gain], inputAmax: [String: Float]) {
        var gains: [Gain] = []
        var folds: [String: Fold] = [:]
        for layer in 0..<configuration.layerCount {
            let found = try LayerScaling(
                "model.layers.\(layer)", checkpoint: checkpoint, configuration: configuration, inputs: inputs,
                workers: workers
            ).search()
            gains += found.gains
            folds.merge(found.folds) { first, _ in first }
            progress(layer + 1, configuration.layerCount)
        }
        var types: [String: TensorDataType] = [:]
        for (name, fold) in folds {
            guard let tensor = checkpoint.find(name) else { continue }
            types[name] = fold.isMatrix ? .float32 : tensor.dataType
        }
        try CheckpointRewrite(checkpoint, types: types, overwrites: overwrites).run(to: destination) { tensor in
            try folds[tensor.name]?.applied(to: try tensor.floats()) ?? tensor.floats()
        }
        var amax: [String: Float] = [:]
        for (module, statistics) in inputs.statistics {
            let scales = folds["\(module).weight"]?.columnScales
            amax[module] = zip(statistics.amax, scales ?? []).map { $0 / $1 }.max() ?? statistics.amax.max() ?? 0
        }
        return (gains, amax)
    }
}

/// What becomes of one tensor: columns are multiplied, rows are divided.
struct Fold {
    var columnScales: [Float]?
    var rowScales: [Float]?
    /// A vector (norm, bias) is divided by its row scales, and keeps its type.
    var isMatrix = true

    func applied(to values: [Float]) -> [Float] {
        var values = values
        guard isMatrix else {
            if let rowScales { for index in values.indices { values[index] /= rowScales[index] } }
            return values
        }
        let columns = columnScales?.count ?? values.count / max(1, rowScales?.count ?? 1)
        for row in 0..<values.count / max(1, columns) {
            let divisor = rowScales?[row] ?? 1
            for column in 0..<columns { values[row * columns + column] *= (columnScales?[column] ?? 1) / divisor }
        }
        return values
    }
}
