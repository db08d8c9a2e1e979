import ArgumentParser
import Checkpoints
import Foundation

/// `annie inspect`: what a checkpoint holds, and whether that is what it claims.
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract:
            "Print a checkpoint's tensors and formats, and check that the bytes are what the configuration claims.",
        discussion: "Ends with status 1 if something is wrong.")

    @Argument(help: "A directory, or a name from `annie models`.") var model: String
    @Flag(help: "Print everything as JSON.") var json = false
    @Flag(help: "List every tensor, not only the formats.") var tensors = false

    func run() async throws {
        let directory = try await ModelFinder().directory(of: model)
        let inspection = try Inspector(directory: directory).inspect()
        print(json ? inspection.jsonValue.text(.pretty) : inspection.terminalText(listsTensors: tensors))
        if !inspection.problems.isEmpty { throw ExitCode.failure }
    }
}

extension Inspection {
    func terminalText(listsTensors: Bool) -> String {
        var lines = [
            "\(modelType), \(quantization ?? "not quantised"); \(parameterCount) weights in \(byteText(byteCount)), "
                + String(format: "%.2f bits each", bitsPerWeight),
            "", formatTable.text,
        ]
        if listsTensors { lines += ["", tensorTable.text] }
        lines += [""]
        lines += problems.map { "problem: \($0)" } + warnings.map { "warning: \($0)" }
        if problems.isEmpty { lines.append("The bytes are what the configuration claims.") }
        return lines.joined(separator: "\n")
    }

    /// Linears by format, then everything else together.
    private var formatTable: TextTable {
        var table = TextTable(("FORMAT", .left), ("LINEARS", .right), ("BYTES", .right), ("BITS/WEIGHT", .right))
        for format in Set(linears.map(\.format)).sorted() {
            let group = linears.filter { $0.format == format }
            let bytes = group.reduce(0) { $0 + $1.byteCount }
            let weights = group.reduce(0) { $0 + $1.shape.reduce(1, *) }
            table.add(
                format, "\(group.count)", byteText(bytes), String(format: "%.2f", Double(bytes) * 8 / Double(weights)))
        }
        return table
    }

    private var tensorTable: TextTable {
        var table = TextTable(("TENSOR", .left), ("TYPE", .left), ("SHAPE", .left), ("BYTES", .right), ("FILE", .left))
        for tensor in tensors {
            let shape = tensor.shape.map(String.init).joined(separator: " × ")
            table.add(tensor.name, tensor.dataType.rawValue, shape, "\(tensor.byteCount)", tensor.file)
        }
        return table
    }
}
