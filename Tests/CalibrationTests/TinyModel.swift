import Checkpoints
import Compute
import Foundation
import Models

/// A tiny random model, and tokens for it.
struct TinyModel {
    static let workers = WorkerPool(threads: 2)
    let directory: URL
    let sequences: [[Int32]]

    init(_ name: String) throws {
        directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/models/\(name)")
        let vocabulary = try ModelConfiguration(directory: directory).vocabularySize
        sequences = (0..<3).map { sequence in
            (0..<40).map { Int32(($0 * $0 * 7 + $0 * 13 + sequence * 31) % vocabulary) }
        }
    }

    /// The logits of every token, computed without an engine.
    static func logits(
        _ directory: URL, _ tokens: [Int32], _ change: (inout LoadingOptions) -> Void = { $0.dataType = .float32 }
    ) throws -> [Float] {
        var options = LoadingOptions()
        change(&options)
        let model = try LoadedModel(directory: directory, options: options, workers: workers)
        let executor = CPUExecutor(
            weights: model.weights, activations: model.activations, format: model.stateFormat, workers: model.workers)
        let state = SequenceState(
            pool: PagePool(layout: model.definition.stateLayout(format: model.stateFormat), byteLimit: 1 << 26))
        precondition(state.reserve(tokens.count), "out of pages")
        var batch = Batch()
        batch.append(tokens, at: 0, output: .all)
        let output = executor.run(batch, states: [state]) { model.definition.logits(on: $0) }
        return (0..<output.rows).flatMap { Array(output.row($0)) }
    }

    /// |left - right| / |right|.
    static func distance(_ left: [Float], _ right: [Float]) -> Double {
        precondition(left.count == right.count, "\(left.count) values against \(right.count)")
        return (squares(left, right) / right.reduce(0) { $0 + Double($1) * Double($1) }).squareRoot()
    }

    static func squares(_ left: [Float], _ right: [Float]) -> Double {
        zip(left, right).reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
    }

    /// x W' for rows of x, plainly.
    static func product(_ x: [Float], _ weights: [Float], _ columns: Int) -> [Float] {
        let rows = weights.count / columns
        return (0..<x.count / columns).flatMap { token in
            (0..<rows).map { row in
                (0..<columns).reduce(Float(0)) { $0 + x[token * columns + $1] * weights[row * columns + $1] }
            }
        }
    }
}

/// A directory that goes away with the value.
final class ScratchDirectory {
    let url = FileManager.default.temporaryDirectory.appending(path: "annie-calibration-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }
}
