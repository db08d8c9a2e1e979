import ArgumentParser
import Checkpoints
import Foundation
import ModelHub

/// `annie export`: a Hugging Face directory becomes a file that other programs run.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a model, NVFP4 weights included, as a GGUF file that llama.cpp runs.")

    /// The formats a model can be written in.
    enum Target: String, ExpressibleByArgument, CaseIterable { case gguf }

    @Argument(help: "A catalogue name, hf:owner/name, a model's directory, or annie.") var model: String
    @Option(help: "The format to write.") var to = Target.gguf
    @Option(name: .shortAndLong, help: "The file to make.", completion: .file(extensions: ["gguf"]))
    var output: String
    @Option(help: "How matrices that are not NVFP4 are written: bf16 or q8_0.") var dense = GGUFExporter.DenseFormat
        .q8_0

    func run() async throws {
        let directory = try await ModelFinder().directory(of: model)
        var progress = ProgressLine("export", unit: .bytes)
        let file = URL(filePath: output)
        try exportGGUF(directory: directory, to: file, denseFormat: dense) { progress.update($0, of: $1) }
        progress.finish()
        print(output)
    }
}

extension GGUFExporter.DenseFormat: ExpressibleByArgument {}
