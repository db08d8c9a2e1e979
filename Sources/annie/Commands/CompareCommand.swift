import ArgumentParser
import Companion
import Evaluation
import Foundation
import Locking

/// `annie compare`: several models side by side, gate by gate.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Put several models through the same conversations, and show them side by side.",
        discussion: """
            Each model is a directory or a name from `annie models`, or NAME=MODEL to call it so in the table. They are \
            served one after the other by this program.
            """)

    @Argument(help: "The models, such as base=smollm2-135m taught=build/annie.") var models: [String]
    @OptionGroup(title: "What is asked") var options: EvaluateOptions
    @Option(help: "Files or folders of scenarios.", completion: .file()) var scenarios: [String] = []
    @Option(help: "Measure perplexity on this text file too; may be given again.", completion: .file())
    var text: [String] = []
    @Option(help: "The row that the others' divergence on the texts is measured from.") var reference: String?
    @Flag(help: "Print the table as markdown.") var markdown = false
    @Option(help: "Write the table to this file as JSON.", completion: .file()) var json: String?
    @Option(help: "Write the table to this file as a page.", completion: .file()) var html: String?
    @OptionGroup var settings: ConfigurationArguments
    @OptionGroup(title: "Engine") var engine: EngineArguments
    @OptionGroup(title: "Logs") var logs: LogArguments

    /// One row's model.
    private struct Variant: Sendable {
        var name: String
        var directory: URL
    }

    func run() async throws {
        let set = try options.scenarios(scenarios)
        let texts = try text.map { try String(contentsOfFile: $0, encoding: .utf8) }
        let variants = try await self.variants()
        if let reference, !variants.contains(where: { $0.name == reference }) {
            throw ValidationError("--reference \(reference) is none of \(variants.map(\.name).joined(separator: ", "))")
        }
        var table = GateTable(title: "\(set.scenarios.count) conversations")
        for variant in variants {
            note("\(variant.name) …")
            table.rows.append(try await row(variant, set, texts, reference: variants.first { $0.name == reference }))
            // What took minutes is not lost when a later model fails.
            try write(table)
        }
        print(markdown ? table.markdown : table.text)
    }

    private func variants() async throws -> [Variant] {
        var variants: [Variant] = []
        for word in models {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard let model = parts.last, !parts.contains("") else {
                throw ValidationError("'\(word)' names no model; write NAME=MODEL")
            }
            let name = parts.count == 2 ? parts[0] : ModelFinder.publicName(of: model)
            guard !variants.contains(where: { $0.name == name }) else {
                throw ValidationError("two models are called '\(name)'; write NAME=MODEL to tell them apart")
            }
            variants.append(Variant(name: name, directory: try await ModelFinder().directory(of: model)))
        }
        return variants
    }

    private func server(_ variant: Variant) throws -> LocalServer {
        let configuration = try settings.load()
        return LocalServer(
            directory: variant.directory, name: variant.name, engine: try engine.engineOptions(configuration),
            logger: try logs.logger(configuration))
    }

    private func row(
        _ variant: Variant, _ set: ScenarioSet, _ texts: [String], reference: Variant?
    ) async throws -> GateTable.Row {
        let options = options
        let other = try reference.flatMap { $0.name == variant.name ? nil : (try server($0), $0.name) }
        return try await server(variant).with { address in
            let chat = try await OpenAIChatModel.connect(url: address, silenceLimit: options.timeout)
            let line = Locked(ProgressLine(variant.name, unit: .items("conversations")))
            let report = try await options.run(chat, set, judge: nil).run { done, total in
                line.withLock { $0.update(done, of: total) }
            }
            line.withLock { $0.finish() }
            var row = GateTable.Row(variant.name, report: report, temperature: options.temperature.first ?? 0)
            row.bytes = try Self.weightBytes(variant.directory)
            guard !texts.isEmpty else { return row }
            let endpoint = LogprobEndpoint(url: address, model: chat.name)
            row.perplexity = try await Perplexity.measure(texts, with: endpoint).value
            guard let other else { return row }
            row.divergence = try await other.0.with { address in
                let reference = LogprobEndpoint(url: address, model: other.1)
                return try await Divergence.measure(texts, reference: reference, other: endpoint).value
            }
            return row
        }
    }

    private static func weightBytes(_ directory: URL) throws -> Int {
        try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: [.fileSizeKey])
            .filter { $0.pathExtension == "safetensors" }
            .reduce(0) { $0 + (try $1.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0) }
    }

    private func write(_ table: GateTable) throws {
        if let json { try (table.json.text(.pretty) + "\n").write(toFile: json, atomically: true, encoding: .utf8) }
        if let html { try table.html.write(toFile: html, atomically: true, encoding: .utf8) }
    }
}
