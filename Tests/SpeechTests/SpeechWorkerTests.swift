import Foundation
import Speech
import Testing

@Suite("The speech worker and its supervisor", .timeLimit(.minutes(1))) struct SpeechWorkerTests {
    private let fakes = FakeStages()
    private let window = [Float](repeating: 0.25, count: 512)

    private func makeWorker() -> SpeechWorker { SpeechWorker(launch: InProcessLaunch(fakes: fakes)) }

    /// Waits until something another thread does has happened.
    private func until(_ condition: () -> Bool) async throws {
        while !condition() { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test("speech becomes text")
    func transcribes() async throws {
        #expect(try await makeWorker().transcribe([Float](repeating: 0, count: 123)) == "123")
    }

    @Test("answers find who asked, also when many ask at once")
    func keepsRequestsApart() async throws {
        let worker = makeWorker()
        let texts = try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for count in 1...60 {
                group.addTask { (count, try await worker.transcribe([Float](repeating: 0, count: count))) }
            }
            return try await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
        }
        #expect(texts == Dictionary(uniqueKeysWithValues: (1...60).map { ($0, "\($0)") }))
    }

    @Test("voice activity waits for no transcription")
    func judgesWindowsBesideHearing() async throws {
        let worker = makeWorker()
        fakes.holdHearing(true)
        async let text = worker.transcribe([1])
        try await until { !fakes.state.withLock { $0.heard.isEmpty } }
        let detector = try await worker.makeVoiceActivityDetector()
        #expect(try await detector.speechProbability(window) == 1.25)
        fakes.holdHearing(false)
        #expect(try await text == "1")
    }

    @Test("each stream keeps its own state, and forgets it when told")
    func keepsStreamsApart() async throws {
        let worker = makeWorker()
        let (one, two) = (try await worker.makeVoiceActivityDetector(), try await worker.makeVoiceActivityDetector())
        #expect(try await one.speechProbability(window) == 1.25)
        #expect(try await one.speechProbability(window) == 2.25)
        #expect(try await two.speechProbability(window) == 1.25)
        await one.reset()
        #expect(try await one.speechProbability(window) == 1.25)
    }

    @Test("a window of another size is refused and the stream goes on")
    func refusesOddWindows() async throws {
        let detector = try await makeWorker().makeVoiceActivityDetector()
        await #expect(throws: SpeechError.self) { try await detector.speechProbability([0, 0]) }
        #expect(try await detector.speechProbability(window) == 1.25)
    }

    @Test("text becomes sound, in order and to its end")
    func speaks() async throws {
        var chunks: [[Int16]] = []
        for try await chunk in makeWorker().synthesize("abc", voice: VoiceSettings()) { chunks.append(chunk) }
        #expect(chunks.map { $0[0] } == [1, 2, 3])
    }

    @Test("a second voice does not wait for the end of the first")
    func sharesTheVoice() async throws {
        let worker = makeWorker()
        let long = Task {
            var count = 0
            for try await _ in worker.synthesize(String(repeating: "x", count: 2000), voice: VoiceSettings()) {
                count += 1
            }
            return count
        }
        try await until { fakes.state.withLock { $0.samplesSpoken } > 100 }
        for try await _ in worker.synthesize("short", voice: VoiceSettings()) {}
        #expect(fakes.state.withLock { $0.samplesSpoken } < 10_000)
        long.cancel()
        _ = try? await long.value
    }

    @Test("nothing more is computed for a sentence nobody listens to")
    func stopsSpeaking() async throws {
        let worker = makeWorker()
        for try await _ in worker.synthesize(String(repeating: "x", count: 2000), voice: VoiceSettings()) { break }
        // The answer to a later request tells that the cancellation has been read.
        for try await _ in worker.synthesize("a", voice: VoiceSettings()) {}
        let spoken = fakes.state.withLock { $0.samplesSpoken }
        for try await _ in worker.synthesize("b", voice: VoiceSettings()) {}
        #expect(fakes.state.withLock { $0.samplesSpoken } - spoken <= 30)
    }

    @Test("a cancelled transcription ends at once and lets the next one through")
    func cancelsHearing() async throws {
        let worker = makeWorker()
        fakes.holdHearing(true)
        let task = Task { try await worker.transcribe([1]) }
        try await until { !fakes.state.withLock { $0.heard.isEmpty } }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        fakes.holdHearing(false)
        #expect(try await worker.transcribe([1, 2]) == "2")
    }

    @Test("what was asked of a worker that ended is asked of the next")
    func asksAgain() async throws {
        let worker = makeWorker()
        fakes.holdHearing(true)
        async let text = worker.transcribe([1, 2, 3])
        try await until { !fakes.state.withLock { $0.heard.isEmpty } }
        fakes.kill()
        try await until { fakes.state.withLock { $0.launches } == 2 }
        fakes.holdHearing(false)
        #expect(try await text == "3")
    }

    @Test("a sentence that was being heard fails in a way that can be retried")
    func failsHalfSpoken() async throws {
        let worker = makeWorker()
        var count = 0
        let error = await #expect(throws: SpeechError.self) {
            for try await _ in worker.synthesize(String(repeating: "x", count: 2000), voice: VoiceSettings()) {
                count += 1
                if count == 3 { fakes.kill() }
            }
        }
        #expect(error == .workerEnded)
        for try await _ in worker.synthesize("again", voice: VoiceSettings()) { count = -1 }
        #expect(count == -1)
    }

    @Test("a request that ends every worker is given up, and others go on")
    func givesUpPoison() async throws {
        let worker = makeWorker()
        fakes.state.withLock { $0.endsAtText = "poison" }
        let error = await #expect(throws: SpeechError.self) {
            for try await _ in worker.synthesize("poison", voice: VoiceSettings()) {}
        }
        #expect(error == .workerEnded)
        #expect(try await worker.transcribe([1]) == "1")
        #expect(fakes.state.withLock { $0.launches } == 3)
    }

    @Test("a worker that cannot be started refuses with the reason")
    func reportsFailedLaunch() async throws {
        fakes.state.withLock { $0.launchFailure = .workerUnavailable(reason: "no such program") }
        let worker = makeWorker()
        let error = await #expect(throws: SpeechError.self) { try await worker.transcribe([1]) }
        #expect("\(try #require(error))".contains("no such program"))
    }

    @Test("a worker that gives no sign is ended and replaced")
    func endsHangingWorkers() async throws {
        let worker = SpeechWorker(launch: InProcessLaunch(fakes: fakes), silenceLimit: .milliseconds(200))
        fakes.holdHearing(true)
        async let text = worker.transcribe([1])
        try await until { fakes.state.withLock { $0.launches } == 2 }
        fakes.holdHearing(false)
        #expect(try await text == "1")
    }

    @Test("without a voice, hearing works and speaking says what to do")
    func hearsWithoutVoice() async throws {
        fakes.state.withLock { $0.speakingFailure = .missingPart(.voice) }
        let worker = makeWorker()
        #expect(try await worker.transcribe([1]) == "1")
        let error = await #expect(throws: SpeechError.self) {
            for try await _ in worker.synthesize("hello", voice: VoiceSettings()) {}
        }
        #expect("\(try #require(error))".contains("annie pull speech"))
        #expect(try await worker.unusableParts() == [.voice: .missingPart(.voice)])
    }

    @Test("without a judge of turns there is no probability, and no error")
    func judgesNothingWithoutModel() async throws {
        fakes.state.withLock { $0.turnFailure = .missingPart(.endOfTurn) }
        #expect(try await makeWorker().endOfTurnProbability([1]) == nil)
    }

    @Test("the last eight seconds of a turn are judged")
    func judgesTurns() async throws {
        #expect(try await makeWorker().endOfTurnProbability([Float](repeating: 0, count: 300_000)) == 1)
    }

    @Test("an unknown voice is refused by name")
    func refusesUnknownVoices() async throws {
        let error = await #expect(throws: SpeechError.self) {
            for try await _ in makeWorker().synthesize("hello", voice: VoiceSettings(name: "nobody")) {}
        }
        #expect(error == .unknownVoice("nobody"))
    }

    @Test("after it was shut down, it refuses")
    func shutsDown() async throws {
        let worker = makeWorker()
        fakes.holdHearing(true)
        let task = Task { try await worker.transcribe([1]) }
        try await until { !fakes.state.withLock { $0.heard.isEmpty } }
        worker.shutDown()
        await #expect(throws: SpeechError.self) { try await task.value }
        await #expect(throws: SpeechError.self) { try await worker.transcribe([1]) }
        fakes.holdHearing(false)
        #expect(fakes.state.withLock { $0.launches } == 1)
    }

    @Test("speech longer than ten minutes is refused before it is sent")
    func refusesEndlessSpeech() async throws {
        let samples = [Float](repeating: 0, count: 10 * 60 * 16_000 + 1)
        await #expect(throws: SpeechError.self) { try await makeWorker().transcribe(samples) }
    }
}
