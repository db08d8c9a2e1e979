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
    /// - Parameters:
    ///   - tools: What the prompt of the data offers; part of the fingerprint.
    ///   - baseModel: What PEFT loads the adapter onto, where it knows the base by another name than the recipe.
    public func export(tools: [ToolDefinition], baseModel: String? = nil, overwrites: Bool) throws {
        let output = URL(filePath: recipe.output).standardizedFileURL
        let unfinished = folder.appending(path: "export")
        let files = FileManager.default
        defer { try? files.removeItem(at: unfinished) }
        if recipe.method == .lora { try exportAdapter(tools: tools, baseModel: baseModel) }
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
    private func exportAdapter(tools: [ToolDefinition], baseModel: String?) throws {
        let adapter = folder.appending(path: "adapter")
        try trainer.exportAdapter(
            to: adapter, baseModel: baseModel ?? recipe.base, dataType: .bfloat16, overwrites: true)
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
    ///
    /// - Parameter baseModel: Where others find the base, when that is not what the recipe calls it.
    public func report(
        _ result: TeachingResult, examples: [TeachingReport.Example], baseModel: String? = nil
    ) throws {
        let output = URL(filePath: recipe.output).standardizedFileURL
        let report = TeachingReport(recipe: recipe, plan: plan, result: result, examples: examples)
        try Data(report.modelCard(name: output.lastPathComponent, baseModel: baseModel).utf8)
            .write(to: output.appending(path: "README.md"), options: .atomic)
        try Data(report.html.utf8).write(to: folder.appending(path: "report.html"), options: .atomic)
    }

    /// Refuses an output that is there before hours are spent on it, a new run where an unfinished one would be lost, and,
    /// even where it may overwrite, the folder that one works in.
    public static func requireFree(_ output: String, resumes: Bool = false, overwrites: Bool) throws {
        let files = FileManager.default
        let here = files.currentDirectoryPath + "/"
        let place = URL(filePath: output).standardizedFileURL.path
        guard !here.hasPrefix(place.hasSuffix("/") ? place : place + "/") else {
            throw TeachingError.badRecipe(
                "the output \(place) is the folder you are in, or around it; name one to make")
        }
        if overwrites { return }
        if files.fileExists(atPath: output) { throw TeachingError.outputExists(output) }
        let folder = folder(for: output)
        if !resumes, files.fileExists(atPath: folder.appending(path: checkpointName).path) {
            throw TeachingError.unfinishedRun(folder.path)
        }
    }
}
