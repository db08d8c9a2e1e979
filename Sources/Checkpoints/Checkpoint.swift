import Foundation
import JSON

/// The weights of a Hugging Face directory: one `model.safetensors`, or shards with an index.
public struct Checkpoint: Sendable {
    /// Where the checkpoint is.
    public let directory: URL
    /// The mapped files, in the order of their names.
    public let files: [SafetensorsFile]
    /// All tensor names, sorted.
    public let names: [String]
    private let fileOfTensor: [String: Int]

    package static let singleFile = "model.safetensors"
    package static let indexFile = "model.safetensors.index.json"

    /// Maps the weights of a directory and checks that every tensor is there exactly once.
    public init(directory: URL) throws(CheckpointError) {
        self.directory = directory
        let single = directory.appendingPathComponent(Self.singleFile).path
        let index = directory.appendingPathComponent(Self.indexFile)
        if FileManager.default.fileExists(atPath: single) {
            files = [try SafetensorsFile(path: single)]
        } else if FileManager.default.fileExists(atPath: index.path) {
            files = try Self.shards(index: index)
        } else {
            throw Self.noWeights(in: directory)
        }
        var fileOfTensor: [String: Int] = [:]
        for (position, file) in files.enumerated() {
            for name in file.names {
                if let other = fileOfTensor.updateValue(position, forKey: name) {
                    throw CheckpointError(
                        .malformed, file: file.path, tensor: name,
                        "is also in \(files[other].path); a tensor must be in one shard only")
                }
            }
        }
        self.fileOfTensor = fileOfTensor
        names = fileOfTensor.keys.sorted()
    }

    /// The tensor of that name, or nil.
    public func find(_ name: String) -> TensorView? { fileOfTensor[name].flatMap { files[$0].find(name) } }

    /// The tensor of that name.
    ///
    /// - Throws: ``CheckpointError`` of kind `missing`.
    public func tensor(_ name: String) throws(CheckpointError) -> TensorView {
        guard let tensor = find(name) else {
            throw CheckpointError(
                .missing, file: directory.path, tensor: name,
                "not in the checkpoint, which has \(names.count) tensors; is it complete, and of the architecture that "
                    + "config.json names?")
        }
        return tensor
    }

    /// Whether there is a tensor of that name.
    public func contains(_ name: String) -> Bool { fileOfTensor[name] != nil }

    /// Bytes of all tensors together.
    public var byteCount: Int { files.reduce(0) { $0 + $1.size - $1.headerSize } }

    /// Tells the kernel how all weights will be read, such as ``MemoryAdvice/willNeed`` before loading them.
    public func advise(_ advice: MemoryAdvice) {
        for file in files { file.advise(advice) }
    }

    // MARK: Shards

    private static func shards(index: URL) throws(CheckpointError) -> [SafetensorsFile] {
        let json = try JSONFile.read(index)
        guard let map = json["weight_map"]?.object, !map.isEmpty else {
            throw CheckpointError(.malformed, file: index.path, "has no weight_map from tensors to files")
        }
        var tensorsOfShard: [String: [String]] = [:]
        for (tensor, value) in map {
            guard let shard = value.string, isPlainName(shard) else {
                throw CheckpointError(
                    .malformed, file: index.path, tensor: tensor,
                    "weight_map gives \(value.text()), expected the name of a file beside the index")
            }
            tensorsOfShard[shard, default: []].append(tensor)
        }
        var files: [SafetensorsFile] = []
        for (shard, tensors) in tensorsOfShard.sorted(by: { $0.key < $1.key }) {
            let path = index.deletingLastPathComponent().appendingPathComponent(shard).path
            guard FileManager.default.fileExists(atPath: path) else {
                throw CheckpointError(
                    .missing, file: path,
                    "\(index.lastPathComponent) names this shard (\(tensors.count) tensors), but it is not there; "
                        + "download it again")
            }
            let file = try SafetensorsFile(path: path)
            for tensor in tensors { _ = try file.tensor(tensor) }
            files.append(file)
        }
        return files
    }

    /// A shard is a file beside its index; anything else could read elsewhere.
    private static func isPlainName(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".") && !name.contains("/") && !name.contains("\\") && !name.contains("\0")
    }

    private static func noWeights(in directory: URL) -> CheckpointError {
        let contents = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        let hint: String
        if !FileManager.default.fileExists(atPath: directory.path) {
            hint = "there is no such directory"
        } else if let file = contents.sorted().first(where: { $0.hasSuffix(".gguf") }) {
            hint = "found \(file); convert it with 'annie import'"
        } else if let file = contents.sorted().first(where: { $0.hasSuffix(".bin") || $0.hasSuffix(".pth") }) {
            hint = "found \(file), a pickle, which is not read; save the model as safetensors"
        } else {
            hint = "found neither"
        }
        return CheckpointError(
            .missing, file: directory.path, "expected \(singleFile) or \(indexFile) with its shards; \(hint)")
    }
}
