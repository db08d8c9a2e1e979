import ArgumentParser
import Evaluation
import Foundation
import Teaching

/// `annie compare`: several models side by side, gate by gate.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Put several models through the same conversations, and show them side by side.",
        discussion: """
            Each model is a directory or a name from `annie models`, or NAME=MODEL to call it so in the table. They are \
            served one after the other by this program.

            Or name one YAML file, such as Personas/annie/compare.yaml: its variants are taught and quantised, measured and \
            kept in --output, one after the other; the same command goes on where a run was broken off.
            """)

    @Argument(help: "The models, such as base=smollm2-135m taught=build/annie; or a comparison's file.")
    var models: [String]
    @OptionGroup(title: "What is asked") var options: EvaluateOptions
    @Option(help: "Files or folders of scenarios; may be given again.", completion: .file()) var scenarios: [String] =
        []
    @Option(help: "Measure perplexity on this text file too; may be given again.", completion: .file())
    var text: [String] = []
    @Option(help: "The row that the others' divergence is measured from, on each --text.") var reference: String?
    @OptionGroup(title: "A comparison's file") var comparison: ComparisonOptions
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

    func validate() throws {
        if options.temperature.count > 1 {
            throw ValidationError("A table has one --temperature; compare once for each.")
        }
        if reference != nil, text.isEmpty, models.count > 1 {
            throw ValidationError("--reference is for the divergence on texts; name one with --text.")
        }
    }

    func run() async throws {
        if let path = models.first, [".yaml", ".yml"].contains(where: path.hasSuffix) { return try await run(path) }
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
            let report = try await options.report(at: address, set, progress: variant.name)
            var row = GateTable.Row(variant.name, report: report, temperature: options.temperature.first ?? 0)
            row.bytes = try ComparisonRun.weightBytes(variant.directory)
            guard !texts.isEmpty else { return row }
            let endpoint = LogprobEndpoint(url: address, model: variant.name)
            row.perplexity = try await Perplexity.measure(texts, with: endpoint).value
            guard let other else { return row }
            row.divergence = try await other.0.with { address in
                let reference = LogprobEndpoint(url: address, model: other.1)
                return try await Divergence.measure(texts, reference: reference, other: endpoint).value
            }
            return row
        }
    }

    private func write(_ table: GateTable) throws {
        if let json { try (table.json.text(.pretty) + "\n").write(toFile: json, atomically: true, encoding: .utf8) }
        if let html { try table.html.write(toFile: html, atomically: true, encoding: .utf8) }
    }

    // MARK: A comparison's file

    /// Makes and measures the variants of a file.
    private func run(_ path: String) async throws {
        guard models.count == 1 else { throw ValidationError("name one comparison's file, without models beside it") }
        guard reference == nil, text.isEmpty else {
            throw ValidationError("--reference and --text are for models; a comparison's file says them itself")
        }
        let comparison = try Comparison(contentsOf: path, conversations: self.comparison.conversations)
        let chosen = try self.comparison.chosen(of: comparison)
        let folder = URL(filePath: self.comparison.output)
        let configuration = try settings.load()
        let (engine, logger) = (try engine.engineOptions(configuration), try logs.logger(configuration))
        let run = ComparisonRun(
            comparison: comparison,
            maker: VariantMaker(
                comparison: comparison, base: try await ModelFinder().directory(of: comparison.recipe.base),
                folder: folder.appending(path: "models"),
                threads: engine.threads ?? ProcessInfo.processInfo.activeProcessorCount),
            folder: folder, options: options,
            scenarios: try options.scenarios(scenarios.isEmpty ? comparison.scenarios : scenarios),
            server: { variant, directory, isOwnWay in
                var engine = engine
                if !isOwnWay, let inputs = variant.inputs { engine.loading.activations = inputs }
                return LocalServer(directory: directory, name: variant.slug, engine: engine, logger: logger)
            })
        if self.comparison.dryRun {
            for variant in chosen {
                print("\(run.row(of: variant) == nil ? "to do" : "done ")  \(variant.slug)  \(variant.name)")
            }
            return
        }
        if self.comparison.table {
            let table = run.table(outdated: true)
            try write(table)
            print(markdown ? table.markdown : table.text)
            return
        }
        let failures = try await run.run(chosen, again: self.comparison.again)
        let table = run.table(failures: failures)
        try self.comparison.write(table)
        try write(table)
        print(markdown ? table.markdown : table.text)
        if !failures.isEmpty { throw ExitCode(1) }
    }
}

/// What is made of a comparison's file.
struct ComparisonOptions: ParsableArguments {
    @Option(help: "The folder for models, rows and the table.", completion: .directory) var output = "build/compare"
    @Option(help: "Only these variants, by name or as --dry-run calls them; may be given again.") var only: [String] =
        []
    @Option(help: "Conversations that are taught, in place of what the file says.") var conversations: Int?
    @Flag(help: "Measure rows anew that are there already.") var again = false
    @Flag(help: "Print the table of the rows that are there, and stop.") var table = false
    @Flag(help: "Say which rows are done, and stop.") var dryRun = false

    /// The variants that are asked for.
    func chosen(of comparison: Comparison) throws -> [Variant] {
        try only.map { name in
            guard let variant = comparison.variants.first(where: { [$0.name, $0.slug].contains(name) }) else {
                let known = comparison.variants.map(\.slug).joined(separator: ", ")
                throw ValidationError("--only \(name) is none of \(known)")
            }
            return variant
        } + (only.isEmpty ? comparison.variants : [])
    }

    /// The table in every form, in the output folder.
    func write(_ table: GateTable) throws {
        let folder = URL(filePath: output)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in [
            ("table.json", table.json.text(.pretty) + "\n"), ("table.html", table.html),
            ("table.md", table.markdown + "\n"), ("table.txt", table.text + "\n"),
        ] { try Data(text.utf8).write(to: folder.appending(path: name), options: .atomic) }
    }
}
