import Checkpoints
import Foundation
import JSON

/// A model directory put together in memory, to be written with whatever damage a test needs.
struct ModelBuilder {
    var configuration: JSONObject
    var tensors: [(TensorDeclaration, [UInt8])] = []
    var files: [String: String] = [:]

    /// Copies a fixture.
    init(copying directory: URL) throws {
        configuration =
            try JSONValue(parsing: Data(contentsOf: directory.appending(path: "config.json"))).object ?? JSONObject()
        let checkpoint = try Checkpoint(directory: directory)
        for name in checkpoint.names {
            let view = try checkpoint.tensor(name)
            tensors.append((TensorDeclaration(name, view.dataType, view.shape), view.withUnsafeBytes { Array($0) }))
        }
        let modelOpt = directory.appending(path: "hf_quant_config.json")
        if let text = try? String(contentsOf: modelOpt, encoding: .utf8) { files["hf_quant_config.json"] = text }
    }

    mutating func remove(_ name: String) { tensors.removeAll { $0.0.name == name } }

    mutating func replace(_ name: String, _ type: TensorDataType, _ shape: [Int], _ bytes: [UInt8]) {
        remove(name)
        tensors.append((TensorDeclaration(name, type, shape), bytes))
    }

    mutating func replace(_ name: String, scalar: Float) {
        replace(name, .float32, [], withUnsafeBytes(of: scalar, Array.init))
    }

    /// Changes the bytes of a tensor in place.
    mutating func edit(_ name: String, _ body: (inout [UInt8]) -> Void) {
        guard let index = tensors.firstIndex(where: { $0.0.name == name }) else { return }
        body(&tensors[index].1)
    }

    @discardableResult func write(to directory: URL) throws -> URL {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let writer = try SafetensorsWriter(
            url: directory.appending(path: "model.safetensors"), tensors: tensors.map(\.0))
        for (tensor, bytes) in tensors { try writer.append(bytes, to: tensor.name) }
        try writer.finish()
        try Data(JSONValue.object(configuration).text(.pretty).utf8).write(to: directory.appending(path: "config.json"))
        for (name, text) in files { try Data(text.utf8).write(to: directory.appending(path: name)) }
        return directory
    }
}
