import Speech
import Testing

@Suite("Long speech is cut where it is quiet") struct QuietCutTests {
    @Test("short speech stays whole")
    func keepsShort() {
        #expect(QuietCut.pieces(of: [1, 2, 3], maximumCount: 10).map(Array.init) == [[1, 2, 3]])
        #expect(QuietCut.pieces(of: [], maximumCount: 10).map(Array.init) == [[]])
    }

    @Test("the cut lies in the pause, and nothing is lost")
    func cutsInPauses() {
        var samples = [Float](repeating: 0.5, count: 40_000)
        for index in 15_000..<18_000 { samples[index] = 0 }
        let pieces = QuietCut.pieces(of: samples, maximumCount: 24_000)
        #expect((15_000..<18_000).contains(pieces[0].count))
        #expect(pieces.flatMap { Array($0) } == samples)
        #expect(pieces.allSatisfy { $0.count <= 24_000 && !$0.isEmpty })
    }
}

@Suite("Drafts of what is being said") struct DraftMemoryTests {
    private let speech = (0..<20_000).map { Float($0) }

    @Test("longer speech with the same beginning is drafted by what was heard of it")
    func drafts() {
        var memory = DraftMemory()
        memory.remember(Array(speech.prefix(9000)), [5, 6])
        #expect(memory.draft(for: speech) == [5, 6])
        memory.remember(Array(speech.prefix(15_000)), [5, 6, 7])
        #expect(memory.draft(for: speech) == [5, 6, 7])
    }

    @Test("other speech, and shorter speech, has no draft")
    func keepsApart() {
        var memory = DraftMemory()
        memory.remember(speech, [5])
        #expect(memory.draft(for: speech.map { -$0 }) == [])
        #expect(memory.draft(for: Array(speech.prefix(9000))) == [])
        #expect(memory.draft(for: [0]) == [])
    }

    @Test("old drafts make room")
    func forgets() {
        var memory = DraftMemory()
        for offset in 0..<20 { memory.remember(speech.map { $0 + Float(offset) }, [Int64(offset)]) }
        #expect(memory.draft(for: speech) == [])
        #expect(memory.draft(for: speech.map { $0 + 19 }) == [19])
    }
}

@Suite("Moonshine's vocabulary") struct MoonshineVocabularyTests {
    private func file(_ pieces: [[UInt8]]) -> [UInt8] {
        pieces.flatMap { piece -> [UInt8] in
            piece.count < 128
                ? [UInt8(piece.count)] + piece : [UInt8(piece.count % 128 + 128), UInt8(piece.count / 128)] + piece
        }
    }

    @Test("pieces join to text, bytes to characters, and special tokens say nothing")
    func joins() throws {
        let pieces = [
            "<unk>", "<s>", "</s>", "▁Hel", "lo", "▁w", "<0xC3>", "<0xB6>", "rld", String(repeating: "x", count: 300),
        ]
        let vocabulary = try MoonshineVocabulary(file(pieces.map { Array($0.utf8) }))
        #expect(vocabulary.count == 10)
        #expect(vocabulary.text([1, 3, 4, 5, 6, 7, 8, 2]) == "Hello wörld")
        #expect(vocabulary.text([9]).count == 300)
        #expect(vocabulary.text([-1, 99_999]) == "")
    }

    @Test("a file that ends too soon is refused", arguments: [[], [3, 65], [200], [200, 1], [1, 65]])
    func refuses(bytes: [UInt8]) {
        #expect(throws: SpeechError.self) { try MoonshineVocabulary(bytes) }
    }
}

@Suite("Hearing a recording") struct HearingTests {
    /// Loud where speech is; lengths in seconds, quiet first.
    private func recording(_ stretches: [Double]) -> [Float] {
        stretches.enumerated().flatMap { index, seconds in
            [Float](repeating: index % 2 == 1 ? 0.5 : 0, count: Int(seconds * 16_000))
        }
    }

    private func events(_ hearing: Hearing, _ samples: [Float]) async throws -> [Hearing.Event] {
        var events: [Hearing.Event] = []
        for try await event in hearing.hear(samples) { events.append(event) }
        return events
    }

    private func engine(_ transcripts: [String]) -> ScriptedSpeechEngine {
        var script = ScriptedSpeechEngine.Script()
        script.transcripts = transcripts
        return ScriptedSpeechEngine(script)
    }

    @Test("each stretch of speech is heard once, with a little before it")
    func hearsStretches() async throws {
        let engine = engine(["one", "two"])
        let events = try await events(Hearing(with: engine), recording([1, 2, 1, 1, 2]))
        let found = events.compactMap { event -> (String, ClosedRange<Double>)? in
            guard case .final(let text, let range) = event else { return nil }
            return (text, range)
        }
        #expect(found.map(\.0) == ["one", "two"])
        #expect(found[0].1.lowerBound < 1 && found[0].1.lowerBound > 0.5 && found[0].1.upperBound > 3)
        #expect(events.count == 2)
    }

    @Test("a short pause does not end a stretch")
    func bridgesPauses() async throws {
        #expect(try await events(Hearing(with: engine(["all"])), recording([0.5, 1, 0.3, 1, 1])).count == 1)
    }

    @Test("partial transcripts come while somebody speaks")
    func reportsPartials() async throws {
        var hearing = Hearing(with: engine(["a", "b", "c"]))
        hearing.partialInterval = 0.5
        let events = try await events(hearing, recording([0.2, 1.3, 1]))
        #expect(events.count == 3)
        guard case .partial("a", _) = events[0], case .final("c", _) = events[2] else {
            Issue.record("other events: \(events)")
            return
        }
    }

    @Test("speech without a pause is cut after twenty seconds")
    func cutsMonologues() async throws {
        let engine = engine(["x"])
        _ = try await events(Hearing(with: engine), recording([0, 65]))
        let counts = engine.calls.compactMap { if case .transcribe(let count) = $0 { count } else { nil } }
        #expect(counts.count == 4)
        #expect(counts.allSatisfy { $0 <= 20 * 16_000 + 1024 })
    }

    @Test("silence is nothing")
    func hearsNothing() async throws {
        #expect(try await events(Hearing(with: engine(["x"])), recording([3])).isEmpty)
        #expect(try await events(Hearing(with: engine(["x"])), []).isEmpty)
    }

    @Test("what fails is passed on")
    func fails() async throws {
        let engine = engine([])
        engine.change { $0.transcriptionFailure = .missingPart(.recognizer) }
        await #expect(throws: SpeechError.missingPart(.recognizer)) {
            try await events(Hearing(with: engine), recording([0, 1]))
        }
    }
}

@Suite("The scripted engine") struct ScriptedSpeechEngineTests {
    @Test("it makes as many samples as the script says, and remembers what was asked")
    func speaks() async throws {
        let engine = ScriptedSpeechEngine(.init())
        let sound = try await Saying.speak("hello", with: engine, voice: VoiceSettings(speed: 2))
        #expect(sound.samples.count == 5 * 1440 && sound.sampleRate == 24_000)
        #expect(engine.calls == [.synthesize("hello", VoiceSettings(speed: 2))])
    }

    @Test("it fails where the script says")
    func fails() async throws {
        let engine = ScriptedSpeechEngine(.init())
        engine.change { $0.synthesisFailure = (.workerEnded, afterChunks: 1) }
        var count = 0
        await #expect(throws: SpeechError.workerEnded) {
            for try await _ in engine.synthesize("long enough", voice: VoiceSettings()) { count += 1 }
        }
        #expect(count == 1)
    }

    @Test("probabilities come in order, and none means no model")
    func judges() async throws {
        let engine = ScriptedSpeechEngine(.init())
        #expect(try await engine.endOfTurnProbability([1]) == nil)
        engine.change { $0.endOfTurnProbabilities = [0, 0.1, 0.9] }
        #expect(try await engine.endOfTurnProbability([1]) == 0.1)
        #expect(try await engine.endOfTurnProbability([1]) == 0.9)
        #expect(try await engine.endOfTurnProbability([1]) == 0.9)
    }
}
