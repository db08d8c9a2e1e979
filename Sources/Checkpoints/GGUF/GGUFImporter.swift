import Foundation
import JSON

/// Turns a GGUF file into a Hugging Face checkpoint in bf16.
///
/// Writes `model.safetensors` (in shards above a size), `config.json` and `generation_config.json`. The tokenizer's files
/// are written by whoever knows tokenizers, from ``GGUFFile/metadata``.
public struct GGUFImporter: Sendable {
    /// The file.
    public let file: GGUFFile
    /// The model in it.
    public let model: GGUFHyperparameters
    private let names: [GGUFTensorName]
    private let specialTokens: GGUFSpecialTokens

    /// The largest shard Hugging Face's tools make by default.
    public static let defaultShardBytes = 5_000_000_000

    /// Opens a file and checks that it holds a complete model of a known family.
    public init(contentsOf url: URL) throws(GGUFError) {
        file = try GGUFFile(contentsOf: url)
        model = try GGUFHyperparameters(file)
        names = model.tensorNames
        specialTokens = try GGUFSpecialTokens(file.metadata)
        for name in names {
            guard let tensor = file.tensor(named: name.gguf) else { throw .missingTensor(name.gguf) }
            guard tensor.shape == name.shape else {
                throw .wrongShape(tensor: name.gguf, expected: name.shape, found: tensor.shape)
            }
        }
        try refuseUnknownTensors()
    }

    /// Bytes of the weights in bf16.
    public var byteCount: Int { names.reduce(0) { $0 + 2 * $1.shape.reduce(1, *) } }

    /// Writes the checkpoint into a directory that exists.
    ///
    /// - Parameter progress: called with the bytes written so far after each tensor.
    /// - Throws: ``GGUFError`` or ``CheckpointError``.
    public func write(
        to directory: URL, shardBytes: Int = defaultShardBytes, progress: (Int) -> Void = { _ in }
    ) throws {
        let declarations = names.map {
            [TensorDeclaration($0.huggingFace, $0.isExact ? .float32 : .bfloat16, $0.huggingFaceShape)]
        }
        let plan = ShardPlan(declarations, shardSize: shardBytes)
        var tensors = names[...]
        var done = 0
        for (fileName, shard) in zip(plan.names, plan.shards) {
            let writer = try SafetensorsWriter(url: directory.appending(path: fileName), tensors: shard)
            for name in tensors.prefix(shard.count) {
                if name.isExact, let hybrid = model.hybrid {
                    let values = try file.values(try tensor(name), name, hybrid)
                    try values.withUnsafeBytes { try writer.append($0, to: name.huggingFace) }
                } else {
                    let values = try bfloat16(name)
                    try values.withUnsafeBytes { try writer.append($0, to: name.huggingFace) }
                }
                done += (name.isExact ? 4 : 2) * name.shape.reduce(1, *)
                progress(done)
            }
            tensors = tensors.dropFirst(shard.count)
            try writer.finish()
        }
        if let index = plan.index { try write(index, to: directory.appending(path: Checkpoint.indexFile)) }
        try write(model.configuration(specialTokens), to: directory.appending(path: "config.json"))
        try write(specialTokens.generationConfiguration, to: directory.appending(path: "generation_config.json"))
    }

    /// The values of one tensor, rounded to bf16, rows in Hugging Face's order.
    private func bfloat16(_ name: GGUFTensorName) throws(GGUFError) -> [UInt16] {
        if let hybrid = model.hybrid, name.difference != .none {
            return try file.values(try tensor(name), name, hybrid).map { Checkpoints.bfloat16($0) }
        }
        let values = try file.bfloat16(try tensor(name))
        guard let heads = name.permutedHeads else { return values }
        let rows = name.shape[0]
        let columns = values.count / rows
        var result: [UInt16] = []
        result.reserveCapacity(values.count)
        for row in RotaryRowOrder.neighbourRows(rows: rows, heads: heads) {
            result += values[row * columns..<(row + 1) * columns]
        }
        return result
    }

    private func tensor(_ name: GGUFTensorName) throws(GGUFError) -> GGUFTensor {
        guard let tensor = file.tensor(named: name.gguf) else { throw .missingTensor(name.gguf) }
        return tensor
    }

    private func write(_ json: JSONValue, to url: URL) throws {
        try Data((json.text(.pretty) + "\n").utf8).write(to: url)
    }

    /// A tensor that would be left behind may be what makes the model another one.
    private func refuseUnknownTensors() throws(GGUFError) {
        let known = Set(names.map(\.gguf))
        for tensor in file.tensors where !known.contains(tensor.name) {
            let isSidecar = [".scale", ".input_scale"].contains { suffix in
                tensor.name.hasSuffix(suffix) && known.contains(tensor.name.dropLast(suffix.count) + ".weight")
            }
            guard isSidecar || tensor.name == "rope_freqs.weight" else {
                throw .unsupportedFeature(
                    "the tensor '\(tensor.name)', which a \(model.architecture.rawValue) model does not have here")
            }
        }
    }
}
