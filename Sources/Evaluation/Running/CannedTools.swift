import Companion
import Foundation
import JSON

/// The built-in tools with results from a scenario. What the model is told of them, how its arguments are checked and how
/// results are put to it is the companion's own doing, so that evaluation and talk do not differ.
struct CannedTools: Sendable {
    let definitions: [ToolDefinition]
    private let toolbox: Toolbox

    /// - Parameter builtin: The definitions of all built-in tools.
    init(_ scenario: Scenario, builtin: [ToolDefinition]) {
        let allowed = builtin.filter { scenario.tools.contains($0.name) }
        toolbox = Toolbox(allowed.map { CannedTool(definition: $0, answer: scenario.results[$0.name]) })
        definitions = toolbox.definitions
    }

    /// The definitions of the built-in tools, which are made with a store they never use here.
    static func builtinDefinitions() throws -> [ToolDefinition] {
        BuiltinTools.all(store: try CompanionStore(inMemoryWithClock: { Date() }), search: nil).map(\.definition)
    }

    func run(_ call: ToolCall) async -> TurnRecord.CallRecord {
        let result = await toolbox.run(call, context: ToolRunContext(session: "evaluation"))
        return TurnRecord.CallRecord(
            call, result: result.text, problem: result.isError ? result.summary : unknownArgument(of: call))
    }

    /// The toolbox forgives arguments that a tool does not know; as a call, they are made up.
    private func unknownArgument(of call: ToolCall) -> String? {
        guard let schema = definitions.first(where: { $0.name == call.name })?.parameters["properties"]?.object,
            let given = (try? JSONValue(parsing: call.arguments))?.object
        else { return nil }
        return given.keys.first { schema[$0] == nil }.map { "\"\($0)\" is no argument of \(call.name)" }
    }
}

private struct CannedTool: Tool {
    let definition: ToolDefinition
    let answer: String?
    let hasSideEffects = false
    let timeLimit = Duration.seconds(5)

    /// The scenario's answer, or what the real tool says when there is nothing.
    func run(arguments: JSONObject, context: ToolContext) async throws -> String {
        if let answer { return answer }
        switch definition.name {
        case "search_memory": return "I don't remember anything about that."
        case "list_notes": return "There are no notes."
        case "remember": return "Remembered: \(arguments["fact"]?.string ?? "")"
        case "save_note": return "Saved note 1: \(arguments["title"]?.string ?? "note")"
        case "delete_note": return "Deleted note \(arguments["number"]?.integer ?? 1)"
        case "current_time": return "Tuesday, 3 March 2026, 14:05 (Europe/Berlin, UTC+01:00)"
        default: return "No results."
        }
    }
}
