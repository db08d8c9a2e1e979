import Foundation
import JSON

/// Copies a checkpoint's directory with some of its tensors computed anew, or left out.
package struct CheckpointRewrite {
    private let checkpoint: Checkpoint
    private let overwrites: Bool
    /// Tensors whose values ``run(to:configuration:change:)`` computes, with their new types; others are copied.
    private let types: [String: TensorDataType]
    private let dropped: Set<String>

    /// - Parameters:
    ///   - types: the tensors that are computed anew, and in which type they are written.
    ///   - dropped: the tensors that are left out.
    package init(
        _ checkpoint: Checkpoint, types: [String: TensorDataType], dropped: Set<String> = [], overwrites: Bool
    ) {
        self.checkpoint = checkpoint
        self.types = types
        self.dropped = dropped
        self.overwrites = overwrites
    }

    /// Writes the directory, which appears only when it is complete.
    ///
    /// - Parameters:
    ///   - configuration: makes of `config.json` what it becomes; nil copies it.
    ///   - values: the values of a tensor that is computed anew, in the shape that it has (NVFP4 codes: twice the columns).
    package func run(
        to destination: URL, leavingOut files: Set<String> = [], configuration: ((JSONValue) -> JSONValue)? = nil,
        values: (TensorView) throws -> [Float]
    ) throws {
        let staged = try StagedDirectory(for: destination, overwrites: overwrites)
        let tensors = checkpoint.names.filter { !dropped.contains($0) }.compactMap { checkpoint.find($0) }
        let writer = try SafetensorsWriter(
            url: staged.url.appending(path: Checkpoint.singleFile), tensors: tensors.map(declaration))
        for tensor in tensors {
            guard let type = types[tensor.name] else {
                try tensor.withUnsafeBytes { bytes throws(CheckpointError) in try writer.append(bytes, to: tensor.name)
                }
                continue
            }
            try writer.append(Self.bytes(try values(tensor), type), to: tensor.name)
        }
        try writer.finish()
        for file in try otherFiles(files) { try staged.copy(file) }
        if let configuration {
            let name = ModelConfiguration.fileName
            let json = configuration(try JSONFile.read(checkpoint.directory.appending(path: name)))
            try? FileManager.default.removeItem(at: staged.url.appending(path: name))
            try staged.write(json.text(.pretty) + "\n", to: name)
        }
        try staged.commit()
    }

    private func declaration(_ tensor: TensorView) -> TensorDeclaration {
        guard let type = types[tensor.name] else {
            return TensorDeclaration(tensor.name, tensor.dataType, tensor.shape)
        }
        var shape = tensor.shape
        if tensor.dataType == .uint8, let columns = shape.popLast() { shape.append(columns * 2) }
        return TensorDeclaration(tensor.name, type, shape)
    }

    /// Values as they are stored.
    private static func bytes(_ values: [Float], _ type: TensorDataType) -> [UInt8] {
        switch type {
        case .bfloat16: return values.flatMap { withUnsafeBytes(of: $0.roundedToBFloat16.littleEndian, Array.init) }
        case .float16: return values.flatMap { withUnsafeBytes(of: Float16($0).bitPattern.littleEndian, Array.init) }
        default: return values.withUnsafeBytes(Array.init)
        }
    }

    /// The plain files beside the weights: tokenizer, template, configuration.
    private func otherFiles(_ leftOut: Set<String>) throws(CheckpointError) -> [URL] {
        let weights: Set<String> = ["safetensors", "bin", "pt", "pth", "gguf", "h5", "msgpack", "onnx"]
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: checkpoint.directory.path) else {
            throw CheckpointError(.unreadable, file: checkpoint.directory.path, "cannot list it")
        }
        return names.sorted().compactMap { name in
            let file = checkpoint.directory.appending(path: name)
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isDirectory), !isDirectory.boolValue,
                !name.hasPrefix("."), !name.hasSuffix(".index.json"), !leftOut.contains(name),
                !weights.contains(file.pathExtension)
            else { return nil }
            return file
        }
    }
}

extension Float {
    /// The nearest bf16 number's bits, ties to even.
    package var roundedToBFloat16: UInt16 {
        guard isFinite else { return UInt16(bitPattern >> 16) | (isNaN ? 0x40 : 0) }
        return UInt16((bitPattern + 0x7FFF + (bitPattern >> 16 & 1)) >> 16)
    }
}
