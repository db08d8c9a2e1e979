import Companion
import Testing
import Voice

/// Turns that go as they should, from the first word to the last sample.
@Suite struct SpokenTurnTests {
    @Test func aSpokenTurnIsAnsweredAloudWithinHalfASecond() throws {
        let call = Simulation()
        call.script.say("What is the weather like today?", at: 1, lasting: 2)
        call.run(until: 10)
        let end = 3.0
        let sound = try #require(call.firstSound(after: end))
        #expect(sound - end <= 0.5)
        #expect(call.history == ["user: What is the weather like today?", "said: What is the weather like today?"])
        #expect(call.phase == .listening)
    }

    /// With stages as slow as measured on two cores, and a turn model that doubts four of ten true ends, as it does with
    /// synthetic voices.
    @Test func halfOfAllTurnsAreAnsweredWithinHalfASecondAndNearlyAllWithin900Milliseconds() throws {
        let waits = try (0..<40).map { index -> Double in
            let call = Simulation()
            let length = 0.8 + 3.2 * Double(index % 10) / 10
            call.stages.endOfTurn = (0.06 + 0.004 * Double(index % 7), index % 5 < 3 ? 0.8 : 0.1)
            call.stages.decode = { 0.02 + 0.04 * $0 }
            call.stages.reply = { _ in
                let first = 0.06 + 0.01 * Double(index % 7)
                return [(first - 0.02, .text("Well, ")), (first, .clause("Well, yes.")), (0.5, .finished)]
            }
            call.stages.synthesis = { _ in 0.1 + 0.02 * Double(index % 6) }
            let end = 1 + length + 0.001 * Double(index * 7 % 32)
            call.script.say("Please tell me what you think of it.", at: 1, lasting: end - 1)
            call.run(until: 8)
            return try #require(call.firstSound(after: end)) - end
        }
        .sorted()
        #expect(waits[20] <= 0.5, "median \(waits[20])")
        #expect(waits[37] <= 0.9, "95th percentile \(waits[37])")
    }

    @Test func thePageIsToldOfATurnInItsOrder() {
        let call = Simulation()
        call.script.say("Tell me a story.", at: 1, lasting: 1.5)
        call.run(until: 10)
        let expected: [RTVIEvent] = [
            .userStartedSpeaking, .userStoppedSpeaking, .userTranscription("Tell me a story.", isFinal: true),
            .llmStarted, .llmText("Tell me a story."), .botStartedSpeaking, .llmStopped, .ttsStopped,
            .botStoppedSpeaking,
        ]
        let order = expected.map { event in call.messages.firstIndex(of: event) }
        #expect(!order.contains(nil))
        #expect(order.compactMap { $0 } == order.compactMap { $0 }.sorted())
    }

    @Test func partialTranscriptsComeWhileTheUserSpeaksAndAreReadAhead() {
        let call = Simulation()
        call.script.say("one two three four five six seven eight nine ten", at: 1, lasting: 3)
        call.run(until: 3.9)
        let partials = call.messages.filter {
            if case .userTranscription(_, isFinal: false) = $0 { true } else { false }
        }
        #expect(partials.count >= 3)
        #expect(call.count { if case .prepare = $0 { true } else { false } } >= 3)
    }

    @Test func decodesOfOneUtteranceNeverOverlapUnlessTheTurnPauses() {
        let call = Simulation()
        call.stages.decode = { _ in 1.5 }
        call.script.say("one two three four five six seven eight nine ten", at: 1, lasting: 6)
        call.run(until: 6.9)
        let times = call.decodeRequests.map(\.time)
        for (earlier, later) in zip(times, times.dropFirst()) { #expect(later - earlier >= 1.5) }
    }

    @Test func speechThatWasDecodedWholeIsNotDecodedAgain() {
        let call = Simulation()
        call.script.say("Set a timer, please.", at: 1, lasting: 1.2)
        call.run(until: 8)
        let ends = call.decodeRequests.filter { $0.time > 2.2 }
        #expect(ends.count == 1)
        #expect(ends.first?.request.purpose == .turn)
    }

    @Test func theRecogniserGetsSilenceAfterTheLastWord() throws {
        let call = Simulation()
        call.script.say("Good morning.", at: 1, lasting: 1)
        call.run(until: 4)
        let request = try #require(call.decodeRequests.last?.request)
        let tail = Double(request.samples.upperBound + request.padding) / 16_000 - 2
        #expect(tail >= 0.25 && tail <= 0.4)
    }

    @Test func theReplyIsBegunBeforeTheTurnIsOverAndHeardOnlyAfter() throws {
        let call = Simulation()
        call.stages.endOfTurn = (0.06, 0.1)
        call.stages.decode = { _ in 0.05 }
        call.script.say("I think so.", at: 1, lasting: 1)
        call.run(until: 6)
        let begin = try #require(call.actions.first { $0.action.isBegin }?.time)
        let commit = try #require(call.actions.first { $0.action.isCommit }?.time)
        let made = try #require(call.actions.first { if case .synthesize = $0.action { true } else { false } }?.time)
        #expect(begin < made && made < commit)
        #expect(try #require(call.firstSound(after: 0)) > commit)
        #expect(call.timings.first?.isGuessed == true)
    }

    @Test func aReplyWithAToolShowsItsCallAndSpeaksAfterIt() throws {
        let call = Simulation()
        let tool = ToolCall(id: "1", name: "current_time", arguments: "{}")
        call.stages.reply = { _ in
            [
                (0.05, .clause("Let me see.")), (0.1, .tool(tool)), (1.1, .toolResult(tool, "noon")),
                (1.2, .clause("It is noon.")), (1.3, .finished),
            ]
        }
        call.script.say("What time is it?", at: 1, lasting: 1)
        call.run(until: 8)
        let started = try #require(call.messages.firstIndex(of: .toolStarted(tool)))
        let stopped = try #require(call.messages.firstIndex(of: .toolStopped(tool, result: "noon", isError: false)))
        #expect(started < stopped)
        #expect(call.history.last == "said: What time is it?")
    }

    @Test func timingsSplitTheTurnIntoItsStages() throws {
        let call = Simulation()
        call.script.say("Remember the milk.", at: 1, lasting: 1.5)
        call.run(until: 6)
        let timings = try #require(call.timings.first)
        #expect(call.timings.count == 1)
        let audio = try #require(timings.firstAudio)
        let transcript = try #require(timings.transcript)
        #expect(try #require(timings.decode) <= transcript)
        #expect(transcript <= timings.begin + 1e-9)
        #expect(timings.begin + (try #require(timings.firstClause)) + (try #require(timings.synthesis)) <= audio + 1e-9)
        #expect(audio - (try #require(call.firstSound(after: 2.5)) - 2.5) < 0.04)
    }

    @Test func soundIsMadeOnlyAFewClausesAhead() {
        let call = Simulation()
        call.stages.reply = { _ in (0..<20).map { (0.05, .clause("Sentence number \($0).")) } + [(0.1, .finished)] }
        call.stages.length = { _ in 2 }
        call.script.say("Tell me everything.", at: 1, lasting: 1)
        call.run(until: 5)
        let made = call.count { if case .synthesize = $0 { true } else { false } }
        #expect(made >= 3 && made <= 5)
    }
}
