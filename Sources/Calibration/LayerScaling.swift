import Checkpoints
import Compute

/// The search for one decoder layer's scales.
struct LayerScaling {
    private let layer: String
    private let checkpoint: Checkpoint
    private let configuration: ModelConfiguration
    private let inputs: CalibrationRun.Inputs
    private let workers: WorkerPool

    init(
        _ layer: String, checkpoint: Checkpoint, configuration: ModelConfiguration, inputs: CalibrationRun.Inputs,
        workers: WorkerPool
    ) {
        self.layer = layer
        self.checkpoint = checkpoint
        self.configuration = configuration
        self.inputs = inputs
        self.workers = workers
    }

    /// The folds of the layer's tensors, by name.
    func search() throws -> (folds: [String: Fold], gains: [ActivationAwareScaling.Gain]) {
        // The later products first: their scales change the rows of the earlier ones, which are searched as they will be.
        let down = try found(["mlp.down_proj"])
        let output = try found(["self_attn.o_proj"], shared: sharedByHeads)
        let valueScales = Array(perValueHead(output.scales))
        let gateUp = try found(
            ["mlp.gate_proj", "mlp.up_proj"], rowScales: ["mlp.up_proj": down.scales],
            norm: "post_attention_layernorm")
        let qkv = try found(
            ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
            rowScales: ["self_attn.v_proj": valueScales], norm: "input_layernorm")
        var folds: [String: Fold] = [:]
        func add(_ module: String, columns: [Float], rows: [Float]? = nil) {
            folds["\(layer).\(module).weight"] = Fold(columnScales: columns, rowScales: rows)
            let bias = "\(layer).\(module).bias"
            if let rows, checkpoint.contains(bias) { folds[bias] = Fold(rowScales: rows, isMatrix: false) }
        }
        add("mlp.down_proj", columns: down.scales)
        add("self_attn.o_proj", columns: output.scales)
        add("mlp.gate_proj", columns: gateUp.scales)
        add("mlp.up_proj", columns: gateUp.scales, rows: down.scales)
        add("self_attn.q_proj", columns: qkv.scales)
        add("self_attn.k_proj", columns: qkv.scales)
        add("self_attn.v_proj", columns: qkv.scales, rows: valueScales)
        folds["\(layer).post_attention_layernorm.weight"] = Fold(rowScales: gateUp.scales, isMatrix: false)
        folds["\(layer).input_layernorm.weight"] = Fold(rowScales: qkv.scales, isMatrix: false)
        return (folds, [qkv.gain, output.gain, gateUp.gain, down.gain])
    }

    private struct Found {
        var scales: [Float]
        var gain: ActivationAwareScaling.Gain
    }

    /// The best scales for the inputs of a product.
    ///
    /// - Parameters:
    ///   - rowScales: what rows of a matrix are divided by.
    ///   - norm: where the scales go, if it is a norm.
    ///   - shared: makes features that must have one scale alike.
    private func found(
        _ names: [String], rowScales: [String: [Float]] = [:], norm: String? = nil,
        shared: ([Float]) -> [Float] = { $0 }
    ) throws -> Found {
        let module = "\(layer).\(names[0])"
        guard let statistics = inputs.statistics[module], statistics.sampledRows > 0 else {
            throw CalibrationError.unmeasured(module: module)
        }
        var values: [Float] = []
        var rows: [Float] = []
        for name in names {
            let tensor = try checkpoint.tensor("\(layer).\(name).weight")
            let divisors = rowScales[name] ?? [Float](repeating: 1, count: tensor.shape[0])
            values += Fold(columnScales: nil, rowScales: divisors).applied(to: try tensor.floats())
            rows += divisors
        }
        let matrices = ScaledMatrices(
            values: values, columns: statistics.columns, rowScales: rows, sample: statistics.sample, workers: workers)
        let weight = try norm.map { try checkpoint.tensor("\(layer).\($0).weight") }
        let norms = try weight?.floats()
        let best = matrices.best(magnitudes: shared(statistics.mean)) { scales in
            guard let norms, let weight else { return scales }
            return zip(norms, scales).map { Self.settled($1, norm: $0, weight.dataType) }
        }
        return Found(
            scales: best.scales,
            gain: .init(module: module, error: best.error, unscaledError: best.unscaled))
    }

    /// The scale that a norm's weight can be divided by without being rounded: its type has few bits.
    private static func settled(_ scale: Float, norm: Float, _ type: TensorDataType) -> Float {
        let wanted = norm / scale
        let stored: Float =
            switch type {
            case .bfloat16: Float(bitPattern: UInt32(wanted.roundedToBFloat16) << 16)
            case .float16: Float(Float16(wanted))
            default: wanted
            }
        let settled = norm / stored
        return stored != 0 && settled.isFinite && settled > 0 ? settled : 1
    }

    // MARK: Heads

    private var groupSize: Int { configuration.headCount / configuration.keyValueHeadCount }

    /// Inputs of o_proj that come from one feature of a value head get its mean.
    private func sharedByHeads(_ magnitudes: [Float]) -> [Float] {
        let size = configuration.headSize
        var result = magnitudes
        for group in 0..<configuration.keyValueHeadCount {
            for feature in 0..<size {
                let indices = (0..<groupSize).map { (group * groupSize + $0) * size + feature }
                let mean = indices.reduce(0) { $0 + magnitudes[$1] } / Float(groupSize)
                for index in indices { result[index] = mean }
            }
        }
        return result
    }

    /// The scales of value heads' features, from those of o_proj's inputs, `[kvHeads * headSize]`.
    private func perValueHead(_ scales: [Float]) -> some Sequence<Float> {
        let size = configuration.headSize
        return (0..<configuration.keyValueHeadCount).lazy.flatMap { group in
            scales[group * groupSize * size..<(group * groupSize * size + size)]
        }
    }
}
