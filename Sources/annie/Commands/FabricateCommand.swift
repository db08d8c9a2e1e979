import ArgumentParser
import Foundation
import JSON
import Models

/// `annie fabricate`: a checkpoint of any size with random weights.
struct FabricateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fabricate",
        abstract:
            "Make a checkpoint with random weights, to measure speed and memory where real weights cannot be had.",
        discussion: "Its config.json and README.md say that the weights are random.")

    @Argument(
        help: ArgumentHelp(
            "A config.json, a directory with one, or a published size: "
                + PublishedSize.allCases.map(\.rawValue).joined(separator: ", ") + "."))
    var config: String
    @Option(name: .shortAndLong, help: "The directory to make.", completion: .directory) var output: String
    @Flag(help: "Write linear layers in NVFP4, in ModelOpt's layout.") var nvfp4 = false
    @Option(help: "Another number makes other weights.") var seed: UInt64 = 1
    @Flag(help: "Replace the output directory if it exists.") var overwrite = false

    func run() async throws {
        let fabricator = try Fabricator(
            configuration: try json(), format: nvfp4 ? .nvfp4 : .bfloat16, seed: seed)
        let total = fabricator.byteCount
        var line = ProgressLine("making random weights", unit: .bytes)
        try fabricator.run(to: URL(filePath: output), overwrites: overwrite) { line.update($0, of: total) }
        line.finish()
        print("\(output): \(byteText(total)) of random weights")
    }

    private func json() throws -> JSONValue {
        if let size = PublishedSize(rawValue: config.lowercased()) { return size.configuration }
        var file = URL(filePath: config)
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: file.path, isDirectory: &isDirectory), isDirectory.boolValue {
            file.append(path: "config.json")
        }
        return try JSONValue(parsing: Data(contentsOf: file))
    }
}
