import Checkpoints
import Companion
import Evaluation
import Foundation
import JSON
import Locking
import Teaching

/// Makes and measures the rows of a comparison, and keeps each when it is done: a run that was broken off goes on where it
/// was, and a row that fails does not take the others with it.
struct ComparisonRun {
    let comparison: Comparison
    let maker: VariantMaker
    /// Where rows and the table are kept.
    let folder: URL
    let options: EvaluateOptions
    let scenarios: ScenarioSet
    /// Serves a model, with its variant's rounding of inputs or the engine's own.
    let server: (Variant, URL, _ isOwnWay: Bool) throws -> LocalServer
    /// Conversations that speeds are measured on, one after the other.
    private static let speedConversations = 8

    /// Makes and measures the rows that are not there yet, of these variants; with `again` all of them.
    ///
    /// - Returns: why rows failed, by name.
    func run(_ variants: [Variant], again: Bool = false) async throws -> [String: String] {
        var failures: [String: String] = [:]
        for variant in variants where again || row(of: variant) == nil {
            note("\(variant.name) …")
            do {
                let start = Date()
                let row = try await measure(variant, try maker.make(variant))
                try keep(row, of: variant)
                note(String(format: "%@: done in %.0f s", variant.name, Date().timeIntervalSince(start)))
            } catch {
                note("\(variant.name) failed: \(error)")
                failures[variant.name] = "\(error)"
            }
        }
        return failures
    }

    // MARK: Rows that are kept

    private func file(of variant: Variant) -> URL { folder.appending(path: "rows/\(variant.slug).json") }

    /// The row of a variant, if it was measured as it is defined now.
    func row(of variant: Variant) -> GateTable.Row? {
        kept(variant).flatMap { $0.isCurrent ? $0.row : nil }
    }

    /// The row that was kept last, and whether the variant was then defined as it is now.
    private func kept(_ variant: Variant) -> (row: GateTable.Row, isCurrent: Bool)? {
        guard let data = FileManager.default.contents(atPath: file(of: variant).path),
            let json = try? JSONValue(parsing: data), let row = json["row"].flatMap({ try? GateTable.Row(json: $0) })
        else { return nil }
        return (row, json["definition"]?.string == definition(of: variant))
    }

    private func keep(_ row: GateTable.Row, of variant: Variant) throws {
        let file = file(of: variant)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        let json: JSONValue = ["row": row.json, "definition": .string(definition(of: variant))]
        try Data((json.text(.pretty) + "\n").utf8).write(to: file, options: .atomic)
    }

    private func definition(of variant: Variant) -> String {
        var asked = ContentHash()
        asked.add(scenarios.canonicalText)
        let persona = persona(of: variant).map(Comparison.fingerprint) ?? "Annie"
        return [
            comparison.definition(of: variant), comparison.measurement(of: variant),
            "scenarios \(asked.text), \(options.maxTokens) tokens, temperature \(temperature), persona \(persona)",
        ].joined(separator: "\n")
    }

    /// The persona's file that a variant is asked with; nil: Annie.
    private func persona(of variant: Variant) -> String? {
        variant.persona ?? options.persona ?? comparison.recipe.persona
    }

    /// What replies are drawn at.
    private var temperature: Double { options.temperature.first ?? 0 }

    /// What is there so far; rows that were measured by an earlier definition too where `outdated` asks for them.
    func table(failures: [String: String] = [:], outdated: Bool = false) -> GateTable {
        var rows: [GateTable.Row] = [], notes: [String] = []
        for variant in comparison.variants {
            let kept = kept(variant)
            if let kept, kept.isCurrent || outdated {
                rows.append(kept.row)
                if !kept.isCurrent { notes.append("\(variant.name): measured as it was defined before") }
            } else {
                notes.append(
                    failures[variant.name].map { "\(variant.name): failed, \($0)" }
                        ?? "\(variant.name): not measured yet")
            }
        }
        notes.insert(
            "\(scenarios.scenarios.count) conversations, \(temperature == 0 ? "greedy" : "temperature \(temperature)"). Rows asked with inputs in NVFP4 (W4A4) are computed as such"
                + " tensor cores would; their speed, as that of all quantised rows, is that of the engine's own way, with"
                + " inputs in 8 bits.", at: 0)
        return GateTable(title: comparison.title, rows: rows, notes: notes)
    }

    // MARK: Measuring

    private func measure(_ variant: Variant, _ made: VariantMaker.Made) async throws -> GateTable.Row {
        var options = options
        options.persona = persona(of: variant)
        let (asked, scenarios) = (options, scenarios)
        let report = try await server(variant, made.directory, false).with {
            try await asked.report(at: $0, scenarios, progress: variant.name)
        }
        let dose = comparison.dose(of: variant)
        var row = GateTable.Row(
            variant.name, line: variant.line,
            dose: variant.line == nil
                ? nil : dose.map { .init(learningRate: $0.learningRate, epochs: Double($0.epochs)) },
            report: report, temperature: temperature)
        // Of one conversation at a time, as a person has it, and not of many rows of a batch.
        row.gates[.firstToken] = nil
        try await measureSpeed(variant, made.directory, asked, &row)
        try await measureLikelihood(variant, made.directory, &row)
        row.bytes = try Self.weightBytes(made.directory)
        row.trainingSeconds = made.trainingSeconds
        return row
    }

    private func measureSpeed(
        _ variant: Variant, _ directory: URL, _ options: EvaluateOptions, _ row: inout GateTable.Row
    ) async throws {
        var options = options
        options.concurrency = 1
        let asked = options
        var few = scenarios.only([.concise])
        few.scenarios = Array(few.scenarios.prefix(Self.speedConversations))
        guard !few.scenarios.isEmpty else { return }
        let set = few
        let report = try await server(variant, directory, true).with { try await asked.report(at: $0, set) }
        let speed = GateTable.Row("", report: report)
        row.tokensPerSecond = speed.tokensPerSecond
        row.firstTextMilliseconds = speed.firstTextMilliseconds
    }

    private func measureLikelihood(
        _ variant: Variant, _ directory: URL, _ row: inout GateTable.Row
    ) async throws {
        let texts = try comparison.text.map { try String(contentsOfFile: $0, encoding: .utf8) }
        var reference: (server: LocalServer, name: String)?
        if let name = comparison.reference, name != variant.name, comparison.divergenceConversations > 0,
            let other = comparison.variant(name)
        {
            reference = (try server(other, try maker.make(other).directory, false), other.slug)
        }
        let heldOut =
            reference == nil
            ? [] : try Lessons(recipe: comparison.recipe, directory: maker.base).heldOut
        let documents = heldOut.prefix(comparison.divergenceConversations)
        let other = reference
        let found = try await server(variant, directory, false).with { address -> (Double?, Double?) in
            let endpoint = LogprobEndpoint(url: address, model: variant.slug)
            let perplexity = texts.isEmpty ? nil : try await Perplexity.measure(texts, with: endpoint).value
            guard let other else { return (perplexity, nil) }
            let divergence = try await other.server.with { address in
                try await Divergence.measure(
                    documents: documents.map { $0.tokens.map(Int.init) },
                    reference: LogprobEndpoint(url: address, model: other.name), other: endpoint
                ) { documents[$0].lossMask[$1] }.value
            }
            return (perplexity, divergence)
        }
        (row.perplexity, row.divergence) = found
    }

    static func weightBytes(_ directory: URL) throws -> Int {
        try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "safetensors" }
            .reduce(0) {
                $0 + (try $1.resolvingSymlinksInPath().resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0)
            }
    }
}
