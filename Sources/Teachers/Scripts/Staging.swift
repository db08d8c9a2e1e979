import Companion
import JSON
import TrainingData

/// Turns scripts into conversations to learn from: the production prompt before them, the clock in the user's message, and
/// what the real tools say to each call.
struct Staging: Sendable {
    let persona: Persona

    /// - Throws: ``Rejection`` for calls that the tools refuse.
    func conversation(
        _ script: Script, _ setting: Setting, category: TaughtCategory
    ) async throws(Rejection) -> TrainingConversation {
        let stage = setting.stage(for: persona)
        let prompt = SystemPrompt.assemble(persona: persona, profile: setting.profile, tools: stage.definitions)
        var messages = [TrainingMessage(.system, prompt)]
        var callCount = 0
        for (index, turn) in script.turns.enumerated() {
            let clock =
                index == 0 && setting.tellsTime ? [MessageContext.clock(at: setting.now, in: setting.timeZone)] : []
            messages.append(
                TrainingMessage(.user, MessageContext.message(turn.user, after: clock, remembering: []).content))
            for call in turn.calls {
                callCount += 1
                try ArgumentCheck.require(call, among: stage.definitions)
                let text = JSONValue.object(call.arguments).text(.python)
                let result = await stage.run(
                    ToolCall(id: "call_\(callCount)", name: call.tool, arguments: text), search: call.result)
                guard !result.isError else { throw Rejection("invalid call", "\(call.tool): \(result.summary)") }
                let made = TrainingToolCall(id: "call_\(callCount)", name: call.tool, arguments: call.arguments)
                messages.append(TrainingMessage(.assistant, "", toolCalls: [made]))
                messages.append(TrainingMessage(.tool, result.text, toolCallID: made.id))
            }
            messages.append(TrainingMessage(.assistant, turn.reply))
        }
        let tools = stage.definitions.map(\.json)
        return TrainingConversation(messages: messages, tools: tools, category: category.title)
    }
}
