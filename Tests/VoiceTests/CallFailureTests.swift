import Companion
import JSON
import Testing
import Voice

/// What a call outlives.
@Suite(.timeLimit(.minutes(1))) struct CallFailureTests {
    @Test func withoutHearingAndVoiceThereIsText() async {
        let call = RunningCall { speech, _ in
            speech.behaviour.withLock {
                $0.detectorFails = true
                $0.synthesize = { _ in throw StageFailure(description: "no voice") }
            }
        }
        call.hear(0.2, loud: true)
        await call.line.wait { $0["data"]?["hearing"] == false }
        call.type("Are you there?")
        await call.line.wait { $0["data"]?["text"] == "Yes: Are you there?" }
        // Trying again takes time, and time is the clock's.
        while !Task.isCancelled, call.line.messages("bot-tts-stopped").isEmpty {
            _ = call.line.draw()
            call.clock.advance(by: 0.02)
            await Task.yield()
        }
        await call.end()
        #expect(call.journal == ["begin Are you there?", "commit", "complete"])
        #expect(call.line.messages("error").count == 2)
    }

    @Test func hearingComesBackWithTheWorker() async {
        let call = RunningCall { speech, _ in speech.behaviour.withLock { $0.detectorFails = true } }
        call.hear(0.2, loud: true)
        await call.line.wait { $0["data"]?["hearing"] == false }
        call.speech.behaviour.withLock { $0.detectorFails = false }
        call.clock.advance(by: 1)
        call.say(1)
        await call.line.wait { $0["type"] == "user-transcription" && $0["data"]?["final"] == true }
        #expect(call.line.messages.contains { $0["data"]?["hearing"] == true })
        await call.end()
    }

    @Test func aVoiceKilledInMidSentenceGoesOnWhenItIsBack() async {
        let (stream, worker) = AsyncThrowingStream<[Int16], any Error>.makeStream()
        let call = RunningCall { speech, companion in
            speech.behaviour.withLock { $0.stream = { stream } }
            companion.behaviour.withLock {
                $0.events = { _ in [.clause("A sentence of some length."), .finished(FakeCompanion.summary)] }
            }
        }
        call.type("Hello.")
        worker.yield([Int16](repeating: 1000, count: 12_000))
        while !Task.isCancelled, call.line.messages("bot-started-speaking").isEmpty {
            _ = call.line.draw()
            await Task.yield()
        }
        for _ in 0..<25 { _ = call.line.draw() }
        call.speech.behaviour.withLock { $0.stream = nil }
        worker.finish(throwing: StageFailure(description: "killed"))
        while !Task.isCancelled, call.line.messages("bot-stopped-speaking").isEmpty {
            _ = call.line.draw()
            call.clock.advance(by: 0.02)
            await Task.yield()
        }
        await call.end()
        #expect(call.journal.last == "complete")
        #expect(call.speech.spoken.withLock { $0 } == ["A sentence of some length.", "sentence of some length."])
    }

    @Test func aModelThatIsAwayIsToldAndApologisedFor() async {
        let call = RunningCall { _, companion in companion.behaviour.withLock { $0.beginFails = true } }
        call.type("Hello.")
        await call.line.wait { $0["data"]?["error"] == "model unreachable" }
        _ = await call.line.listen(until: "bot-stopped-speaking")
        call.companion.behaviour.withLock { $0.beginFails = false }
        call.type("Again.")
        _ = await call.line.listen(until: "bot-stopped-speaking", count: 2)
        await call.end()
        #expect(call.speech.spoken.withLock { $0.first } == TurnOptions().failurePhrase)
        #expect(call.journal == ["begin Again.", "commit", "complete"])
    }

    @Test func aDiskThatIsFullLosesTheTurnAndNotTheCall() async {
        let call = RunningCall { _, companion in companion.behaviour.withLock { $0.commitFails = true } }
        call.type("Hello.")
        await call.line.wait { $0["data"]?["error"] == "disk full" }
        _ = await call.line.listen(until: "bot-stopped-speaking")
        await call.end()
        #expect(call.journal == ["begin Hello.", "discard"])
        #expect(!call.line.messages.contains { $0["data"]?["text"] == "Yes: Hello." })
    }

    @Test func badMessagesAreAnsweredAndTheCallGoesOn() async {
        let call = RunningCall()
        call.line.happen(.message("{"))
        call.line.happen(.message(String(repeating: "x", count: 70_000)))
        call.line.tell("send-file", id: "5", [:])
        call.line.tell("client-message", id: "6", ["t": "dance"])
        await call.line.wait { $0["type"] == "error-response" && $0["id"] == "5" }
        await call.line.wait { $0["type"] == "error-response" && $0["id"] == "6" }
        #expect(call.line.messages("error").count == 2)
        call.type("Hello.")
        await call.line.wait(for: "bot-llm-started")
        await call.end()
    }

    @Test func unknownRequestsOfThePageAreRefused() async {
        let call = RunningCall()
        call.line.tell("client-message", id: "2", ["t": "dance"])
        await call.line.wait { $0["id"] == "2" && $0["data"]?["error"] == "Unknown request dance" }
        await call.end()
    }

    @Test func aMicrophoneThatStopsInMidSentenceHasEndedTheTurn() async {
        let call = RunningCall()
        call.hear(0.8, loud: true)
        await call.line.wait(for: "user-started-speaking")
        for _ in 0..<2000 where !call.journal.contains("commit") {
            call.clock.advance(by: 0.05)
            // Who listens is a thread of its own, which a busy machine lets wait.
            try? await Task.sleep(for: .milliseconds(1))
        }
        #expect(call.journal.prefix(2) == ["begin Hello there.", "commit"])
        await call.end()
    }

    @Test func whatWasReadWithoutAVoiceStaysWhenTheLineBreaks() async {
        let call = RunningCall { _, companion in
            companion.behaviour.withLock {
                $0.events = { _ in [.text("Once upon a time")] }
                $0.staysOpen = true
            }
        }
        call.line.tell("send-text", ["content": "A story.", "options": ["audio_response": false]])
        await call.line.wait(for: "bot-llm-text")
        await call.end()
        #expect(call.journal.last == "interrupt: Once upon a time")
    }

    @Test func whenThePagesPingsStopSheWaitsUntilItIsBack() async {
        let call = RunningCall { speech, _ in
            speech.behaviour.withLock { $0.synthesize = { _ in [[Int16](repeating: 1000, count: 240_000)] } }
        }
        call.line.happen(.message("ping: 1"))
        call.type("Tell me a story.")
        while !Task.isCancelled, call.line.messages("bot-started-speaking").isEmpty {
            _ = call.line.draw()
            await Task.yield()
        }
        for _ in 0..<200 { await Task.yield() }
        call.clock.advance(by: 3.5)
        while !Task.isCancelled, call.line.draw() > 0 { await Task.yield() }
        #expect(call.line.draw() == 0)
        call.line.happen(.message("ping: 2"))
        while !Task.isCancelled, call.line.draw() == 0 { await Task.yield() }
        await call.end()
    }
}
