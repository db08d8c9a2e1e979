import Checkpoints
import Compute
import Foundation
import JSON

/// Makes a checkpoint of a given configuration with random weights: for measuring speed and memory where real weights are
/// not to be had.
///
/// Weights are made while they are written, so that a model larger than the memory can be made. `config.json` and the
/// model card say that the weights are random.
public struct Fabricator {
    /// How linear layers are written.
    public enum Format: String, Sendable, CaseIterable {
        case bfloat16 = "bf16"
        /// In ModelOpt's layout, with the layers that `annie quantize` excludes in bf16.
        case nvfp4
    }

    private let configuration: JSONValue
    private let model: any LanguageModel
    private let format: Format
    private let seed: UInt64
    private static let slabBytes = 8 << 20
    private static let shardBytes = 5_000_000_000
    /// `initializer_range` of the published configurations.
    private static let deviation: Float = 0.02

    /// - Parameter configuration: a `config.json`; of a nested one the decoder is made, without vision.
    /// - Throws: `CheckpointError` or ``ModelLoadingError`` for a configuration that cannot be computed.
    public init(configuration: JSONValue, format: Format, seed: UInt64 = 1) throws {
        self.configuration = Self.textOnly(configuration)
        self.format = format
        self.seed = seed
        let drafts = (self.configuration["mtp_num_hidden_layers"]?.integer ?? 0) > 0
        model = try ModelRegistry.model(
            for: try ModelConfiguration(json: self.configuration), names: .textOnly, drafts: drafts)
    }

    /// Bytes of the weights.
    public var byteCount: Int { declarations().joined().reduce(0) { $0 + $1.declaration.byteCount } }

    /// Writes the checkpoint into a new directory, which appears only when it is complete.
    ///
    /// - Throws: `CheckpointError` when the destination exists or cannot be written.
    public func run(to destination: URL, overwrites: Bool = false, progress: (Int) -> Void = { _ in }) throws {
        let staged = try StagedDirectory(for: destination, overwrites: overwrites)
        let modules = declarations()
        let shards = ShardPlan(modules.map { $0.map(\.declaration) }, shardSize: Self.shardBytes)
        var tensors = modules.joined().makeIterator()
        var done = 0
        for (name, shard) in zip(shards.names, shards.shards) {
            let writer = try SafetensorsWriter(
                url: staged.url.appending(path: name), tensors: shard,
                metadata: ["format": "pt", "weights": "random, seed \(seed)"])
            for _ in shard {
                guard let tensor = tensors.next() else { break }
                try write(tensor, to: writer)
                done += tensor.declaration.byteCount
                progress(done)
            }
            try writer.finish()
        }
        if let index = shards.index { try staged.write(index.text(.pretty) + "\n", to: Checkpoint.indexFile) }
        try writeDescription(to: staged)
        try staged.commit()
    }

    // MARK: Description

    /// The decoder's configuration on its own, as a text-only model is saved.
    private static func textOnly(_ json: JSONValue) -> JSONValue {
        guard var text = json["text_config"]?.object else { return json }
        text["architectures"] = ["Qwen3_5ForCausalLM"]
        if text["tie_word_embeddings"] == nil { text["tie_word_embeddings"] = json["tie_word_embeddings"] }
        return .object(text)
    }

    private func writeDescription(to staged: StagedDirectory) throws(CheckpointError) {
        var object = configuration.object ?? JSONObject()
        object["random_weights"] = .string(
            "made by 'annie fabricate' with seed \(seed): for measuring speed, not for use")
        var json = JSONValue.object(object)
        if format == .nvfp4 {
            let excluded = modulesInBFloat16()
            json = ModelOptFiles.configuration(json, excluding: excluded, untiesHead: false)
            try staged.write(
                ModelOptFiles.quantization(excluding: excluded).text(.pretty) + "\n",
                to: QuantizationConfiguration.modelOptFileName)
        }
        try staged.write(json.text(.pretty) + "\n", to: "config.json")
        try staged.write(
            """
            # Random weights

            This checkpoint was made by `annie fabricate` with random weights (seed \(seed)), to measure how fast a model
            of this size runs and how much memory it takes. It has learned nothing, and what it writes means nothing.

            """, to: "README.md")
    }

    // MARK: Tensors

    /// What a tensor is filled with.
    private enum Content {
        case matrix
        case codes
        case scales
        case constant(Float)
        /// Logarithms of rates of decay.
        case rates
    }

    private struct Tensor {
        let declaration: TensorDeclaration
        let content: Content
    }

    private func isQuantized(_ linear: Linear) -> Bool {
        // What Model Optimizer leaves out as well.
        let excluded = [".in_proj_a", ".in_proj_b"]
        if linear.parts.contains(where: { $0.name.hasPrefix("mtp.") }) { return false }
        return format == .nvfp4 && linear.role == .body && linear.columns.isMultiple(of: 16)
            && !linear.parts.contains { part in excluded.contains(where: part.name.hasSuffix) }
    }

    private func modulesInBFloat16() -> [String] {
        let linears = model.parameters.linears.filter { !isQuantized($0) && $0.role == .body }
        let convolutions = model.parameters.arrays.map(\.key).filter { $0.hasSuffix(".conv1d.weight") }
        return ["lm_head"] + linears.flatMap { $0.parts.map(\.name) }
            + convolutions.map { String($0.dropLast(".weight".count)) }
    }

    /// Module by module.
    private func declarations() -> [[Tensor]] {
        let table = model.parameters
        var modules: [[Tensor]] = []
        if let embedding = table.embedding {
            modules.append([matrix(embedding.name, embedding.rows, embedding.columns)])
        }
        for linear in table.linears {
            for part in linear.parts where part.name != table.embedding?.name {
                modules.append(
                    isQuantized(linear) ? quantized(part, linear) : [matrix(part.name, part.rows, linear.columns)])
                if linear.hasBias { modules.append([vector("\(part.name).bias", [part.rows], .constant(0))]) }
            }
        }
        for norm in table.norms {
            modules.append([vector("\(norm.name).weight", [norm.columns], .constant(1 - norm.offset))])
        }
        for array in table.arrays {
            if array.key.hasSuffix(".A_log") {
                modules.append([Tensor(declaration: .init(array.key, .float32, array.shape), content: .rates)])
            } else {
                modules.append([vector(array.key, array.shape, array.shape.count > 1 ? .matrix : .constant(1))])
            }
        }
        return modules
    }

    private func matrix(_ name: String, _ rows: Int, _ columns: Int) -> Tensor {
        vector("\(name).weight", [rows, columns], .matrix)
    }

    private func vector(_ name: String, _ shape: [Int], _ content: Content) -> Tensor {
        Tensor(declaration: TensorDeclaration(name, .bfloat16, shape), content: content)
    }

    private func quantized(_ part: Linear.Part, _ linear: Linear) -> [Tensor] {
        let scale = Self.deviation / RandomWeights.nvfp4Magnitude
        return [
            Tensor(
                declaration: .init("\(part.name).weight", .uint8, [part.rows, linear.columns / 2]), content: .codes),
            Tensor(
                declaration: .init("\(part.name).weight_scale", .float8E4M3, [part.rows, linear.columns / 16]),
                content: .scales),
            Tensor(declaration: .init("\(part.name).weight_scale_2", .float32, []), content: .constant(scale)),
            Tensor(declaration: .init("\(part.name).input_scale", .float32, []), content: .constant(1)),
        ]
    }

    private func write(_ tensor: Tensor, to writer: SafetensorsWriter) throws(CheckpointError) {
        let declaration = tensor.declaration
        var random = RandomWeights(seed: seed, name: declaration.name)
        let slab = UnsafeMutableRawBufferPointer.allocate(
            byteCount: min(Self.slabBytes, declaration.byteCount), alignment: 64)
        defer { slab.deallocate() }
        var left = declaration.byteCount
        while left > 0 {
            let part = UnsafeMutableRawBufferPointer(rebasing: slab[..<min(left, slab.count)])
            fill(part, tensor, &random)
            try writer.append(UnsafeRawBufferPointer(part), to: declaration.name)
            left -= part.count
        }
    }

    private func fill(_ bytes: UnsafeMutableRawBufferPointer, _ tensor: Tensor, _ random: inout RandomWeights) {
        switch tensor.content {
        case .codes: random.fillCodes(bytes)
        case .scales: random.fillScales(bytes)
        case .matrix: random.fillBFloat16(bytes.bindMemory(to: UInt16.self), deviation: Self.deviation)
        case .rates:
            // Heads that remember from one token to a hundred.
            for index in 0..<bytes.count / 4 {
                bytes.storeBytes(of: -4.6 * random.uniform(), toByteOffset: index * 4, as: Float.self)
            }
        case .constant(let value):
            if tensor.declaration.dataType == .float32 {
                for index in 0..<bytes.count / 4 {
                    bytes.storeBytes(of: value, toByteOffset: index * 4, as: Float.self)
                }
            } else {
                let half = UInt16(truncatingIfNeeded: value.bitPattern >> 16)
                for index in 0..<bytes.count / 2 {
                    bytes.storeBytes(of: half, toByteOffset: index * 2, as: UInt16.self)
                }
            }
        }
    }
}
