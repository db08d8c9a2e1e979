import Checkpoints
import Compute
import Foundation
import Testing
import Training

/// The gradient of gate and up is packed as it is computed where their width is whole panels, and is a matrix first where it
/// is not, or where biases want it: the same either way.
@Suite struct GatedWidthTests {
    private static let (hidden, wide, narrow) = (64, 128, 96)

    /// llama_tiny with 96 columns between gate and down; or with 128, of which the last 32 are zeros and change nothing.
    private func model(isWide: Bool, hasBias: Bool, in folder: URL) throws -> URL {
        let golden = try GoldenTraining("llama_tiny")
        let directory = folder.appending(path: "\(isWide)-\(hasBias)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let width = isWide ? Self.wide : Self.narrow
        let config = try String(contentsOf: golden.directory.appending(path: "config.json"), encoding: .utf8)
            .replacing("\"intermediate_size\": 128", with: "\"intermediate_size\": \(width)")
            .replacing("\"mlp_bias\": false", with: "\"mlp_bias\": \(hasBias)")
        try config.write(to: directory.appending(path: "config.json"), atomically: true, encoding: .utf8)

        let file = try SafetensorsFile(path: golden.directory.appending(path: "model.safetensors").path)
        var tensors: [(name: String, shape: [Int], values: [Float])] = []
        for name in file.names {
            let tensor = try file.tensor(name)
            let values = try cut(name, tensor.shape, tensor.floats(), width)
            tensors.append((name, values.shape, values.values))
            guard hasBias, name.contains(".mlp."), name.hasSuffix(".weight") else { continue }
            tensors.append(
                (String(name.dropLast(6)) + "bias", [values.shape[0]], Array(repeating: 0, count: values.shape[0])))
        }
        let writer = try SafetensorsWriter(
            url: directory.appending(path: "model.safetensors"),
            tensors: tensors.map { TensorDeclaration($0.name, .float32, $0.shape) })
        for tensor in tensors {
            try tensor.values.withUnsafeBytes { try writer.append($0, to: tensor.name) }
        }
        try writer.finish()
        return directory
    }

    /// The first 96 rows of gate and up, or columns of down; zeros behind them up to the width.
    private func cut(_ name: String, _ shape: [Int], _ values: [Float], _ width: Int) throws -> (
        shape: [Int], values: [Float]
    ) {
        if name.contains("gate_proj") || name.contains("up_proj") {
            let kept = values.prefix(Self.narrow * Self.hidden)
            return ([width, Self.hidden], kept + Array(repeating: 0, count: (width - Self.narrow) * Self.hidden))
        }
        guard name.contains("down_proj") else { return (shape, values) }
        let rows = (0..<Self.hidden).map { row in
            values[row * Self.wide..<row * Self.wide + Self.narrow]
                + Array(repeating: 0, count: width - Self.narrow)
        }
        return ([Self.hidden, width], rows.flatMap { Array($0) })
    }

    @Test(arguments: [false, true], [TrainingPrecision.float32, .bfloat16])
    func theGradientIsTheSameAtEveryWidth(hasBias: Bool, precision: TrainingPrecision) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "annie-gated-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let golden = try GoldenTraining("llama_tiny")
        func gradients(isWide: Bool) throws -> (loss: Double, of: (String) throws -> [Float]) {
            var options = GoldenTraining.options
            options.precision = precision
            let trainer = try Trainer(
                modelDirectory: try model(isWide: isWide, hasBias: hasBias, in: folder), options: options,
                workers: WorkerPool(threads: 2))
            let loss = try trainer.gradients(of: [golden.batch])
            return (loss, { try #require(trainer.gradient($0)) })
        }
        let (wide, narrow) = (try gradients(isWide: true), try gradients(isWide: false))
        #expect(abs(wide.loss - narrow.loss) < 1e-6 * narrow.loss)
        let mlp = "model.layers.1.mlp"
        for name in ["\(mlp).gate_proj", "\(mlp).up_proj"] {
            let kept = try wide.of("\(name).weight").prefix(Self.narrow * Self.hidden)
            #expect(relativeError(Array(kept), try narrow.of("\(name).weight")) < 1e-6, "\(name)")
            guard hasBias else { continue }
            let bias = try narrow.of("\(name).bias")
            #expect(bias.contains { $0 != 0 })
            #expect(relativeError(Array(try wide.of("\(name).bias").prefix(Self.narrow)), bias) < 1e-6, "\(name)")
        }
        for name in ["model.embed_tokens.weight", "model.layers.0.self_attn.q_proj.weight"] {
            #expect(relativeError(try wide.of(name), try narrow.of(name)) < 1e-6, "\(name)")
        }
    }
}
