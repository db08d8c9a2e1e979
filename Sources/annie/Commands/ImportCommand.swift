import ArgumentParser
import Foundation
import ModelHub

/// `annie import`: a GGUF file becomes a Hugging Face directory.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Turn a GGUF file into a Hugging Face directory in bf16.")

    @Argument(help: "The GGUF file.", completion: .file(extensions: ["gguf"])) var file: String
    @Option(name: .shortAndLong, help: "The directory to make; it must not exist.", completion: .directory)
    var output: String

    func run() throws {
        var progress = ProgressLine("import", unit: .bytes)
        try importGGUF(file: URL(filePath: file), to: URL(filePath: output)) { progress.update($0, of: $1) }
        progress.finish()
        print(output)
    }
}
