import Companion
import Testing

@Suite("Trimming the context")
struct TrimmingTests {
    private typealias Step = ScriptedChatModel.Step

    private func words(_ count: Int) -> String { Array(repeating: "w", count: count).joined(separator: " ") }

    @Test("Whole turns are dropped, oldest first and seldom, and between two cuts the prompt only grows")
    func trims() async throws {
        let model = ScriptedChatModel(contextLength: 2000) { _, number in Step.says("Answer \(number).") }
        let scene = try Scene(model) { $0.persona = Persona(name: "A", about: "b", rules: []) }
        for number in 0..<40 { try await scene.say("q\(number) " + words(80)) }
        let prompts = model.prompts
        var cuts = 0
        for (earlier, later) in zip(prompts, prompts.dropFirst()) {
            #expect(try await model.tokenCount(of: later) <= 1500)
            #expect(later.messages.count % 2 == 0)
            if later.messages.prefix(earlier.messages.count) == earlier.messages[...] { continue }
            cuts += 1
            #expect(try await model.tokenCount(of: later) <= 1000)
            #expect(
                later.messages.suffix(3).dropLast() == earlier.messages.suffix(1) + [
                    later.messages[later.messages.count - 2]
                ])
        }
        #expect((1...8).contains(cuts), "\(cuts)")
        #expect(prompts.last?.messages[1].content.hasPrefix("[Tuesday") == false)
        #expect(scene.lines.count == 80)
    }

    @Test("A model that is still being loaded, and does not know its context, loses nothing of the history")
    func unknownContext() async throws {
        let model = ScriptedChatModel(contextLength: 0) { _, number in Step.says("Answer \(number).") }
        let scene = try Scene(model)
        for number in 0..<3 { try await scene.say("q\(number) " + words(100)) }
        #expect(model.prompts.last?.messages.filter { $0.role == .user }.count == 3)
        #expect(model.prompts.last?.messages.last?.content.hasSuffix("q2 " + words(100)) == true)
    }

    @Test("A prompt that the server refuses is tried again with half the history, so that no session is stuck")
    func refusedPrompt() async throws {
        let model = ScriptedChatModel { prompt, _ in
            prompt.messages.count > 6
                ? [.fail(ChatModelError.refused(url: "x", status: 400, body: "too long"))]
                : Step.says("Fine \(prompt.messages.count).")
        }
        let scene = try Scene(model)
        for number in 0..<8 { #expect(try await scene.say("q\(number)").text.hasPrefix("Fine")) }
        let stuck = try Scene(
            ScriptedChatModel { _, _ in [.fail(ChatModelError.refused(url: "x", status: 400, body: "no"))] })
        #expect(try await stuck.say("q").text.hasPrefix("FAILED"))
        #expect(stuck.model.prompts.count == 1)
    }

    @Test("A monologue beyond the context is shortened in its middle, for the model only")
    func monologue() async throws {
        let model = ScriptedChatModel(contextLength: 600) { _, _ in Step.says("I see.") }
        let scene = try Scene(model) { $0.persona = Persona(name: "A", about: "b", rules: []) }
        try await scene.say("start " + words(3000) + " end")
        let sent = try #require(model.prompts[0].messages.last?.content)
        #expect(sent.contains("start") && sent.hasSuffix("end") && sent.contains("…"))
        #expect(try await model.tokenCount(of: model.prompts[0]) <= 450)
        #expect((scene.lines.first?.count ?? 0) > 6000)
    }
}
