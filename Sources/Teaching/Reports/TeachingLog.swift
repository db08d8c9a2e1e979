import Foundation
import JSON
import Training

/// A run's figures, a JSON object a line, written as they come: what reports are drawn from, and other programs read.
struct TeachingLog {
    private(set) var losses: [(step: Int, loss: Double)] = []
    private(set) var heldOut: [(step: Int, loss: Double)] = []
    private(set) var tokens = 0
    private let file: URL
    private var lines: [(step: Int, text: String)] = []

    /// A new file, or one that goes on; nothing is written before ``begin(after:)``.
    init(_ file: URL, goesOn: Bool) {
        self.file = file
        guard goesOn, let text = try? String(contentsOf: file, encoding: .utf8) else { return }
        for line in text.split(separator: "\n") { read(String(line)) }
    }

    mutating func add(_ report: StepReport) throws {
        var line = JSONObject()
        line["step"] = .integer(report.step)
        line["loss"] = .number(report.loss)
        line["tokens"] = .integer(report.tokens)
        line["loss_tokens"] = .integer(report.lossTokens)
        line["gradient_norm"] = .number(report.gradientNorm)
        line["learning_rate"] = .number(Double(report.learningRate))
        line["seconds"] = .number(report.seconds)
        if let divergence = report.divergence {
            line["cross_entropy"] = .number(report.crossEntropy)
            line["divergence"] = .number(divergence)
        }
        try write(line)
    }

    mutating func add(_ report: EvaluationReport, step: Int) throws {
        var line = JSONObject()
        line["step"] = .integer(step)
        line["held_out_loss"] = .number(report.crossEntropy)
        if let divergence = report.divergence { line["held_out_divergence"] = .number(divergence) }
        try write(line)
    }

    /// Writes the file, without what a run wrote after the checkpoint that it is resumed from.
    mutating func begin(after step: Int) throws {
        let kept = lines.filter { $0.step <= step }.map(\.text)
        (losses, heldOut, tokens, lines) = ([], [], 0, [])
        for line in kept { read(line) }
        try Data(kept.map { $0 + "\n" }.joined().utf8).write(to: file, options: .atomic)
    }

    private mutating func write(_ object: JSONObject) throws {
        let text = JSONValue.object(object).text(.compact)
        read(text)
        let handle = try FileHandle(forWritingTo: file)
        defer { try? handle.close() }
        try handle.seekToEnd()
        try handle.write(contentsOf: Data((text + "\n").utf8))
    }

    private mutating func read(_ line: String) {
        guard let value = try? JSONValue(parsing: line), let step = value["step"]?.integer else { return }
        lines.append((step, line))
        if let loss = value["held_out_loss"]?.double { heldOut.append((step, loss)) }
        if let loss = value["loss"]?.double { losses.append((step, loss)) }
        tokens += value["tokens"]?.integer ?? 0
    }
}
