import Companion
import Foundation

/// The companion's own tools on a made-up day: what they answer is in their own words, from notes and memories that are
/// put there, and from a web that says what it is told to.
package struct StageTools: Sendable {
    /// Those that the persona may use.
    package let definitions: [ToolDefinition]
    private let store = SceneStore()
    private let now: Date
    private let timeZone: TimeZone
    private let allowed: [String]?

    /// - Parameters:
    ///   - notes: The oldest first; they are numbered from `firstNote`.
    ///   - memories: What every search of the memory finds.
    package init(
        persona: Persona, notes: [(title: String, text: String)] = [], firstNote: Int = 1, memories: [String] = [],
        now: Date, timeZone: TimeZone
    ) {
        self.now = now
        self.timeZone = timeZone
        allowed = persona.tools
        definitions = persona.allowed(BuiltinTools.all(store: store, search: nil).map(\.definition))
        store.set(now: now)
        store.set(nextNote: Int64(max(1, firstNote)))
        for (age, note) in notes.enumerated() {
            store.add(title: note.title, text: note.text, date: now - Double(notes.count - age) * 3 * 86400)
        }
        store.set(
            matches: memories.enumerated().map { index, text in
                MemoryMatch(
                    source: .fact(Int64(index + 1)), text: text, date: now - Double(index * 11 + 4) * 86400, score: 1)
            })
    }

    /// What the tool gives back, as the model sees it.
    ///
    /// - Parameter search: What the web says; nil is a machine on which no search is set up.
    package func run(_ call: ToolCall, search: String?) async -> ToolResult {
        let others = BuiltinTools.all(store: store, search: nil).filter { $0.definition.name != "web_search" }
        let toolbox = Toolbox(
            [ScriptedSearch(answer: search)] + others, allowed: allowed, timeZone: timeZone, now: { [now] in now })
        return await toolbox.run(call, context: ToolRunContext(session: "stage"))
    }
}
