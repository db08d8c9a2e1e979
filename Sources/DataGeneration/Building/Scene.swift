import Companion
import Foundation
import JSON
import TrainingData

/// A user: the profile, and questions that it answers.
struct Person {
    var profile = Profile()
    var traits: [Exchange] = []
}

/// A conversation while it is being written: who the user is, what is kept, what was said so far.
struct Scene {
    let profile: Profile
    /// What may be asked of the profile, and its answers.
    let traits: [Exchange]
    let hasTools: Bool
    let store = SceneStore()
    private(set) var messages: [TrainingMessage] = []
    var now: Date
    let timeZone: TimeZone
    /// Whether the next words come as a change of topic.
    var switchesTopic = false
    private let definitions: [ToolDefinition]
    private var clockToldAt: Date?
    private var callCount = 0

    init(person: Person, hasTools: Bool, now: Date, timeZone: TimeZone, tellsTime: Bool) {
        profile = person.profile
        traits = person.traits
        self.hasTools = hasTools
        self.now = now
        self.timeZone = timeZone
        definitions =
            hasTools ? Persona.annie.allowed(BuiltinTools.all(store: store, search: nil).map(\.definition)) : []
        if !tellsTime { clockToldAt = .distantFuture }
        let prompt = SystemPrompt.assemble(persona: .annie, profile: profile, tools: definitions)
        messages.append(TrainingMessage(.system, prompt))
    }

    var userTurns: Int { messages.count { $0.role == .user } }

    /// The user's words, with the notes that the companion puts around them.
    mutating func user(_ words: String, remembering facts: [String] = []) {
        var lines: [String] = []
        if clockToldAt.map({ now.timeIntervalSince($0) >= 900 }) ?? true {
            lines.append(MessageContext.clock(at: now, in: timeZone))
            clockToldAt = now
        }
        let message = MessageContext.message(words, after: lines, remembering: facts)
        messages.append(TrainingMessage(.user, message.content))
        switchesTopic = false
    }

    mutating func annie(_ words: String) { messages.append(TrainingMessage(.assistant, words)) }

    /// Annie's call, and what the real tool says to it.
    mutating func call(
        _ name: String, _ arguments: JSONObject = JSONObject(), search: String? = nil
    ) async -> String {
        callCount += 1
        let call = TrainingToolCall(id: "call_\(callCount)", name: name, arguments: arguments)
        messages.append(TrainingMessage(.assistant, "", toolCalls: [call]))
        store.set(now: now)
        let tools = BuiltinTools.all(store: store, search: nil).filter { $0.definition.name != "web_search" }
        let toolbox = Toolbox(
            [ScriptedSearch(answer: search)] + tools, timeZone: timeZone, now: { [now] in now })
        let result = await toolbox.run(
            ToolCall(id: call.id, name: name, arguments: JSONValue.object(arguments).text(.python)),
            context: ToolRunContext(session: "scene"))
        messages.append(TrainingMessage(.tool, result.text, toolCallID: call.id))
        return result.text
    }

    func conversation(_ category: String) -> TrainingConversation {
        TrainingConversation(messages: messages, tools: definitions.map(\.json), category: category)
    }
}
