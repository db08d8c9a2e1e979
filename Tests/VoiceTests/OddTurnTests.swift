import Companion
import Testing
import Voice

/// Turns that do not go as they should: noise, silence, monologues, and stages that fail.
@Suite struct OddTurnTests {
    @Test func silenceAsksNothingOfAnybody() {
        let call = Simulation()
        call.run(until: 60)
        #expect(call.actions.allSatisfy { if case .forget = $0.action { true } else { false } })
    }

    @Test func noiseWithoutWordsIsNoTurn() {
        let call = Simulation()
        call.script.say("", at: 1, lasting: 1)
        call.run(until: 6)
        #expect(call.count { $0.isBegin } == 0)
        #expect(call.count(of: .userStoppedSpeaking) == 1)
        #expect(call.phase == .listening)
    }

    @Test func whatRecognisersWriteForAKnockIsNoTurnUnlessItWasSaidAtLength() {
        let call = Simulation()
        call.script.say("You", at: 1, lasting: 0.2)
        call.run(until: 6)
        #expect(call.count { $0.isBegin } == 0)
        call.script.say("You", at: 7, lasting: 0.8)
        call.run(until: 12)
        #expect(call.count { $0.isBegin } == 1)
    }

    @Test func punctuationAloneIsNoText() {
        let call = Simulation()
        call.script.say(". …", at: 1, lasting: 1)
        call.run(until: 6)
        #expect(call.count { $0.isBegin } == 0)
    }

    @Test func ofAMonologueNoWordIsLostAndNoStretchIsTooLong() throws {
        let call = Simulation()
        let words = (0..<750).map { "w\($0)" }.joined(separator: " ")
        call.script.say(words, at: 1, lasting: 300)
        call.run(until: 305)
        #expect(call.begun.values.contains(words))
        let longest = call.decodeRequests.map { $0.request.samples.count }.max() ?? 0
        #expect(longest <= 20 * 16_000 + 1024)
        var needed = 0
        for entry in call.actions {
            if case .forget(let position) = entry.action {
                needed = max(needed, Int(entry.time * 16_000) - position)
            }
        }
        #expect(needed < 30 * 16_000)
    }

    @Test func aLongTurnWithPausesIsDecodedByPieces() throws {
        let call = Simulation()
        call.stages.endOfTurn = (0.06, 0.05)
        for index in 0..<12 { call.script.say("part \(index) and", at: 1 + Double(index) * 3, lasting: 2.6) }
        call.run(until: 45)
        #expect(call.begun.values.contains((0..<12).map { "part \($0) and" }.joined(separator: " ")))
        #expect((call.decodeRequests.map { $0.request.samples.count }.max() ?? 0) < 13 * 16_000)
    }

    @Test func aTurnThatNeverEndsIsAnsweredAtItsLimit() {
        var options = TurnOptions()
        options.turnLimit = 30
        let call = Simulation(options)
        call.script.say((0..<400).map { "w\($0)" }.joined(separator: " "), at: 1, lasting: 120)
        call.run(until: 33)
        #expect(call.history.first?.hasPrefix("user: w0 ") == true)
    }

    @Test func aRecogniserThatDiesOnceCostsNothing() {
        let call = Simulation()
        call.stages.decodeFails = { $0 == 2 || $0 == 3 }
        call.script.say("Hello my dear friend.", at: 1, lasting: 1.4)
        call.run(until: 9)
        #expect(call.history.first == "user: Hello my dear friend.")
    }

    @Test func aRecogniserThatStaysDeadCostsOneUtterance() {
        let call = Simulation()
        call.stages.decodeFails = { $0 < 5 }
        call.script.say("Hello my dear friend.", at: 1, lasting: 1)
        call.script.say("Are you there?", at: 12, lasting: 1)
        call.run(until: 18)
        let errors = call.messages.count { if case .error = $0 { true } else { false } }
        #expect(errors == 1)
        #expect(call.history == ["user: Are you there?", "said: Are you there?"])
    }

    @Test func aVoiceThatDiesInMidSentenceSaysTheRestOfIt() {
        let call = Simulation()
        call.stages.synthesisFails = { $0 == 1 }
        call.stages.reply = { _ in [(0.05, .clause("A very long sentence it was.")), (0.1, .finished)] }
        call.script.say("Tell me something nice.", at: 1, lasting: 1)
        call.run(until: 10)
        let clauses = call.actions.compactMap { if case .synthesize(_, _, let text) = $0.action { text } else { nil } }
        #expect(clauses.count == 2)
        #expect(clauses.last.map { "A very long sentence it was.".hasSuffix($0) } == true)
        #expect(call.history.last == "said: Tell me something nice.")
    }

    @Test func aVoiceThatStaysDeadLeavesTheTextAndTheCall() {
        let call = Simulation()
        call.stages.synthesisFails = { _ in true }
        call.script.say("Tell me something nice.", at: 1, lasting: 1)
        call.script.say("And another thing, please.", at: 15, lasting: 1)
        call.run(until: 25)
        #expect(call.count(of: .llmText("Tell me something nice.")) == 1)
        #expect(call.history.count == 4)
        #expect(call.messages.count { if case .error = $0 { true } else { false } } == 1)
    }

    @Test func aModelThatFailsIsToldAndTheNextTurnTriesAgain() {
        let call = Simulation()
        call.stages.beginFails = { $0 == "Hello." }
        call.script.say("Hello.", at: 1, lasting: 0.8)
        call.script.say("Are you there?", at: 9, lasting: 1)
        call.run(until: 18)
        #expect(call.count(of: .error("the model is away")) == 1)
        let apology = TurnOptions().failurePhrase
        #expect(call.count { if case .synthesize(_, _, apology) = $0 { true } else { false } } == 1)
        #expect(call.history == ["user: Are you there?", "said: Are you there?"])
    }

    @Test func aReplyThatFailsHalfwaySaysSo() {
        let call = Simulation()
        call.stages.reply = { _ in [(0.05, .clause("Well then.")), (0.4, .failed("I lost my thread."))] }
        call.script.say("Hello.", at: 1, lasting: 0.8)
        call.run(until: 9)
        #expect(call.count { if case .synthesize(_, _, "I lost my thread.") = $0 { true } else { false } } == 1)
        #expect(call.phase == .listening)
    }

    @Test func whatASpoiledReplySaidIsNotHeardAfterItsRestart() throws {
        let call = Simulation()
        call.stages.reply = { _ in
            [
                (0.05, .text("bad bad bad")), (0.06, .clause("bad bad bad")), (0.9, .restarted), (1, .clause("Good.")),
                (1.1, .finished),
            ]
        }
        call.stages.length = { _ in 3 }
        call.script.say("Hello.", at: 1, lasting: 0.8)
        call.run(until: 12)
        let restart = try #require(call.time(of: .server(.restarted)))
        let old = try #require(call.frames.first { !$0.generations.isEmpty }?.generations.first)
        #expect(!call.frames.contains { $0.time > restart && $0.generations.contains(old) })
        #expect(call.history.last == "said: Hello.")
    }

    @Test func textToldWithoutAnAnswerGoesWithTheNextTurn() {
        let call = Simulation()
        call.schedule(.typed(TypedText("My name is Ada.", answersNow: false)), at: 1)
        call.script.say("Who am I?", at: 3, lasting: 1)
        call.run(until: 9)
        #expect(call.history.first == "user: My name is Ada.\nWho am I?")
    }

    @Test func anAnswerThatIsOnlyToBeReadMakesNoSound() {
        let call = Simulation()
        call.schedule(.typed(TypedText("Hello.", isSpoken: false)), at: 1)
        call.run(until: 5)
        #expect(call.count { if case .synthesize = $0 { true } else { false } } == 0)
        #expect(call.history == ["user: Hello.", "said: Hello."])
    }

    @Test func theGreetingIsSpokenAndCanBeInterrupted() {
        let call = Simulation()
        call.schedule(.say("Hello, I am Annie, and I have a lot to tell you today."), at: 0.5)
        call.script.say("Not now, thank you.", at: 1.5, lasting: 1)
        call.run(until: 9)
        #expect(call.frames.contains { $0.time < 1.5 && $0.peak > 0 })
        #expect(call.history == ["user: Not now, thank you.", "said: Not now, thank you."])
    }

    @Test func aDeafCallSaysSoOnceAndWhenItHearsAgain() {
        let call = Simulation()
        call.schedule(.hearing(false), at: 1)
        call.schedule(.hearing(false), at: 2)
        call.schedule(.hearing(true), at: 3)
        call.run(until: 4)
        #expect(call.count(of: .server(.abilities(hearing: false, speaking: true))) == 1)
        #expect(call.count(of: .server(.abilities(hearing: true, speaking: true))) == 1)
    }
}
