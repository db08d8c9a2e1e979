import Companion
import JSON
import Testing

@Suite("Tools within a reply")
struct ToolRoundTests {
    private typealias Step = ScriptedChatModel.Step

    private func call(_ name: String, _ arguments: String = "{}", _ id: String = "c") -> Step {
        .event(.toolCall(ToolCall(id: id, name: name, arguments: arguments)))
    }

    @Test("A call is run once the turn is committed, and its result fed back")
    func waitsForCommit() async throws {
        let tools = FakeTools()
        let scene = try Scene(
            ScriptedChatModel(
                [.event(.text("Let me see.")), call("look"), .ends("tool_calls")], Step.says("It is there.")),
            tools: tools)
        let reply = try await scene.conversation.begin("Where?")
        _ = await reply.events.until { $0 == .clause("Let me see.") }
        for _ in 0..<20 { await Task.yield() }
        #expect(tools.log.isEmpty)
        try await reply.commit()
        let events = await reply.events.all()
        await reply.complete()
        let made = ToolCall(id: "c", name: "look", arguments: "{}")
        #expect(events.contains(.toolStarted(made)))
        #expect(events.contains(.toolFinished(made, result: "did look", isError: false)))
        #expect(events.text == " It is there.")
        let messages = scene.model.prompts[1].messages.suffix(2)
        #expect(messages.first == ChatMessage(.assistant, "Let me see.", toolCalls: [made]))
        #expect(messages.last == ChatMessage(.tool, "look of {}", toolCallID: "c"))
        #expect(
            scene.lines == [
                "user: Where?", "assistant: Let me see.", "tool: look of {}", "assistant: It is there.",
            ])
    }

    @Test("A call of a guess that is thrown away never runs")
    func discardedCall() async throws {
        let tools = FakeTools()
        let scene = try Scene(ScriptedChatModel(Step.calls("save")), tools: tools)
        let reply = try await scene.conversation.begin("Save it")
        for _ in 0..<50 { await Task.yield() }
        await reply.discard()
        #expect(await reply.events.all().isEmpty)
        #expect(tools.log.isEmpty)
    }

    @Test("Calls run side by side; one with side effects runs alone, in its place")
    func parallel() async throws {
        let (look, find, save) = (Gate(), Gate(), Gate())
        let tools = FakeTools(gates: ["look": look, "find": find, "save": save])
        let scene = try Scene(
            ScriptedChatModel(
                [
                    call("look", "{}", "1"), call("find", "{}", "2"), call("save", "{}", "3"), call("find", "[]", "4"),
                    .ends(),
                ],
                Step.says("Done.")), tools: tools)
        let reply = try await scene.conversation.begin("Do it")
        try await reply.commit()
        await look.arrival()
        await find.arrival()
        #expect(Set(tools.log) == ["look", "find"])
        find.open()
        look.open()
        await save.arrival()
        #expect(tools.log.suffix(1) == ["save"])
        save.open()
        #expect(await reply.events.all().text == "Done.")
        #expect(scene.model.prompts[1].messages.suffix(4).map(\.toolCallID) == ["1", "2", "3", "4"])
    }

    @Test("A tool that comes back after the interruption is neither told nor written; every call has an answer")
    func interruptedCall() async throws {
        let gate = Gate()
        let tools = FakeTools(gates: ["save": gate])
        let scene = try Scene(
            ScriptedChatModel(
                [call("look", "{}", "1"), call("save", "{}", "2"), call("find", "{}", "3"), .ends()], Step.says("New.")),
            tools: tools)
        let reply = try await scene.conversation.begin("Save it")
        try await reply.commit()
        await gate.arrival()
        await reply.interrupt(heard: "")
        gate.open()
        try await scene.say("Wait")
        #expect(!tools.log.contains("find"))
        #expect(
            scene.lines == [
                "user: Save it", "assistant: ", "tool: look of {}",
                "tool: Stopped because the user broke in; it may or may not have been carried out.",
                "tool: Not carried out, because the user broke in.", "user: Wait", "assistant: New.",
            ])
        #expect(scene.model.prompts[1].messages.last?.content.contains("before they heard anything") == true)
    }

    @Test("A tool that comes back while the next turn runs its own is not taken for one of those")
    func lateResult() async throws {
        let (look, find) = (Gate(), Gate())
        let tools = FakeTools(gates: ["look": look, "find": find])
        let scene = try Scene(
            ScriptedChatModel(Step.calls("look"), Step.calls("find")), tools: tools)
        let old = try await scene.conversation.begin("Look")
        try await old.commit()
        await look.arrival()
        await old.interrupt(heard: "")
        let new = try await scene.conversation.begin("Find")
        try await new.commit()
        await find.arrival()
        look.open()
        while !tools.log.contains("look.") { await Task.yield() }
        for _ in 0..<50 { await Task.yield() }
        await new.interrupt(heard: "")
        find.open()
        #expect(scene.lines.last?.hasPrefix("tool: Stopped because the user broke in") == true)
    }

    @Test("What was heard is parted among the rounds")
    func heardAcrossRounds() async throws {
        let scene = try Scene(
            ScriptedChatModel(
                [.event(.text("Let me see now.")), call("look"), .ends()], Step.says("It is there. Really.")),
            tools: FakeTools())
        let reply = try await scene.conversation.begin("Where?")
        try await reply.commit()
        _ = await reply.events.all()
        await reply.interrupt(heard: "Let me see now. It is")
        #expect(scene.lines == ["user: Where?", "assistant: Let me see now.", "tool: look of {}", "assistant~: It is"])
    }

    @Test("The same call again is not run: the round is tried again, and then she gives up plainly")
    func sameCallAgain() async throws {
        let tools = FakeTools()
        let scene = try Scene(
            ScriptedChatModel { _, number in
                Step.calls("look", number == 0 ? "{\"a\":1,\"b\":2}" : "{\"b\": 2, \"a\": 1}")
            },
            tools: tools)
        let events = try await scene.say("Look")
        #expect(tools.log == ["look", "look."])
        #expect(scene.model.prompts.count == 3)
        #expect(events.text == "FAILED " + ConversationOptions().apology)
    }

    @Test("Rounds are bounded: then calls are refused, and an answer ends the reply")
    func boundedRounds() async throws {
        let tools = FakeTools()
        let scene = try Scene(
            ScriptedChatModel { prompt, number in
                prompt.messages.last?.content.contains("enough tool calls") == true
                    ? Step.says("Enough.") : Step.calls("look", "{\"n\": \(number)}")
            }, tools: tools)
        #expect(try await scene.say("Look").text == "Enough.")
        #expect(tools.log.count == 2 * ConversationOptions().maximumToolRounds)
        let endless = try Scene(ScriptedChatModel { _, number in Step.calls("look", "\(number)") }, tools: tools)
        #expect(try await endless.say("Look").text.hasPrefix("FAILED"))
    }

    @Test("An unknown tool is an error that the model may read")
    func unknownTool() async throws {
        let scene = try Scene(ScriptedChatModel(Step.calls("lock"), Step.says("No such thing.")), tools: FakeTools())
        try await scene.say("Lock")
        #expect(
            scene.model.prompts[1].messages.last?.content == "There is no tool 'lock'. The tools are: look, find, save."
        )
    }
}
