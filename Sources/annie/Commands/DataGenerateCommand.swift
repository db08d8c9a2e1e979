import ArgumentParser
import DataGeneration
import Foundation
import JSON
import TrainingData

/// `annie data generate`: conversations that teach Annie's manners.
struct DataGenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Write conversations that teach Annie's manners.",
        discussion: "The same seed gives the same conversations. Data/annie-1000.jsonl is those of seed 1.")

    @Option(help: "Decides everything that is drawn.") var seed: UInt64 = 1
    @Option(help: "How many conversations.") var count = 1000
    @Option(name: .shortAndLong, help: "The file to write; standard output if not given.") var output: String?
    @Flag(help: "Write what users say in the banks, a line each, instead of conversations.") var frames = false

    func run() async throws {
        guard (1...1_000_000).contains(count) else { throw ValidationError("--count must be from 1 to 1000000.") }
        var lines = DatasetGenerator.frames
        if !frames {
            let conversations = await DatasetGenerator(seed: seed).conversations(count)
            if conversations.count < count {
                note("The banks give only \(conversations.count) different conversations.")
            }
            lines = conversations.map { $0.json.text() }
        }
        let text = lines.map { $0 + "\n" }.joined()
        guard let output else { return show(text) }
        do { try Data(text.utf8).write(to: URL(filePath: output), options: .atomic) } catch {
            throw ValidationError("\(output) cannot be written: \(error.localizedDescription)")
        }
    }
}
