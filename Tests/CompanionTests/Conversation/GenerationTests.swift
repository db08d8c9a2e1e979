import Companion
import Testing

@Suite("Replies that overtake each other")
struct GenerationTests {
    private typealias Step = ScriptedChatModel.Step

    @Test("A guess that is thrown away leaves nothing")
    func discard() async throws {
        let gate = Gate()
        let scene = try Scene(
            ScriptedChatModel([.event(.text("Guess. ")), .gate(gate), .event(.text("More."))], Step.says("Real.")))
        let guess = try await scene.conversation.begin("What is")
        _ = await guess.events.until { if case .text = $0 { true } else { false } }
        await guess.discard()
        #expect(scene.lines.isEmpty)
        await #expect(throws: ConversationError.superseded) { try await guess.commit() }
        #expect(try await scene.say("What is it?").text == "Real.")
        #expect(scene.model.prompts[1].messages.count == 2)
        #expect(scene.lines == ["user: What is it?", "assistant: Real."])
        gate.open()
    }

    @Test("Once a newer reply has begun, an older one says and writes nothing, not even what it had buffered")
    func overtaken() async throws {
        let gate = Gate()
        let scene = try Scene(
            ScriptedChatModel(
                [.event(.text("Old one. Buffered one. ")), .stubbornGate(gate), .event(.text("Late."))],
                Step.says("New.")))
        let old = try await scene.conversation.begin("first")
        try await old.commit()
        // The text and its clauses are given out in one step: once the text is read, the clauses wait to be.
        #expect(await old.events.until { _ in true } == [.text("Old one. Buffered one.")])
        let new = try await scene.conversation.begin("second")
        try await new.commit()
        gate.open()
        #expect(await old.events.all().isEmpty)
        await old.interrupt(heard: "Old one.")
        await old.complete()
        #expect(await new.events.all().text == "New.")
        await new.complete()
        #expect(
            scene.lines == [
                "user: first", "assistant~: Old one. Buffered one.", "user: second", "assistant: New.",
            ])
    }

    @Test("An interruption keeps what was heard, and the model is told of it", arguments: [true, false])
    func interrupted(isFinished: Bool) async throws {
        let gate = Gate()
        let text = "One two three. Four five six. Seven."
        let scene = try Scene(
            ScriptedChatModel(
                isFinished ? Step.says(text) : [.event(.text(text)), .stubbornGate(gate), .event(.text(" Late."))],
                Step.says("Sorry.")))
        let reply = try await scene.conversation.begin("Count")
        try await reply.commit()
        _ = await reply.events.until { $0 == .clause("Four five six.") }
        await reply.interrupt(heard: "One two three. Four")
        gate.open()
        #expect(await reply.events.all().isEmpty)
        #expect(scene.lines == ["user: Count", "assistant~: One two three. Four"])
        try await scene.say("Stop")
        let messages = scene.model.prompts[1].messages
        #expect(messages[2].content == "One two three. Four")
        #expect(messages[3].content.contains("broke in"))
        #expect(messages[3].content.hasSuffix("Stop"))
        #expect(scene.lines.suffix(2) == ["user: Stop", "assistant: Sorry."])
    }

    @Test("A reply of which nothing was heard is not in the history, and the next words join the last")
    func unheard() async throws {
        let scene = try Scene(ScriptedChatModel(Step.says("Never heard."), Step.says("Heard.")))
        let reply = try await scene.conversation.begin("Tell me")
        try await reply.commit()
        _ = await reply.events.all()
        await reply.interrupt(heard: "")
        try await scene.say("no, the other")
        let messages = scene.model.prompts[1].messages
        #expect(messages.map(\.role) == [.system, .user])
        #expect(messages[1].content.hasPrefix(scene.model.prompts[0].messages[1].content))
        #expect(messages[1].content.contains("before they heard anything"))
        #expect(scene.lines == ["user: Tell me", "user: no, the other", "assistant: Heard."])
    }

    @Test("All heard is no interruption")
    func allHeard() async throws {
        let scene = try Scene(ScriptedChatModel(Step.says("**One** two.  Three!")))
        let reply = try await scene.conversation.begin("Count")
        try await reply.commit()
        _ = await reply.events.all()
        await reply.interrupt(heard: "One two. Three!")
        #expect(scene.lines == ["user: Count", "assistant: **One** two.  Three!"])
    }

    @Test("Begun, thrown away, kept and cut off in whatever order: one reply lives, and nothing is out of place")
    func adversarialTiming() async throws {
        for seed in 0..<40 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            // Every word of a reply says which turn it answers.
            let scene = try Scene(
                ScriptedChatModel { prompt, _ in
                    let turn = prompt.messages.last?.content.split(separator: " ").last ?? ""
                    return (0..<6).map { .event(.text("\(turn) part \($0). ")) } + [.ends()]
                })
            var readers: [(turn: Int, task: Task<[ReplyEvent], Never>)] = []
            var committed: [String] = []
            for turn in 0..<8 {
                let words = "turn \(turn)"
                let reply = try await scene.conversation.begin(words)
                let reader = Task { await reply.events.all() }
                for _ in 0..<Int.random(in: 0...12, using: &generator) { await Task.yield() }
                switch Int.random(in: 0...4, using: &generator) {
                case 0: await reply.discard()
                case 1: break
                case 2:
                    try await reply.commit()
                    committed.append(words)
                    await reply.interrupt(heard: "R")
                case 3:
                    try await reply.commit()
                    committed.append(words)
                default:
                    async let late: Void = reply.interrupt(heard: "")
                    committed += (try? await reply.commit()) == nil ? [] : [words]
                    await late
                }
                readers.append((turn, reader))
            }
            await scene.conversation.end()
            for reader in readers {
                for clause in await reader.task.value.clauses {
                    #expect(clause.hasPrefix("\(reader.turn) part"), "seed \(seed)")
                }
            }
            let said = scene.lines.filter { $0.hasPrefix("user") }
            #expect(said == committed.map { "user: " + $0 }, "seed \(seed)")
            for (line, next) in zip(scene.lines, scene.lines.dropFirst()) {
                guard next.hasPrefix("assistant") else { continue }
                let answered = next.split(separator: " ").dropFirst().first ?? ""
                #expect(line.hasPrefix("user") && (line.hasSuffix(" \(answered)") || answered == "R"), "seed \(seed)")
            }
            for prompt in scene.model.prompts {
                let roles = prompt.messages.map(\.role)
                #expect(zip(roles, roles.dropFirst()).allSatisfy { $0 != $1 }, "seed \(seed)")
            }
        }
    }
}
