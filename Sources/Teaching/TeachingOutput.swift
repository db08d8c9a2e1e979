import Companion
import Foundation
import Tokenization
import Training
import TrainingData

extension TeachingRun {
    /// Makes the output directory from what was taught: the checkpoint (in NVFP4 if it was taught so), the template and the
    /// prompt's fingerprint it was taught with. It appears under its name when it is whole. Of a low-rank run the adapter
    /// alone is kept too, in `OUTPUT.run/adapter`.
    ///
    /// - Parameter tools: What the prompt of the data offers; part of the fingerprint.
    public func export(tools: [ToolDefinition], overwrites: Bool) throws {
        let output = URL(filePath: recipe.output).standardizedFileURL
        let unfinished = folder.appending(path: "export")
        let files = FileManager.default
        defer { try? files.removeItem(at: unfinished) }
        if recipe.method == .lora { try exportAdapter(tools: tools) }
        try trainer.export(to: unfinished, overwrites: true)
        if !recipe.spelledOut.isEmpty {
            try SpelledOutTokens(recipe.spelledOut, of: trainer.modelDirectory).write(to: unfinished)
        }
        try addPrompt(to: unfinished, tools: tools)
        if files.fileExists(atPath: output.path) {
            guard overwrites else { throw TeachingError.outputExists(output.path) }
            try files.removeItem(at: output)
        }
        try files.moveItem(at: unfinished, to: output)
    }

    /// Writes the adapter in bf16 and takes it back from there, so that the checkpoint made of it later is the one that is
    /// exported now.
    private func exportAdapter(tools: [ToolDefinition]) throws {
        let adapter = folder.appending(path: "adapter")
        try trainer.exportAdapter(to: adapter, baseModel: recipe.base, dataType: .bfloat16, overwrites: true)
        try TaughtAdapter.write(recipe, to: adapter)
        try addPrompt(to: adapter, tools: tools)
        try trainer.loadAdapter(from: adapter)
    }

    private func addPrompt(to directory: URL, tools: [ToolDefinition]) throws {
        if let template = try template() {
            try template.source.write(
                to: directory.appending(path: "chat_template.jinja"), atomically: true, encoding: .utf8)
        }
        guard let path = recipe.persona else { return }
        let persona = try Persona(contentsOf: path)
        try PromptFingerprint.write(
            SystemPrompt.fingerprint(persona: persona, tools: persona.allowed(tools)), persona: persona.name,
            to: directory)
    }

    /// The template that the recipe renders with, where it is not the base's own.
    public func template() throws -> ChatTemplate? { try recipe.chatTemplate.map(Lessons.template) }

    /// Writes the page of the run and the checkpoint's model card.
    public func report(_ result: TeachingResult, examples: [TeachingReport.Example]) throws {
        let output = URL(filePath: recipe.output).standardizedFileURL
        let report = TeachingReport(recipe: recipe, plan: plan, result: result, examples: examples)
        try Data(report.modelCard(name: output.lastPathComponent).utf8)
            .write(to: output.appending(path: "README.md"), options: .atomic)
        try Data(report.html.utf8).write(to: folder.appending(path: "report.html"), options: .atomic)
    }

    /// Refuses an output that is there before hours are spent on it.
    public static func requireFree(_ output: String, overwrites: Bool) throws {
        guard overwrites || !FileManager.default.fileExists(atPath: output) else {
            throw TeachingError.outputExists(output)
        }
    }
}
