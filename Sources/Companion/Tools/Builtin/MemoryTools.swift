import Foundation
import JSON

/// `search_memory`: what she knows of the user, and what was said before.
public struct SearchMemoryTool: Tool {
    private let store: any CompanionStoring

    /// Searches this store.
    public init(store: any CompanionStoring) { self.store = store }

    /// What the model is told.
    public let definition = ToolDefinition(
        name: "search_memory",
        description: "Search what you remember of the user: facts, notes and earlier conversations. Call it when the "
            + "user refers to something from before.",
        parameters: ToolSchema.object(
            [("query", ToolSchema.string("A few words on what to look for"))], required: ["query"]))
    /// It only reads.
    public let hasSideEffects = false
    /// A local search is quick.
    public let timeLimit = Duration.seconds(5)

    /// A line for each match, or that nothing is remembered.
    public func run(arguments: JSONObject, context: ToolContext) async throws -> String {
        let query = arguments["query"]?.string ?? ""
        let matches = try store.search(query, limit: 6, excludedSession: context.session)
        guard !matches.isEmpty else { return "I don't remember anything about that." }
        return matches.map { match in
            let date = ToolDate.day(match.date, in: context.timeZone)
            let text = ToolText.line(match.text, limit: 400)
            return switch match.source {
            case .fact: "fact (\(date)): \(text)"
            case .note: "note (\(date)): \(text)"
            case .turn(_, .user): "the user said (\(date)): \(text)"
            case .turn: "you said (\(date)): \(text)"
            }
        }.joined(separator: "\n")
    }
}

/// `remember`: keeps a fact about the user.
public struct RememberTool: Tool {
    private let store: any CompanionStoring
    private static let maximumLength = 500

    /// Writes into this store.
    public init(store: any CompanionStoring) { self.store = store }

    /// What the model is told.
    public let definition = ToolDefinition(
        name: "remember",
        description: "Remember a fact about the user for good. Call it when the user tells you something about "
            + "themselves or asks you to remember something.",
        parameters: ToolSchema.object(
            [("fact", ToolSchema.string("One short sentence, such as: The user's dog is called Biscuit."))],
            required: ["fact"]))
    /// It writes.
    public let hasSideEffects = true
    /// A local write is quick.
    public let timeLimit = Duration.seconds(5)

    /// Confirms the fact.
    public func run(arguments: JSONObject, context: ToolContext) async throws -> String {
        let fact = ToolText.line(arguments["fact"]?.string ?? "", limit: Self.maximumLength)
        guard !fact.isEmpty else { throw ToolError("the fact is empty; call remember again with one short sentence") }
        return "Remembered: \(try store.remember(fact).text)"
    }
}
