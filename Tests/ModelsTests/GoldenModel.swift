import Checkpoints
import Compute
import Foundation
import Models

/// A tiny random model with the logits that its reference implementation computed in fp32.
struct GoldenModel {
    let name: String
    let directory: URL
    let inputs: [Int32]
    /// `[rows, vocabulary]`.
    let logits: [Float]
    let greedy: [Int32]

    static let names = ["llama_tiny", "qwen2_tiny", "qwen3_tiny", "qwen3_5_tiny", "qwen3_5_tiny_tied"]
    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/models")

    init(_ name: String) throws {
        self.name = name
        directory = Self.fixtures.appending(path: name)
        let reference = try SafetensorsFile(path: directory.appending(path: "reference.safetensors").path)
        inputs = try reference.tensor("input_ids").withUnsafeBytes { bytes in
            bytes.bindMemory(to: Int64.self).map { Int32($0) }
        }
        logits = try reference.tensor("logits").floats()
        let meta = try JSONFile.read(directory.appending(path: "meta.json"))
        greedy = meta["greedy_from_first_20"]?.array?.compactMap { $0.integer.map(Int32.init) } ?? []
    }

    func load(_ change: (inout LoadingOptions) -> Void = { _ in }) throws -> LoadedModel {
        var options = LoadingOptions()
        options.dataType = .float32
        change(&options)
        return try LoadedModel(directory: directory, options: options, workers: WorkerPool(threads: 2))
    }
}

/// Runs a loaded model directly, without an engine.
struct DirectRunner {
    let model: LoadedModel
    let executor: CPUExecutor
    let pool: PagePool

    init(_ model: LoadedModel) {
        self.model = model
        executor = CPUExecutor(
            weights: model.weights, activations: model.activations, format: model.stateFormat, workers: model.workers)
        pool = PagePool(layout: model.definition.stateLayout(format: model.stateFormat), byteLimit: 1 << 26)
    }

    /// The logits of every token, computed in chunks of these sizes.
    func logits(_ tokens: [Int32], chunks: [Int], state: SequenceState? = nil) -> [Float] {
        let state = state ?? SequenceState(pool: pool)
        var result: [Float] = []
        var rest = tokens[...]
        for count in chunks {
            precondition(state.reserve(count), "out of pages")
            var batch = Batch()
            batch.append(rest.prefix(count), at: state.length, output: .all)
            rest = rest.dropFirst(count)
            let output = executor.run(batch, states: [state]) { model.definition.logits(on: $0) }
            for row in 0..<output.rows { result += Array(output.row(row)) }
        }
        return result
    }
}

func largestDifference(_ left: [Float], _ right: [Float]) -> Float {
    precondition(left.count == right.count, "\(left.count) values against \(right.count)")
    return zip(left, right).reduce(0) { max($0, abs($1.0 - $1.1)) }
}

/// |left - right| / |right| over all elements.
func relativeError(_ left: [Float], _ right: [Float]) -> Float {
    let error = zip(left, right).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return (error / right.reduce(0) { $0 + $1 * $1 }).squareRoot()
}
