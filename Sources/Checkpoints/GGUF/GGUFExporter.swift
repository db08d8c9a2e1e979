import Foundation
import JSON

/// Writes a Hugging Face checkpoint (dense, or NVFP4 in ModelOpt's or compressed-tensors' layout) as a GGUF file that
/// llama.cpp runs.
///
/// NVFP4 codes and block scales are kept bit for bit; a tensor's second scale goes into a sidecar tensor `NAME.scale`.
/// Norms and biases are written in F32. The tokenizer's metadata come from whoever knows tokenizers.
public struct GGUFExporter: Sendable {
    /// How tensors that are not NVFP4 are written: the embedding, and all linears of a dense checkpoint.
    public enum DenseFormat: String, Sendable, CaseIterable {
        case bfloat16 = "bf16"
        case q8_0
    }

    /// The model to write.
    public let model: GGUFHyperparameters
    private let checkpoint: Checkpoint
    private let denseFormat: DenseFormat
    private let name: String
    /// What stands before a tensor's name in a checkpoint that sees and reads.
    private let prefix: String

    /// Opens a checkpoint and checks that every tensor is there, in a format that can be written.
    ///
    /// - Throws: ``GGUFError`` or ``CheckpointError``.
    public init(directory: URL, denseFormat: DenseFormat = .bfloat16) throws {
        checkpoint = try Checkpoint(directory: directory)
        model = try GGUFHyperparameters(ModelConfiguration(directory: directory), checkpoint: checkpoint)
        self.denseFormat = denseFormat
        name = directory.lastPathComponent
        let nested = "model.language_model."
        prefix = checkpoint.contains(nested + "embed_tokens.weight") ? nested : "model."
        _ = try items()
    }

    /// Writes the file; it appears under its name only when it is complete.
    ///
    /// - Parameters:
    ///   - tokenizer: the keys `tokenizer.*`.
    ///   - progress: called with the bytes written and their total after each tensor.
    /// - Throws: ``GGUFError`` or ``CheckpointError``.
    public func write(
        to file: URL, tokenizer: GGUFMetadata, progress: (_ bytes: Int, _ total: Int) -> Void = { _, _ in }
    ) throws {
        let items = try items()
        let isNVFP4 = items.contains { $0.declaration.type == .nvfp4 }
        // llama.cpp's codes for "mostly NVFP4", "mostly BF16" and "mostly Q8_0".
        let fileType: UInt32 = isNVFP4 ? 39 : denseFormat == .bfloat16 ? 32 : 7
        var metadata = model.metadata(name: name, fileType: fileType)
        for key in tokenizer.keys { metadata[key] = tokenizer[key] }
        let writer = try GGUFWriter(url: file, metadata: metadata, tensors: items.map(\.declaration))
        let total = items.reduce(0) { $0 + $1.declaration.byteCount }
        var done = 0
        for item in items {
            let bytes = try item.bytes()
            try bytes.withUnsafeBytes { try writer.append($0, to: item.declaration) }
            done += bytes.count
            progress(done, total)
        }
        try writer.finish()
    }

    // MARK: Tensors

    /// A tensor of the file, and how to make its bytes when their turn comes.
    private struct Item {
        let declaration: GGUFWriter.Declaration
        let bytes: () throws(CheckpointError) -> [UInt8]
    }

    private func items() throws -> [Item] {
        var items: [Item] = []
        for name in model.tensorNames { items += try self.items(name) }
        if case .llama3(let factor, let context) = model.ropeScaling {
            let table = model.llama3FrequencyTable(factor: factor, originalContext: context)
            items.append(float32("rope_freqs.weight", table))
        }
        return items
    }

    private func items(_ name: GGUFTensorName) throws -> [Item] {
        let isEmbedding = name.gguf == "token_embd.weight"
        if name.isMatrix, !isEmbedding { return try linear(name) }
        let view = try checkpoint.tensor(source(name))
        try view.requireShape(name.huggingFaceShape, because: "config.json")
        return [isEmbedding ? dense(name, .dense(view)) : vector(name, view)]
    }

    /// The tensor's name in this checkpoint.
    private func source(_ name: GGUFTensorName) -> String {
        name.huggingFace.hasPrefix("model.") ? prefix + name.huggingFace.dropFirst("model.".count) : name.huggingFace
    }

    /// A norm, a bias or another tensor that is kept exactly, in F32.
    private func vector(_ name: GGUFTensorName, _ view: TensorView) -> Item {
        let order = name.rowOrder(model.hybrid)
        return Item(declaration: .init(name: name.gguf, type: .f32, shape: name.shape)) { () throws(CheckpointError) in
            let values = try view.floats().map(name.stored)
            return Self.bytes(Self.reordered(values, columns: values.count / order.count, order).map(\.bitPattern))
        }
    }

    /// A linear layer's weights: NVFP4 with its sidecars where the checkpoint has that and rows are whole blocks of 64.
    private func linear(_ name: GGUFTensorName) throws -> [Item] {
        let module = String(source(name).dropLast(".weight".count))
        let columns = name.shape[1]
        let weights = try checkpoint.linear(module, rows: name.shape[0], columns: columns)
        guard case .nvfp4(let codes, let scales, let tensorScale, let inputScale) = weights, columns % 64 == 0,
            let groups = name.groupOrder(model.hybrid)
        else { return [dense(name, weights)] }
        let order = name.rowOrder(model.hybrid)
        let blocks = Item(declaration: .init(name: name.gguf, type: .nvfp4, shape: name.shape)) {
            () throws(CheckpointError) in
            codes.withUnsafeBytes { codes in
                scales.withUnsafeBytes {
                    GGUFEncoding.nvfp4(codes: codes, scales: $0, columns: columns, order: order, groups: groups)
                }
            }
        }
        let base = String(name.gguf.dropLast(".weight".count))
        var items = [blocks, float32(base + ".scale", [tensorScale])]
        // An input scale of 1 stands for an input that was never measured.
        if let inputScale, inputScale != 1 { items.append(float32(base + ".input_scale", [inputScale])) }
        return items
    }

    /// A matrix in the format for what is not NVFP4.
    private func dense(_ name: GGUFTensorName, _ weights: LinearWeights) -> Item {
        let columns = name.shape[1]
        let (order, columnOrder) = (name.rowOrder(model.hybrid), name.columnOrder(model.hybrid))
        let type: GGUFTensorType = denseFormat == .q8_0 && columns % 32 == 0 ? .q8_0 : .bf16
        return Item(declaration: .init(name: name.gguf, type: type, shape: name.shape)) { () throws(CheckpointError) in
            var values = Self.reordered(try weights.floats(), columns: columns, order)
            if let columnOrder { values = Self.reordered(values, columns: columnOrder) }
            return type == .q8_0 ? GGUFEncoding.q8_0(values) : Self.bytes(values.map { bfloat16($0) })
        }
    }

    private func float32(_ name: String, _ values: [Float]) -> Item {
        Item(declaration: .init(name: name, type: .f32, shape: [values.count])) { () throws(CheckpointError) in
            Self.bytes(values.map(\.bitPattern))
        }
    }

    private static func reordered(_ values: [Float], columns: Int, _ order: [Int]) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(values.count)
        for row in order { result += values[row * columns..<(row + 1) * columns] }
        return result
    }

    /// The columns of every row in another order.
    private static func reordered(_ values: [Float], columns order: [Int]) -> [Float] {
        stride(from: 0, to: values.count, by: order.count).flatMap { row in order.map { values[row + $0] } }
    }

    private static func bytes(_ values: [some FixedWidthInteger]) -> [UInt8] {
        // The machines this runs on are little-endian, as the file is.
        values.withUnsafeBytes { Array($0) }
    }
}
