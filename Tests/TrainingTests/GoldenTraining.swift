import Checkpoints
import Compute
import Foundation
import Training

/// A tiny random model with the loss, gradients and AdamW losses that its reference implementation computed in fp32.
struct GoldenTraining {
    let name: String
    let directory: URL
    let tokens: [Int32]
    let batch: TrainingBatch
    let gradients: [String: [Float]]
    let loss: Double
    let adamWLosses: [Double]

    static let names = ["llama_tiny", "qwen2_tiny", "qwen3_tiny", "qwen3_5_tiny", "qwen3_5_tiny_tied"]
    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/models")

    init(_ name: String) throws {
        self.name = name
        directory = Self.fixtures.appending(path: name)
        let reference = try SafetensorsFile(path: directory.appending(path: "reference.safetensors").path)
        let tokens = try reference.tensor("input_ids").withUnsafeBytes {
            $0.bindMemory(to: Int64.self).map { Int32($0) }
        }
        let file = try SafetensorsFile(path: directory.appending(path: "gradients.safetensors").path)
        let labels = try file.tensor("labels").withUnsafeBytes { Array($0.bindMemory(to: Int64.self)) }
        self.tokens = tokens
        batch = TrainingBatch(segments: [.init(tokens: tokens, lossWeights: labels.map { $0 == -100 ? 0 : 1 })])
        var gradients: [String: [Float]] = [:]
        for name in file.names where name.hasPrefix("grad.") {
            gradients[String(name.dropFirst(5))] = try file.tensor(name).floats()
        }
        self.gradients = gradients
        let meta = try JSONFile.read(directory.appending(path: "meta.json"))
        loss = meta["loss"]?.double ?? 0
        adamWLosses = meta["adamw"]?["losses_before_each_step"]?.array?.compactMap(\.double) ?? []
    }

    /// The settings of the reference's optimiser.
    static var options: TrainerOptions {
        var options = TrainerOptions()
        options.precision = .float32
        options.optimizer.decaysVectors = true
        options.optimizer.clipNorm = nil
        options.schedule.shape = .constant
        options.schedule.peak = 1e-3
        return options
    }

    func trainer(_ change: (inout TrainerOptions) -> Void = { _ in }) throws -> Trainer {
        var options = Self.options
        change(&options)
        return try Trainer(modelDirectory: directory, options: options, workers: WorkerPool(threads: 2))
    }
}

/// |left - right| / |right| over all elements.
func relativeError(_ left: [Float], _ right: [Float]) -> Double {
    precondition(left.count == right.count, "\(left.count) values against \(right.count)")
    var (error, size) = (0.0, 0.0)
    for (a, b) in zip(left, right) {
        error += Double(a - b) * Double(a - b)
        size += Double(b) * Double(b)
    }
    return size == 0 ? error.squareRoot() : (error / size).squareRoot()
}
