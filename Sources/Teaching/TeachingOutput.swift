import Companion
import Foundation
import Tokenization
import Training
import TrainingData

extension TeachingRun {
    /// Makes the output directory from what was taught: the checkpoint (in NVFP4 if it was taught so), the template and the
    /// prompt's fingerprint it was taught with. It appears under its name when it is whole.
    ///
    /// - Parameter tools: What the prompt of the data offers; part of the fingerprint.
    public func export(tools: [ToolDefinition], overwrites: Bool) throws {
        let output = URL(filePath: recipe.output).standardizedFileURL
        let unfinished = folder.appending(path: "export")
        let files = FileManager.default
        try? files.removeItem(at: unfinished)
        defer { try? files.removeItem(at: unfinished) }
        try trainer.export(to: unfinished)
        if let template = recipe.chatTemplate {
            try Lessons.template(template).source.write(
                to: unfinished.appending(path: "chat_template.jinja"), atomically: true, encoding: .utf8)
        }
        if let path = recipe.persona {
            let persona = try Persona(contentsOf: path)
            try PromptFingerprint.write(
                SystemPrompt.fingerprint(persona: persona, tools: persona.allowed(tools)), persona: persona.name,
                to: unfinished)
        }
        if files.fileExists(atPath: output.path) {
            guard overwrites else { throw TeachingError.outputExists(output.path) }
            try files.removeItem(at: output)
        }
        try files.moveItem(at: unfinished, to: output)
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
