import Checkpoints
import Compute

/// Brings a checkpoint's tensors into the form an executor computes with.
struct WeightReader {
    let checkpoint: Checkpoint
    let options: LoadingOptions
    let isQuantized: Bool
    let workers: WorkerPool
    /// Weights that an earlier start packed.
    var kept: PackedWeights?
    let memory = WeightMemory()

    func weights(for table: ParameterTable) throws -> CPUWeights {
        guard let embedding = table.embedding else {
            throw ModelLoadingError.unsupportedWeights(layer: "embeddings", message: "the model declares none")
        }
        try UnreadTensors(table).refuse(in: checkpoint)
        return CPUWeights(
            linears: try table.linears.map(packed), norms: try table.norms.map(values),
            arrays: try table.arrays.map(values), embedding: try rows(embedding))
    }

    private func values(_ array: ParameterArray) throws -> [Float] {
        let tensor = try checkpoint.tensor(array.key)
        try tensor.requireShape(array.shape, because: "config.json gives it this shape")
        return try tensor.floats()
    }

    private func values(_ norm: Norm) throws -> [Float] {
        let tensor = try checkpoint.tensor(norm.name + ".weight")
        try tensor.requireShape([norm.columns], because: "config.json gives a norm \(norm.columns) features")
        return try tensor.floats()
    }

    private func rows(_ embedding: Embedding) throws -> EmbeddingTable {
        let tensor = try checkpoint.tensor(embedding.name + ".weight")
        try tensor.requireShape(
            [embedding.rows, embedding.columns], because: "config.json says vocab_size and hidden_size")
        guard let base = tensor.bytes.baseAddress, Self.isAligned(tensor) else {
            let floats = SharedFloats(try tensor.floats())
            return EmbeddingTable(storage: .float32(floats.pointer), columns: embedding.columns, owner: floats)
        }
        let storage: EmbeddingTable.Storage
        switch tensor.dataType {
        case .bfloat16: storage = .bfloat16(base.assumingMemoryBound(to: UInt16.self))
        case .float16: storage = .float16(base.assumingMemoryBound(to: UInt16.self))
        case .float32: storage = .float32(base.assumingMemoryBound(to: Float.self))
        default:
            throw ModelLoadingError.unsupportedWeights(
                layer: embedding.name,
                message: "found embeddings of type \(tensor.dataType.rawValue), expected BF16, F16 or F32")
        }
        return EmbeddingTable(storage: storage, columns: embedding.columns, owner: tensor)
    }

    private func packed(_ layer: Linear) throws -> PackedLinear {
        let parts = try layer.parts.map { part in
            (part, try checkpoint.linear(part.name, rows: part.rows, columns: layer.columns))
        }
        let format = try commonFormat(layer, parts.map(\.1))
        try requireSharedScales(parts.map { (name: $0.name, weights: $1) })
        let biases = layer.hasBias ? try layer.parts.map(bias) : nil
        let inputScale = Self.inputScale(parts.map(\.1))
        if let linear = kept?.linear(layer, format: format, biases: biases, inputScale: inputScale) { return linear }
        // What was packed is not read again, and need not count as this process's memory.
        defer { for (_, weights) in parts { weights.advise(.dontNeed) } }
        var owners: [any Sendable] = []
        let sources = try parts.map { part, weights in
            (rows: part.rows, source: try source(weights, part: part, owners: &owners))
        }
        defer { withExtendedLifetime(owners) {} }
        do {
            return try PackedLinear(
                parts: sources, columns: layer.columns, format: format, biases: biases,
                inputScale: inputScale, memory: memory, pool: workers)
        } catch {
            throw ModelLoadingError.unsupportedWeights(layer: layer.parts[0].name, message: "\(error)")
        }
    }

    /// The parts share it; without one, inputs up to 2688 are taken as they are.
    private static func inputScale(_ parts: [LinearWeights]) -> Float {
        guard case .nvfp4(_, _, _, let scale?) = parts.first else { return 1 }
        return scale
    }

    private func bias(_ part: Linear.Part) throws -> [Float] {
        let tensor = try checkpoint.tensor(part.name + ".bias")
        try tensor.requireShape([part.rows], because: "a bias for each output")
        return try tensor.floats()
    }

    /// The format of a product: that of its parts, which share one input and are all quantised or none.
    private func commonFormat(_ layer: Linear, _ parts: [LinearWeights]) throws -> WeightFormat {
        let formats = parts.map { weights -> WeightFormat in
            switch weights {
            case .nvfp4: .nvfp4
            case .int8: .int8
            case .dense: denseFormat(layer.role)
            }
        }
        guard formats.allSatisfy({ $0 == formats[0] }) else {
            let names = zip(layer.parts, formats).map { "\($0.name) is \($1)" }.joined(separator: ", ")
            throw ModelLoadingError.unsupportedWeights(
                layer: layer.parts[0].name,
                message: "layers that are computed as one product must all be quantised or none: \(names)")
        }
        return formats[0]
    }

    /// Refuses joined NVFP4 matrices with scales of their own: engines that keep one scale for the whole (vLLM) would
    /// compute something else from such a file, so it cannot be what was meant.
    private func requireSharedScales(_ parts: [(name: String, weights: LinearWeights)]) throws {
        let scales = parts.compactMap { part -> (name: String, weight: Float, input: Float?)? in
            guard case .nvfp4(_, _, let scale, let input) = part.weights else { return nil }
            return (part.name, scale, input)
        }
        guard let first = scales.first else { return }
        guard scales.allSatisfy({ $0.weight == first.weight && $0.input == first.input }) else {
            let found = scales.map { "\($0.name) has \($0.weight)\($0.input.map { " and \($0)" } ?? "")" }
            throw ModelLoadingError.unsupportedWeights(
                layer: first.name,
                message: "layers that are computed as one product must share their tensor scale and input scale, but "
                    + found.joined(separator: ", ") + ". Quantise the model again with shared scales ('annie quantize')"
            )
        }
    }

    private func denseFormat(_ role: Linear.Role) -> WeightFormat {
        if options.dataType == .float32 { return .float32 }
        guard role == .head else { return .bfloat16 }
        switch options.headFormat {
        case .bfloat16: return .bfloat16
        case .int8: return .int8
        case .auto: return isQuantized && options.dataType == .auto ? .int8 : .bfloat16
        }
    }

    private func source(
        _ weights: LinearWeights, part: Linear.Part, owners: inout [any Sendable]
    ) throws -> WeightSource {
        switch weights {
        case .nvfp4(let codes, let scales, let tensorScale, _):
            return .nvfp4(
                codes: try pointer(codes, UInt8.self), scales: try pointer(scales, UInt8.self), tensorScale: tensorScale
            )
        case .int8(let values, let scales):
            return .int8(try pointer(values, Int8.self), scales: try pointer(scales, UInt16.self))
        case .dense(let tensor) where tensor.dataType == .bfloat16 && Self.isAligned(tensor):
            return .bfloat16(try pointer(tensor, UInt16.self))
        case .dense(let tensor) where tensor.dataType == .float32 && Self.isAligned(tensor):
            return .float32(try pointer(tensor, Float.self))
        case .dense(let tensor):
            let floats = SharedFloats(try tensor.floats())
            owners.append(floats)
            return .float32(floats.pointer)
        }
    }

    private func pointer<Element>(_ tensor: TensorView, _: Element.Type) throws -> UnsafePointer<Element> {
        guard let base = tensor.bytes.baseAddress else {
            throw ModelLoadingError.unsupportedWeights(layer: tensor.name, message: "the tensor is empty")
        }
        return base.assumingMemoryBound(to: Element.self)
    }

    private static func isAligned(_ tensor: TensorView) -> Bool {
        Int(bitPattern: tensor.bytes.baseAddress).isMultiple(of: tensor.dataType.size)
    }
}

/// Converted weights that stay in memory for as long as somebody points at them.
private final class SharedFloats: @unchecked Sendable {
    // Immutable after init.
    let pointer: UnsafePointer<Float>
    private let memory: UnsafeMutablePointer<Float>

    init(_ values: [Float]) {
        memory = .allocate(capacity: max(1, values.count))
        memory.initialize(from: values, count: values.count)
        pointer = UnsafePointer(memory)
    }

    deinit { memory.deallocate() }
}
