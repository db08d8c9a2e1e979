import ArgumentParser
import Calibration
import Checkpoints
import Foundation
import NVFP4

/// `annie quantize`: a checkpoint's linears in four bits.
struct QuantizeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quantize", abstract: "Quantise a model to NVFP4, in the layout that vLLM and others load.")

    @Argument(help: "A directory in bf16, f16 or f32, or a name from `annie models`.") var model: String
    @Option(name: .shortAndLong, help: "The directory to make.", completion: .directory) var output: String
    @Option(help: "How scales are chosen: \(PTQMethod.allCases.map(\.rawValue).joined(separator: ", ")).")
    var method = PTQMethod.max
    @Option(
        parsing: .upToNextOption,
        help: "Text, or conversations (.jsonl), that the inputs' scales are measured on; awq-lite needs some.",
        completion: .file())
    var calibration: [String] = []
    @Option(help: "Tokens of that text to read.") var calibrationTokens = 8192
    @Option(
        parsing: .upToNextOption,
        help: "Modules to leave as they are: names, parts of names, or patterns such as '*.down_proj'.")
    var exclude: [String] = []
    @Option(help: "How the head is written: nvfp4, int8 (which only Annie loads), or bf16.")
    var lmHead = QuantizationOptions.HeadFormat.bfloat16
    @Flag(help: "Replace the output directory if it exists.") var overwrite = false
    @Option(help: "Threads that work.") var threads = ProcessInfo.processInfo.activeProcessorCount
    @Option(help: "Write the report, every tensor's error included, to this file as JSON.", completion: .file())
    var json: String?

    func run() async throws {
        if method.needsCalibration, calibration.isEmpty {
            throw ValidationError(
                "--method \(method.rawValue) needs --calibration FILE: text as the model will read it.")
        }
        var options = QuantizationOptions()
        options.exclusions = exclude
        options.head = lmHead
        options.overwrites = overwrite
        options.threads = max(threads, 1)
        let source = try await ModelFinder().directory(of: model)
        let text = CalibrationText(files: calibration, tokens: calibrationTokens)
        let report = try quantizeModel(
            source, to: URL(filePath: output), method: method,
            calibration: calibration.isEmpty ? [] : try text.sequences(model: source), options: options)
        print(report.terminalText)
        if let json {
            try (report.jsonValue.text(.pretty) + "\n").write(toFile: json, atomically: true, encoding: .utf8)
        }
    }
}

extension PTQMethod: ExpressibleByArgument {}
extension QuantizationOptions.HeadFormat: ExpressibleByArgument {}

extension QuantizationReport {
    /// The report for a person: the worst tensors, and what it all came to.
    var terminalText: String {
        var table = TextTable(("TENSOR", .left), ("FORMAT", .left), ("RELATIVE ERROR", .right), ("LARGEST", .right))
        let worst = tensors.sorted { $0.error.relativeRMS > $1.error.relativeRMS }
        for tensor in worst.prefix(10) {
            table.add(
                tensor.name, tensor.format, String(format: "%.4f", tensor.error.relativeRMS),
                String(format: "%.4f", tensor.error.maximumError))
        }
        let rest = worst.count > 10 ? "\n… and \(worst.count - 10) with less error (--json lists them all)" : ""
        let summary = String(
            format: "%d tensors, relative error %.4f; %@ to %@, %.2f bits per weight; %.1f s, %@/s",
            tensors.count, total.relativeRMS, byteText(sourceBytes), byteText(outputBytes), bitsPerWeight, seconds,
            byteText(Int(bytesPerSecond)))
        return ([table.text + rest, summary] + notes).joined(separator: "\n")
    }
}
