import Companion
import Testing
import Voice

/// The user speaks while she does.
@Suite struct InterruptionTests {
    /// A call in which she speaks from about 2.5 s until 12 s.
    private static func speaking() -> Simulation {
        let call = Simulation()
        call.stages.reply = { text in
            guard text.hasPrefix("Tell") else {
                return [(0.05, .text("Yes.")), (0.06, .clause("Yes.")), (0.07, .finished)]
            }
            return (1...3).flatMap { index -> [(Double, ScriptedReply)] in
                let sentence = "Part \(index) of a story that goes on and on."
                return [(0.05, .text(sentence)), (0.06, .clause(sentence))]
            } + [(0.3, .finished)]
        }
        call.stages.length = { text in text == "Yes." ? 0.4 : 3 }
        call.script.say("Tell me a story.", at: 1, lasting: 1)
        return call
    }

    @Test func sustainedSpeechStopsHerWithin300Milliseconds() throws {
        let call = Self.speaking()
        call.script.say("Wait, what about tomorrow?", at: 5, lasting: 1.5)
        call.run(until: 12)
        let last = try #require(call.lastSound(before: 6.5))
        #expect(last > 5 && last - 5 <= 0.3)
        #expect(call.count { $0.isInterrupt } == 1)
        #expect(call.count(of: .botInterrupted) == 1)
    }

    @Test func theHistoryKeepsWhatWasHeardAndTheNextTurnIsAnswered() throws {
        let call = Self.speaking()
        call.script.say("Wait, what about tomorrow?", at: 5, lasting: 1.5)
        call.run(until: 12)
        try #require(call.history.count == 4)
        #expect(call.history[1].hasPrefix("cut: Part 1 of a"))
        #expect(!call.history[1].contains("Part 2"))
        #expect(call.history[2] == "user: Wait, what about tomorrow?")
        #expect(call.history[3] == "said: Wait, what about tomorrow?")
    }

    @Test func aSingleShortWordThatMeansSomethingStopsHer() {
        let call = Self.speaking()
        call.script.say("Stop.", at: 5, lasting: 0.35)
        call.run(until: 12)
        #expect(call.history.contains("user: Stop."))
        #expect(call.count { $0.isInterrupt } == 1)
    }

    @Test(arguments: ["Mhm.", "Yeah.", "Okay, right.", "Uh-huh."])
    func aWordOfAgreementDoesNotStopHer(word: String) {
        let call = Self.speaking()
        call.script.say(word, at: 5, lasting: 0.4)
        call.run(until: 20)
        #expect(call.history == ["user: Tell me a story.", "said: Tell me a story."])
        #expect(call.count(of: .server(.backchannel(word))) == 1)
        #expect(call.count(of: .userStartedSpeaking) == 1)
    }

    @Test func afterACoughSheGoesOnWhereSheWas() throws {
        let undisturbed = Self.speaking()
        undisturbed.run(until: 20)
        let call = Self.speaking()
        call.script.say("", at: 5, lasting: 0.2)
        call.run(until: 20)
        #expect(call.history == ["user: Tell me a story.", "said: Tell me a story."])
        let resumed = try #require(call.firstSound(after: 5.3))
        #expect(resumed < 5.8)
        let heard = [call, undisturbed].map { $0.frames.count { $0.peak > 0 } }
        #expect(abs(heard[0] - heard[1]) <= 3)
    }

    @Test func aClickDoesNotEvenMakeHerHesitate() {
        let call = Self.speaking()
        call.script.say("", at: 5, lasting: 0.06)
        call.run(until: 20)
        #expect(call.count { $0 == .setPaused(true) } == 0)
    }

    @Test func aLongNoiseWithoutWordsIsWaitedOutAndSheGoesOn() throws {
        let call = Self.speaking()
        call.script.say("", at: 5, lasting: 2.5)
        call.run(until: 20)
        #expect(call.history == ["user: Tell me a story.", "said: Tell me a story."])
        #expect(try #require(call.lastSound(before: 7)) < 5.3)
        #expect(try #require(call.firstSound(after: 7)) < 8.2)
    }

    @Test func speechStopsHerEvenWhenTheRecogniserIsDead() {
        let call = Self.speaking()
        call.stages.decodeFails = { $0 > 3 }
        call.run(until: 4)
        call.script.say("Please stop talking right now, will you?", at: 5, lasting: 2.5)
        call.run(until: 14)
        #expect(call.count { $0.isInterrupt } == 1)
    }

    @Test func speakingBeforeSheIsHeardTakesTheTurnBackWithNothingHeard() {
        let call = Self.speaking()
        call.stages.synthesis = { _ in 1.5 }
        call.script.say("Or rather a joke, please.", at: 2.6, lasting: 1.2)
        call.run(until: 14)
        #expect(call.history.prefix(3) == ["user: Tell me a story.", "cut: ", "user: Or rather a joke, please."])
    }

    @Test func toolsThatRunAreShownAsCancelled() {
        let call = Self.speaking()
        let tool = ToolCall(id: "7", name: "web_search", arguments: "{}")
        call.stages.reply = { _ in [(0.05, .clause("Let me look that up for you.")), (0.1, .tool(tool))] }
        call.script.say("No, leave it alone.", at: 4.2, lasting: 1.2)
        call.run(until: 8)
        #expect(call.count(of: .toolStopped(tool, result: nil, isError: false)) == 1)
    }

    @Test func typedTextStopsHerAndIsAnswered() throws {
        let call = Self.speaking()
        call.schedule(.typed(TypedText("What is two and two?")), at: 5)
        call.run(until: 10)
        #expect(call.history[1].hasPrefix("cut: Part 1"))
        #expect(call.history.suffix(2) == ["user: What is two and two?", "said: What is two and two?"])
        #expect(try #require(call.lastSound(before: 5.1)) < 5.04)
    }

    @Test func theStopButtonSilencesHer() {
        let call = Self.speaking()
        call.schedule(.stop, at: 5)
        call.run(until: 10)
        #expect(call.history[1].hasPrefix("cut: Part 1"))
        #expect(call.frames.filter { $0.time > 5.03 }.allSatisfy { $0.peak == 0 })
        #expect(call.phase == .listening)
    }

    @Test func whileNobodyIsThereSheWaits() throws {
        let call = Self.speaking()
        call.schedule(.away(true), at: 5)
        call.schedule(.away(false), at: 9)
        call.run(until: 20)
        #expect(call.frames.filter { $0.time > 5.1 && $0.time < 9 }.allSatisfy { $0.peak == 0 })
        #expect(call.history.last == "said: Tell me a story.")
    }
}
