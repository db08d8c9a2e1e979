import Companion
import Testing

/// The real store and tools behind a conversation whose model is scripted.
struct ConversationToolsTests {
    @Test func aFactToldInOneSessionIsKnownInTheNext() async throws {
        let store = try CompanionStore.forTest()
        let tools = Toolbox(BuiltinTools.all(store: store, search: nil))
        typealias Step = ScriptedChatModel.Step
        let model = ScriptedChatModel(
            Step.calls("remember", #"{"fact": "The user's dog is called Biscuit."}"#), Step.says("I will."))
        let first = try Scene(model, tools: tools) { $0.store = store }
        try await first.say("My dog is called Biscuit, remember that.")

        let recall: @Sendable (String) async -> [String] = { (try? MemoryRecall().facts(for: $0, in: store)) ?? [] }
        let second = ScriptedChatModel(
            Step.calls("search_memory", #"{"query": "dog's name"}"#), Step.says("He is called Biscuit."))
        var setup = first.setup
        (setup.model, setup.recall) = (second, recall)
        let reply = try await Conversation.start(id: "t", setup).begin("What is my dog called?")
        try await reply.commit()
        #expect(await reply.events.all().text == "He is called Biscuit.")
        let prompts = second.prompts
        #expect(prompts[0].messages.contains { $0.content.contains("The user's dog is called Biscuit.") }, "recalled")
        let result = try #require(prompts[1].messages.last { $0.role == .tool })
        #expect(result.content.contains("| fact ("))
        #expect(try store.transcript(of: "s").map(\.message.role) == [.user, .assistant, .tool, .assistant])
    }
}
