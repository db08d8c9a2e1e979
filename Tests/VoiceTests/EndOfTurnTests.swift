import Testing
import Voice

@Suite struct EndOfTurnTests {
    @Test(arguments: [
        ("What is the time?", TranscriptShape.whole), ("Stop!", .whole), ("It is noon.", .whole), ("It is noon", .open),
        ("milk, eggs,", .hanging), ("I want to go to the.", .hanging), ("And then…", .hanging), ("and.", .hanging),
        ("What is it for?", .whole), ("He said \"no.\"", .whole), ("", .open),
    ])
    func theShapeOfATextTellsWhetherItIsWhole(text: String, shape: TranscriptShape) {
        #expect(TranscriptShape(text) == shape)
    }

    @Test func aSilenceTimerEndsTheTurnByItselfAlone() {
        let timer = SilenceTimer(seconds: 0.7)
        #expect(timer.verdict(EndOfTurnEvidence(silence: 0.69, transcript: "I want")) == .goesOn)
        #expect(timer.verdict(EndOfTurnEvidence(silence: 0.3, transcript: "I want.")) == .likelyOver)
        #expect(timer.verdict(EndOfTurnEvidence(silence: 0.7, transcript: "I want")) == .over)
    }

    @Test func wordsAndModelTogetherEndATurnSoonest() {
        let strategy = SmartTurn()
        let silences = [
            (Float?.some(0.9), "All right."), (0.1, "All right."), (nil, "All right."), (0.1, "All right and"),
        ]
        .map { probability, text in
            (0...2000).map { Double($0) / 1000 }.first {
                strategy.verdict(EndOfTurnEvidence(silence: $0, transcript: text, probability: probability)) == .over
            }
        }
        #expect(silences == [0.22, 0.45, 0.45, 0.95])
    }

    @Test func aVerdictNeverTurnsBackAsSilenceGrows() {
        let texts = ["", "Yes.", "and", "I go"]
        for text in texts {
            for probability in [nil, Float(0), 0.4, 0.6, 1] {
                let verdicts = stride(from: 0, to: 2, by: 0.01).map {
                    SmartTurn().verdict(EndOfTurnEvidence(silence: $0, transcript: text, probability: probability))
                }
                #expect(verdicts == verdicts.sorted())
                #expect(verdicts.last == .over)
            }
        }
    }

    @Test func aTurnTheUserGoesOnWithIsAnsweredAsOne() {
        let call = Simulation()
        call.stages.endOfTurn = (0.06, 0.1)
        call.script.say("Put milk.", at: 1, lasting: 0.8)
        call.script.say("And eggs on the list.", at: 2.1, lasting: 1.2)
        call.run(until: 9)
        #expect(call.history == ["user: Put milk. And eggs on the list.", "said: Put milk. And eggs on the list."])
        #expect(call.count { $0.isDiscard } == 1)
        #expect(call.audible.count == 1)
    }

    @Test func aGuessThatIsThrownAwayIsNeitherShownNorHeard() throws {
        let call = Simulation()
        call.stages.endOfTurn = (0.06, 0.1)
        call.script.say("First part.", at: 1, lasting: 0.8)
        call.script.say("Second part.", at: 2.2, lasting: 0.8)
        call.run(until: 9)
        #expect(call.count(of: .llmText("First part.")) == 0)
        let guess = try #require(call.begun.first { $0.value == "First part." }?.key)
        #expect(!call.audible.contains(guess))
    }

    @Test func withoutTheModelTheTimerBehindItEndsTheTurn() {
        let call = Simulation()
        call.stages.endOfTurn = (60, nil)
        call.script.say("Hello there.", at: 1, lasting: 1)
        call.run(until: 6)
        #expect(call.history == ["user: Hello there.", "said: Hello there."])
    }

    @Test func aBreathInThePauseDoesNotHoldTheTurnUp() throws {
        let call = Simulation()
        call.script.say("Hello there.", at: 1, lasting: 1)
        call.script.say("", at: 2.15, lasting: 0.03)
        call.run(until: 6)
        #expect(try #require(call.firstSound(after: 2)) < 2.6)
        #expect(call.count { $0.isDiscard } == 0)
    }

    @Test func switchingTheMicrophoneOffEndsTheTurnAtOnce() throws {
        let call = Simulation(strategy: SilenceTimer(seconds: 5))
        call.script.say("Good night to you", at: 1, lasting: 1)
        call.schedule(.microphone(isOn: false), at: 2)
        call.run(until: 6)
        #expect(call.history.first == "user: Good night to you")
        #expect(try #require(call.firstSound(after: 2)) < 2.6)
    }

    @Test func aMicrophoneThatStopsSendingEndsTheTurn() {
        let call = Simulation(strategy: SilenceTimer(seconds: 0.7))
        call.script.say("Good night to you.", at: 1, lasting: 5)
        call.microphoneStops = 2
        call.run(until: 6)
        #expect(call.history.first?.hasPrefix("user: Good") == true)
    }
}
