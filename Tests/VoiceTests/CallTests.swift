import Companion
import JSON
import Testing
import Voice

/// Whole calls over a line in memory.
@Suite(.timeLimit(.minutes(1))) struct CallTests {
    @Test func aSpokenTurnIsTranscribedAnsweredAndHeard() async {
        let call = RunningCall()
        call.line.tell("client-ready", id: "42", ["version": "2.1.0"])
        await call.line.wait { $0["type"] == "bot-ready" && $0["id"] == "42" }
        call.say(1)
        await call.line.wait { $0["type"] == "user-transcription" && $0["data"]?["final"] == true }
        let audible = await call.line.listen(until: "bot-stopped-speaking")
        #expect(audible == 10)
        await call.end()
        #expect(call.journal == ["begin Hello there.", "commit", "complete"])
        #expect(call.speech.spoken.withLock { $0 } == ["Yes.", "Hello there."])
        #expect(call.metrics.turns.withLock { $0.count } == 1)
    }

    @Test func theGreetingIsSpokenOnceHoweverOftenThePageComesBack() async {
        var options = CallOptions()
        options.greeting = "Good day."
        let call = RunningCall(options)
        call.line.tell("client-ready", ["version": "2.0.0"])
        _ = await call.line.listen(until: "bot-stopped-speaking")
        call.line.tell("client-ready", id: "2", ["version": "2.0.0"])
        await call.line.wait { $0["type"] == "bot-ready" && $0["id"] == "2" }
        await call.end()
        #expect(call.speech.spoken.withLock { $0 } == ["Good day."])
        #expect(call.journal.isEmpty)
    }

    @Test func typedTextIsAnsweredAloud() async {
        let call = RunningCall()
        call.type("How are you?")
        #expect(await call.line.listen(until: "bot-stopped-speaking") > 0)
        await call.end()
        #expect(call.journal == ["begin How are you?", "commit", "complete"])
    }

    @Test func whatWasHeardBeforeAnInterruptionReachesTheHistory() async {
        let call = RunningCall { speech, companion in
            speech.behaviour.withLock { $0.synthesize = { _ in [[Int16](repeating: 1000, count: 48_000)] } }
            companion.behaviour.withLock {
                $0.events = { _ in [.clause("One two three four."), .clause("Never heard.")] }
                $0.staysOpen = true
            }
        }
        call.type("Count.")
        await call.line.wait(for: "bot-tts-started")
        while !Task.isCancelled, call.line.messages("bot-started-speaking").isEmpty {
            _ = call.line.draw()
            await Task.yield()
        }
        for _ in 0..<71 { _ = call.line.draw() }
        call.line.tell("client-message", id: "9", ["t": "interrupt"])
        await call.line.wait { $0["type"] == "server-response" && $0["id"] == "9" }
        await call.end()
        #expect(call.journal.last == "interrupt: One two three")
        #expect(call.line.messages("bot-interrupted").count == 1)
    }

    @Test func speechWhileSheSpeaksInterruptsHer() async {
        let call = RunningCall { speech, companion in
            speech.behaviour.withLock {
                $0.synthesize = { _ in [[Int16](repeating: 1000, count: 240_000)] }
                $0.transcribe = { _ in "Wait, what about tomorrow?" }
            }
        }
        call.type("Tell me a story.")
        while !Task.isCancelled, call.line.messages("bot-started-speaking").isEmpty {
            _ = call.line.draw()
            await Task.yield()
        }
        call.say(1)
        await call.line.wait(for: "bot-interrupted")
        _ = await call.line.listen(until: "bot-started-speaking", count: 2)
        await call.end()
        let journal = call.journal
        #expect(journal.prefix(2) == ["begin Tell me a story.", "commit"])
        #expect(journal.contains("begin Wait, what about tomorrow?"))
        #expect(
            journal.firstIndex { $0.hasPrefix("interrupt") } ?? 9 < journal.lastIndex { $0.hasPrefix("begin") } ?? 0)
    }

    @Test func aLineThatBreaksLeavesWhatWasHeard() async {
        let call = RunningCall { speech, companion in
            speech.behaviour.withLock { $0.synthesize = { _ in [[Int16](repeating: 1000, count: 48_000)] } }
            companion.behaviour.withLock {
                $0.events = { _ in [.clause("One two three four."), .clause("Never heard.")] }
            }
        }
        call.type("Count.")
        while !Task.isCancelled, call.line.messages("bot-started-speaking").isEmpty {
            _ = call.line.draw()
            await Task.yield()
        }
        for _ in 0..<71 { _ = call.line.draw() }
        await call.end()
        #expect(call.journal.last == "interrupt: One two three")
    }

    @Test func turnsAreNumberedOneByOne() async {
        let call = RunningCall()
        for turn in 1...3 {
            call.type("Hello.")
            _ = await call.line.listen(until: "bot-stopped-speaking", count: turn)
        }
        await call.end()
        #expect(call.metrics.turns.withLock { $0.map(\.turn) } == [1, 2, 3])
    }

    @Test func cancellingTheCallHangsUp() async {
        let call = RunningCall()
        call.type("Hello.")
        await call.line.wait(for: "bot-llm-started")
        call.cancel()
        await call.finished()
        #expect(call.line.isClosed)
    }

    @Test func disconnectBotHangsUp() async {
        let call = RunningCall()
        call.line.tell("disconnect-bot")
        await call.finished()
        #expect(call.line.isClosed)
    }

    @Test func aCallThatIsOverLeavesNothingBehind() async {
        weak var line: FakeLine?
        weak var speech: FakeSpeech?
        do {
            let call = RunningCall()
            line = call.line
            speech = call.speech
            call.say(1)
            _ = await call.line.listen(until: "bot-stopped-speaking")
            await call.end()
        }
        for _ in 0..<10_000 where line != nil || speech != nil { await Task.yield() }
        #expect(line == nil && speech == nil)
    }

    @Test func theMicrophonesLoudnessIsToldWhileItChanges() async {
        let call = RunningCall()
        call.hear(3, loud: true)
        call.hear(3, loud: false)
        await call.line.wait { $0["type"] == "user-transcription" && $0["data"]?["final"] == true }
        let levels = call.line.messages("user-audio-level").compactMap { $0["data"]?["value"]?.double }
        // One each 0.15 s at most, where there are 94 loud windows; the clock may run ahead of the ear.
        #expect(levels.count >= 1 && levels.count <= 41)
        #expect(levels.count { $0 < 0.001 } <= 1)
        await call.end()
    }

    @Test func aQuietRoomIsNotAskedAboutForLongButAWordInItIs() async {
        let call = RunningCall()
        call.hear(10, level: 0.0006)
        // Sound and typed words come on different ways: one may overtake the other.
        for _ in 0..<100_000 where call.speech.detections.withLock({ $0 }) <= 30 { await Task.yield() }
        #expect(call.speech.detections.withLock { $0 } > 30)
        call.type("Hello.")
        await call.line.wait(for: "bot-llm-started")
        call.say(1)
        await call.line.wait { $0["type"] == "user-transcription" && $0["data"]?["final"] == true }
        // The ten quiet seconds alone are 312 windows.
        #expect(call.speech.detections.withLock { $0 } < 160)
        await call.end()
    }

    @Test func aSilentLineAsksNothingOfTheSpeechWorker() async {
        let call = RunningCall()
        call.hear(10, loud: false)
        call.type("Hello.")
        await call.line.wait(for: "bot-llm-started")
        #expect(call.speech.detections.withLock { $0 } == 0)
        await call.end()
    }
}
