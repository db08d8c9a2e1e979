import Checkpoints
import Compute
import Foundation
import Models

/// A model's parameters as one block of fp32, in the order of the model: the masters that are trained.
///
/// Matrices that are computed as one product stand one after the other, so their product's weights are one matrix, and so
/// are its gradients.
final class ParameterStore {
    /// One tensor of the checkpoint.
    struct Parameter: Equatable {
        let name: String
        let shape: [Int]
        let range: Range<Int>

        /// Whether it is a vector: a norm or a bias.
        var isVector: Bool { shape.count == 1 }
    }

    let table: ParameterTable
    private(set) var parameters: [Parameter] = []
    /// Values of all parameters.
    let memory: MappedMemory
    let count: Int
    private var offsets: [String: Int] = [:]
    private let checkpoint: Checkpoint
    private let workers: WorkerPool
    /// Whether the matrices of linear layers are in memory; else they are read from the checkpoint when they are packed.
    let keepsMatrices: Bool

    var values: UnsafeMutablePointer<Float> { memory.floats }

    /// Reads the parameters of a checkpoint.
    ///
    /// - Parameter keepsMatrices: false for weights that are not trained: the memory of those matrices is never touched.
    /// - Throws: `CheckpointError` for a missing tensor or one of another shape, ``TrainingError`` for quantised weights.
    init(_ table: ParameterTable, checkpoint: Checkpoint, keepsMatrices: Bool = true, workers: WorkerPool) throws {
        self.table = table
        self.checkpoint = checkpoint
        self.workers = workers
        self.keepsMatrices = keepsMatrices
        let layout = Self.layout(table)
        parameters = layout
        count = layout.last.map { $0.range.upperBound } ?? 0
        for parameter in layout { offsets[parameter.name] = parameter.range.lowerBound }
        memory = MappedMemory(byteCount: count * 4)
        let matrices = Set(table.linears.filter { $0.role == .body }.flatMap { $0.parts.map { "\($0.name).weight" } })
        for parameter in layout {
            let tensor = try checkpoint.tensor(parameter.name)
            guard tensor.dataType.isDenseWeight else {
                throw TrainingError.badCheckpoint(
                    "\(parameter.name) is \(tensor.dataType.rawValue) in \(tensor.file), expected BF16, F16 or F32; "
                        + "train the unquantised model: adapters trained beside quantised weights cannot be merged "
                        + "into them, because rounding the sum gives weights that training never saw")
            }
            try tensor.requireShape(parameter.shape, because: "config.json describes the model")
            if keepsMatrices || !matrices.contains(parameter.name) {
                load(tensor, parameter.shape, into: values + parameter.range.lowerBound)
            }
        }
        // The file's pages would count as memory of ours until somebody else needs it.
        checkpoint.advise(.dontNeed)
    }

    private func load(_ tensor: TensorView, _ shape: [Int], into values: UnsafeMutablePointer<Float>) {
        let target = UnsafeMutableBufferPointer(start: values, count: tensor.elementCount)
        guard shape.count == 2 else { return tensor.copyFloats(into: target) }
        let columns = shape[1]
        let rowsPerChunk = max(1, (1 << 18) / max(columns, 1))
        nonisolated(unsafe) let all = target
        workers.run(chunks: (shape[0] + rowsPerChunk - 1) / rowsPerChunk) { chunk in
            let rows = chunk * rowsPerChunk..<min((chunk + 1) * rowsPerChunk, shape[0])
            tensor.rows(rows).copyFloats(
                into: .init(rebasing: all[rows.lowerBound * columns..<rows.upperBound * columns]))
        }
    }

    /// Reads the weights of a product that are not kept.
    func read(_ linear: Linear, into values: UnsafeMutablePointer<Float>) {
        var next = values
        for part in linear.parts {
            // It was there, of this shape and type, when the store was made, and stays mapped.
            guard let tensor = checkpoint.find("\(part.name).weight") else { continue }
            load(tensor, [part.rows, linear.columns], into: next)
            tensor.advise(.dontNeed)
            next += part.rows * linear.columns
        }
    }

    private static func layout(_ table: ParameterTable) -> [Parameter] {
        var parameters: [Parameter] = []
        var known: Set<String> = []
        var offset = 0
        func add(_ name: String, _ shape: [Int]) {
            guard known.insert(name).inserted else { return }  // tied to one that came before
            let count = shape.reduce(1, *)
            parameters.append(Parameter(name: name, shape: shape, range: offset..<offset + count))
            // Every tensor begins at a multiple of 16 floats, but parts of one product have no gap between them.
            offset += count
        }
        func align() { offset = (offset + 15) / 16 * 16 }
        if let embedding = table.embedding { add("\(embedding.name).weight", [embedding.rows, embedding.columns]) }
        for linear in table.linears {
            align()
            for part in linear.parts { add("\(part.name).weight", [part.rows, linear.columns]) }
            align()
            if linear.hasBias { for part in linear.parts { add("\(part.name).bias", [part.rows]) } }
        }
        for norm in table.norms {
            align()
            add("\(norm.name).weight", [norm.columns])
        }
        for array in table.arrays {
            align()
            add(array.key, array.shape)
        }
        return parameters
    }

    // MARK: Where things are

    func parameter(_ name: String) -> Parameter? { parameters.first { $0.name == name } }

    /// The first value of a product's weights.
    func offset(_ linear: Linear) -> Int { offsets["\(linear.parts[0].name).weight"] ?? 0 }

    /// The first bias of a product.
    func biasOffset(_ linear: Linear) -> Int { offsets["\(linear.parts[0].name).bias"] ?? 0 }

    func offset(_ norm: Norm) -> Int { offsets["\(norm.name).weight"] ?? 0 }

    func offset(_ array: ParameterArray) -> Int { offsets[array.key] ?? 0 }

    func offset(_ embedding: Embedding) -> Int { offsets["\(embedding.name).weight"] ?? 0 }
}

extension Linear {
    /// Output features of all parts.
    var rowCount: Int { parts.reduce(0) { $0 + $1.rows } }
}

extension ParameterArray {
    /// Values.
    var count: Int { shape.reduce(1, *) }
}
