import Companion
import DataGeneration
import JSON
import TrainingData

/// What teachers are asked, in words that small models manage.
struct TeacherPrompt: Sendable {
    let persona: Persona
    let tools: [ToolDefinition]
    /// What both speak.
    let language: String

    /// The part that all requests of a run share.
    var instructions: String {
        let name = persona.name
        return """
            You write short conversations from which a voice companion called \(name) learns to talk. You write both \
            sides: what the user says, and what \(name) replies.

            \(name) is told this:
            <<<
            \(SystemPrompt.assemble(persona: persona, profile: Profile(), tools: tools))
            >>>

            Every reply of \(name):
            - has one or two sentences and at most 30 words, and ends with a full stop or an exclamation mark;
            - is plain speech: no lists, no asterisks, no headings, no brackets, no links, no emoji;
            - has no question mark, and offers nothing (no "let me know", no "would you like");
            - says only what is true, known from the conversation, or returned by a tool;
            - never claims a body, a family or a past of \(name)'s own.

            The user is a person who talks to \(name), in everyday words, sometimes clumsy or cut short, never in \
            brackets. They do not greet, do not say their own name and do not tell what \(name) knows of them already: \
            they come straight to the matter. Both speak \(language). No two conversations begin alike, and none copies \
            an example.
            \(toolText)
            Answer with JSON and nothing else, in this form:
            {"conversations": [{"turns": [{"user": "…", \(tools.isEmpty ? "" : "\"calls\": [], ")"reply": "…"}]}]}
            """
    }

    private var toolText: String {
        guard !tools.isEmpty else { return "" }
        let lines = tools.map { tool in
            let arguments = (tool.parameters["properties"]?.object ?? JSONObject()).map {
                "\"\($0.key)\": \($0.value["type"]?.string ?? "any")"
            }
            return "- \(tool.name) {\(arguments.joined(separator: ", "))}: \(tool.description)"
        }
        return """

            The tools:
            \(lines.joined(separator: "\n"))
            "calls" lists what \(persona.name) calls before the reply, as {"tool": "…", "arguments": {…}}; mostly it is \
            empty. For web_search add "result": what the search found, one to three sentences that you make up. The \
            results of the other tools are not yours to write.

            """
    }

    /// What is wanted in one request.
    func task(_ category: TaughtCategory, _ settings: [Setting], examples: [Script]) -> String {
        var parts = ["Now the kind of conversation: \(category.title).\n\(category.guidance(name: persona.name))"]
        if !examples.isEmpty {
            let shown = examples.map { $0.json.text(.python) }.joined(separator: "\n")
            parts.append("Examples of the form and of the tone (write others):\n\(shown)")
        }
        parts += settings.enumerated().map { $0.element.text(number: $0.offset + 1, name: persona.name) }
        let count =
            settings.count == 1 ? "this one conversation" : "these \(settings.count) conversations, in this order"
        parts.append("Write \(count), as JSON.")
        return parts.joined(separator: "\n\n")
    }

    /// A request for these settings.
    func request(
        _ category: TaughtCategory, _ settings: [Setting], examples: [Script], seed: Int,
        teacher: GenerationRecipe.TeacherSettings
    ) -> TeacherRequest {
        TeacherRequest(
            instructions: instructions, task: task(category, settings, examples: examples),
            schema: ScriptSchema.schema(for: settings, tools: tools), maximumTokens: teacher.replyTokens,
            temperature: teacher.temperature, seed: seed)
    }

    /// Conversations of ours to show, which differ from request to request.
    func examples(_ category: TaughtCategory, seed: UInt64, matching settings: [Setting]) async -> [Script] {
        var draws = BankDraws(seed: seed)
        let needsTools = settings.contains { !$0.tools.isEmpty }
        var examples: [Script] = []
        for _ in 0..<60 where examples.count < 2 {
            let script = Script(await draws.conversation(category.bank))
            let calls = script.turns.flatMap(\.calls)
            let fits = settings.contains { setting in calls.allSatisfy { setting.tools.contains($0.tool) } }
            // A small model copies the form of what it sees: a call where one is wanted, none where none is.
            if script.turns.count <= 3, fits, calls.isEmpty != needsTools { examples.append(script) }
        }
        return examples
    }
}
