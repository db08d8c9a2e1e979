import Companion
import Foundation

/// One request to send, and what its answer is judged by.
struct GenerationJob: Sendable {
    var ticket: Int
    var category: TaughtCategory
    var settings: [Setting]
    var examples: [Script]
    var request: TeacherRequest
}

/// Makes requests. The same recipe and ticket give the same one, so that an answer can be judged by a later run.
package struct JobMaker: Sendable {
    let recipe: GenerationRecipe
    let persona: Persona
    let tools: [ToolDefinition]

    /// - Throws: What the memory of tools that are never run has against being made.
    package init(_ recipe: GenerationRecipe, persona: Persona) throws {
        self.recipe = recipe
        self.persona = persona
        let store = try CompanionStore(inMemoryWithClock: { Date() })
        tools = persona.allowed(BuiltinTools.all(store: store, search: nil).map(\.definition))
    }

    func job(_ ticket: Int, _ category: TaughtCategory, _ count: Int) async -> GenerationJob {
        let prompt = TeacherPrompt(persona: persona, tools: tools, language: recipe.language)
        var drawer = SettingDrawer(seed: recipe.seed, ticket: ticket, tools: tools.map(\.name), persona: persona.name)
        let settings = drawer.settings(category, count)
        let seed = recipe.seed &+ UInt64(ticket) &* 7919
        let examples = await prompt.examples(category, seed: seed, matching: settings)
        let request = prompt.request(
            category, settings, examples: examples, seed: Int(seed & 0x7FFF_FFFF), teacher: recipe.teacher)
        return GenerationJob(
            ticket: ticket, category: category, settings: settings, examples: examples, request: request)
    }

    /// The first request for a category, to look at.
    package func preview(_ category: TaughtCategory) async -> TeacherRequest {
        await job(1, category, recipe.batch).request
    }
}
