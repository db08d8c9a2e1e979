import Companion
import Foundation
import Locking
import Testing

@Suite("A conversation")
struct ConversationTests {
    @Test("A turn is answered, spoken in clauses, and written down")
    func turn() async throws {
        let scene = try Scene(
            ScriptedChatModel([
                .event(.reasoning("hmm")), .event(.text("It is sunny here, ")), .event(.text("I think. Go out!")),
                .event(.finished(.init(finishReason: "stop", promptTokens: 50, cachedTokens: 40, completionTokens: 9))),
            ]))
        let events = try await scene.say("How is the weather?")
        #expect(events.text == "It is sunny here, I think. Go out!")
        #expect(events.clauses == ["It is sunny here,", "I think.", "Go out!"])
        guard case .finished(let summary)? = events.last else { return #expect(Bool(false), "no end") }
        #expect(summary.text == events.text)
        #expect(summary.promptTokens == 50 && summary.cachedTokens == 40 && summary.completionTokens == 9)
        #expect(summary.firstToken != nil && summary.firstClause != nil)
        #expect(scene.lines == ["user: How is the weather?", "assistant: It is sunny here, I think. Go out!"])
    }

    @Test("Each turn's prompt begins with all that was sent before")
    func stablePrefix() async throws {
        let scene = try Scene(
            ScriptedChatModel { prompt, number in
                number % 3 == 1
                    ? ScriptedChatModel.Step.calls("look", "{\"n\": \(number)}")
                    : ScriptedChatModel.Step.says("Answer \(number).")
            }, tools: FakeTools(), recall: ["a fact"])
        for number in 0..<6 { try await scene.say("question \(number)") }
        let prompts = scene.model.prompts
        #expect(prompts.count > 6)
        for (earlier, later) in zip(prompts, prompts.dropFirst()) {
            #expect(later.messages.count > earlier.messages.count)
            #expect(Array(later.messages.prefix(earlier.messages.count)) == earlier.messages)
            #expect(later.tools == earlier.tools)
        }
    }

    @Test("Clock and memories stand in the user's message, the clock only now and then, and not in the transcript")
    func context() async throws {
        let scene = try Scene(
            ScriptedChatModel { _, number in ScriptedChatModel.Step.says("Answer \(number).") },
            recall: ["She likes tea."])
        try await scene.say("Hello there")
        try await scene.say("And now?")
        let messages = scene.model.prompts[1].messages
        #expect(messages[1].content == "[Tuesday, 3 March 2026, 08:45]\nHello there\n[You remember: She likes tea.]")
        #expect(messages[3].content == "And now?\n[You remember: She likes tea.]")
        #expect(!messages[0].content.contains("March"))
        #expect(scene.lines.first == "user: Hello there")
    }

    @Test("What is read ahead begins the prompt that comes, though time passes and a guess is thrown away")
    func prepares() async throws {
        let seconds = Locked(0.0)
        let scene = try Scene(ScriptedChatModel { _, _ in ScriptedChatModel.Step.says("Yes.") }) { setup in
            setup.now = {
                Date(
                    timeIntervalSince1970: 1_772_527_500
                        + seconds.withLock {
                            $0 += 61; return $0
                        })
            }
        }
        await scene.conversation.prepare(partial: "Is it going.")
        await scene.conversation.prepare(partial: "Is it going to rain?")
        await (try await scene.conversation.begin("Is it going")).discard()
        try await scene.say("Is it going to rain today?")
        let ahead = scene.model.prepared
        #expect(ahead.count == 2)
        for prompt in ahead {
            #expect(!prompt.asksForReply)
            #expect(prompt.messages.count == 2)
            #expect(scene.model.prompts.last?.messages[1].content.hasPrefix(prompt.messages[1].content) == true)
        }
    }

    @Test("A session is resumed where it was left, in another process's words")
    func resumes() async throws {
        let scene = try Scene(ScriptedChatModel { _, number in ScriptedChatModel.Step.says("Answer \(number).") })
        try await scene.say("one")
        await scene.conversation.end()
        await #expect(throws: ConversationError.ended("s")) { _ = try await scene.conversation.begin("two") }
        let again = try Conversation.resume("s", scene.setup)
        let reply = try await again.begin("two")
        _ = await reply.events.all()
        #expect(scene.model.prompts[1].messages.dropFirst().map(\.content).dropLast() == ["one", "Answer 0."])
        #expect(throws: ConversationError.unknownSession("x")) { try Conversation.resume("x", scene.setup) }
    }

    @Test("The user's words are on the disk before a commit returns, and a full disk fails the turn")
    func fullDisk() async throws {
        let scene = try Scene(ScriptedChatModel { _, _ in ScriptedChatModel.Step.says("Yes.") })
        let reply = try await scene.conversation.begin("Remember me")
        scene.store.isFull = true
        await #expect(throws: FakeStore.Full.self) { try await reply.commit() }
        #expect(await reply.events.all().isEmpty)
        scene.store.isFull = false
        try await scene.say("Again")
        #expect(scene.lines == ["user: Again", "assistant: Yes."])
        #expect(scene.model.prompts.last?.messages.count == 2)
    }

    @Test("A model that fails is told of; the question is not lost")
    func modelFails() async throws {
        let error = ChatModelError.unreachable(url: "x", reason: "y")
        let scene = try Scene(
            ScriptedChatModel(
                [.fail(error)], [.event(.text("Half of ")), .fail(error)], ScriptedChatModel.Step.says("All of it.")))
        let options = ConversationOptions()
        #expect(try await scene.say("What?").text == "FAILED " + options.unreachable)
        #expect(try await scene.say("Well?").text == "FAILED " + options.cutOff)
        try await scene.say("And?")
        #expect(
            scene.lines == ["user: What?", "user: Well?", "assistant~: Half of", "user: And?", "assistant: All of it."])
        let last = try #require(scene.model.prompts.last?.messages)
        #expect(last.map(\.role) == [.system, .user, .assistant, .user])
        #expect(last[1].content.hasSuffix("What?\nWell?"))
    }

    @Test("Nothing said is nothing begun")
    func nothingSaid() async throws {
        let scene = try Scene(ScriptedChatModel())
        await #expect(throws: ConversationError.nothingSaid) { _ = try await scene.conversation.begin(" \n") }
        await scene.conversation.prepare(partial: "...")
        #expect(scene.model.prepared.isEmpty)
    }
}
