import Companion
import Testing

@Suite("A confused session")
struct HealingTests {
    private typealias Step = ScriptedChatModel.Step
    private static let loop = String(repeating: "I like the way you like it. ", count: 8)

    @Test("A spoiled reply is cut out, tried again with another seed and less heat, and the good one is kept")
    func retries() async throws {
        let scene = try Scene(ScriptedChatModel(Step.says(Self.loop), Step.says("Tea, please."), Step.says("Yes.")))
        let events = try await scene.say("Tea or coffee?")
        #expect(events.restarts == 1)
        #expect(events.text == "Tea, please.")
        let (first, second) = (scene.model.prompts[0], scene.model.prompts[1])
        #expect(first.messages == second.messages)
        #expect(first.seed != second.seed)
        #expect((second.temperature ?? 9) < (first.temperature ?? 0))
        try await scene.say("Really?")
        #expect(scene.lines == ["user: Tea or coffee?", "assistant: Tea, please.", "user: Really?", "assistant: Yes."])
        #expect(!scene.model.prompts[2].messages.contains { $0.content.contains("the way you") })
    }

    @Test(
        "A reply that goes wrong twice ends in a plain sentence, which is written down and not shown to the model again"
    )
    func apologises() async throws {
        let scene = try Scene(
            ScriptedChatModel(Step.says("Hi."), Step.says("<tool_call>{"), Step.says("## Tea"), Step.says("Fine.")))
        try await scene.say("Hello")
        let apology = ConversationOptions().apology
        let events = try await scene.say("Tea or coffee?")
        #expect(events.restarts == 2)
        #expect(events.last == .failed(apology))
        #expect(events.clauses.isEmpty)
        #expect(scene.lines.suffix(2) == ["user: Tea or coffee?", "assistant: " + apology])
        try await scene.say("And now?")
        #expect(scene.model.prompts[3].messages.map(\.role) == [.system, .user])
    }

    @Test("A model that repeats its own bad turns when it sees them heals, and stays well")
    func heals() async throws {
        let poison = "I can not remember what you said about the garden"
        let scene = try Scene(
            ScriptedChatModel { prompt, number in
                let seesPoison = prompt.messages.contains { $0.role == .assistant && $0.content.contains("the garden") }
                // The first time it goes wrong by itself; later only when it sees that it did.
                if number == 1 || seesPoison {
                    return Step.says(Array(repeating: poison, count: 6).joined(separator: " "))
                }
                return Step.says("Good answer \(number).")
            })
        for number in 0..<8 {
            let text = try await scene.say("Question \(number)").text
            #expect(text.hasPrefix("Good answer"), "turn \(number): \(text)")
        }
    }

    @Test(
        "Poison in a resumed transcript is left out of the prompt; poison that nobody could know is cut out on the retry"
    )
    func resumedPoison() async throws {
        let subtle = "the moon is made of green old cheese my dear friend"
        let model = ScriptedChatModel { prompt, number in
            let copies = prompt.messages.contains { $0.role == .assistant && $0.content.contains("green old cheese") }
            return Step.says(copies ? Array(repeating: subtle, count: 4).joined(separator: " ") : "Well said.")
        }
        let scene = try Scene(model)
        _ = try scene.store.append(
            [
                ChatMessage(.user, "a"), ChatMessage(.assistant, "<tool_call>{}"), ChatMessage(.user, "b"),
                ChatMessage(.assistant, subtle), ChatMessage(.user, "c"), ChatMessage(.assistant, "Good."),
            ], to: "s", isInterrupted: false)
        let again = try Conversation.resume("s", scene.setup)
        let events = await (try await again.begin("d")).events.all()
        #expect(!model.prompts[0].messages.contains { $0.content.contains("tool_call") })
        #expect(events.restarts == 1)
        #expect(events.text == "Well said.")
        #expect(model.prompts[1].messages.dropFirst().dropLast().map(\.content) == ["c", "Good."])
    }

    @Test("The same answer to three questions running is a sign of confusion")
    func sameAnswer() async throws {
        let scene = try Scene(
            ScriptedChatModel { prompt, _ in
                let count = prompt.messages.count { $0.content.contains("nothing about it at all") }
                return Step.says(
                    count >= 2 || prompt.messages.count == 2 || count == 1 ? "I know nothing about it at all." : "Rain."
                )
            })
        try await scene.say("one")
        try await scene.say("two")
        let events = try await scene.say("three")
        #expect(events.restarts >= 1)
    }

    @Test(
        "An empty reply is tried again", arguments: ["", " \n", "<think>\nonly thought\n</think>", "...", "<|im_end|>"])
    func empty(text: String) async throws {
        let scene = try Scene(ScriptedChatModel(Step.says(text), Step.says("There.")))
        let events = try await scene.say("Hello?")
        #expect(events.text == "There.")
        #expect(events.restarts == 1)
    }

    @Test("After a tool, only the spoiled round is tried again, and no tool runs twice")
    func retryAfterTool() async throws {
        let tools = FakeTools()
        let scene = try Scene(
            ScriptedChatModel(
                [
                    .event(.text("Let me look.")), .event(.toolCall(ToolCall(id: "1", name: "save", arguments: "{}"))),
                    .ends(),
                ],
                Step.says("```\ncode\n```"), Step.says("It is saved.")), tools: tools)
        let events = try await scene.say("Save")
        #expect(tools.log == ["save", "save."])
        #expect(events.text == "Let me look. It is saved.")
        #expect(scene.lines.last == "assistant: It is saved.")
    }
}
