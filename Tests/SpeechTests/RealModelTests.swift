import Foundation
import Speech
import Testing

/// The models that `annie pull speech` brought, where it has been run.
enum RealModels {
    static let directory: URL = {
        let environment = ProcessInfo.processInfo.environment
        if let models = environment["ANNIE_MODELS"] { return URL(filePath: models) }
        let cache = environment["ANNIE_CACHE"] ?? (environment["HOME"] ?? "") + "/.cache/annie"
        return URL(filePath: cache).appending(path: "models")
    }()
    static let models = SpeechModels(directory: directory)
    static let areHere = models.missingParts.isEmpty

    static func recording(_ name: String) throws -> [Float] {
        let file = directory.appending(path: "moonshine-tiny-en").appending(path: name)
        return try WaveFile(parsing: [UInt8](Data(contentsOf: file))).samplesForHearing
    }
}

/// The real models, on threads of the test's process.
private struct RealLaunch: WorkerLaunching {
    func launch() throws(SpeechError) -> LaunchedWorker {
        let (ours, theirs) = try FrameSocket.pair()
        let server = SpeechServer(socket: theirs, stages: .models(RealModels.models))
        Thread { server.run() }.start()
        return LaunchedWorker(socket: ours, processIdentifier: nil) { theirs.shutDown() }
    }
}

@Suite("The real models", .enabled(if: RealModels.areHere), .serialized, .timeLimit(.minutes(3)))
struct RealModelTests {
    private let worker = SpeechWorker(launch: RealLaunch())

    private func words(_ text: String) -> [Substring] {
        text.lowercased().filter { $0.isLetter || $0.isNumber || $0 == " " }.split(separator: " ")
    }

    @Test("a recording is heard as it was spoken")
    func hears() async throws {
        let text = try await worker.transcribe(try RealModels.recording("beckett.wav"))
        #expect(words(text) == words("Ever tried, ever failed, no matter, try again, fail again, fail better"))
    }

    @Test("hearing the same again, with a draft, gives the same text")
    func hearsDrafted() async throws {
        let speech = try RealModels.recording("beckett.wav")
        for seconds in [2, 4, 6] { _ = try await worker.transcribe(Array(speech.prefix(seconds * 16_000))) }
        let drafted = try await worker.transcribe(speech)
        let again = try await worker.transcribe([0] + speech)
        #expect(words(drafted) == words(again))
    }

    @Test("what is spoken is heard, in pieces that come early")
    func speaks() async throws {
        var (samples, count) = ([Float](), 0)
        for try await chunk in worker.synthesize("Set a timer for ten minutes, please.", voice: VoiceSettings()) {
            samples += chunk.map { Float($0) / 32_768 }
            count += 1
        }
        #expect(count > 3)
        #expect((1.2...4).contains(Double(samples.count) / 24_000))
        let text = try await worker.transcribe(Resampler.resample(samples, from: 24_000, to: 16_000))
        #expect(words(text).contains("timer"))
    }

    @Test("a slower voice takes longer")
    func speaksSlowly() async throws {
        let normal = try await Saying.speak("I am here with you.", with: worker)
        let slow = try await Saying.speak("I am here with you.", with: worker, voice: VoiceSettings(speed: 0.5))
        #expect(slow.samples.count > normal.samples.count * 3 / 2)
    }

    @Test("speech is told from silence")
    func detects() async throws {
        let detector = try await worker.makeVoiceActivityDetector()
        let speech = try RealModels.recording("beckett.wav")
        var probabilities: [Float] = []
        for start in stride(from: 0, to: 5 * 16_000, by: 512) {
            probabilities.append(try await detector.speechProbability(Array(speech[start..<start + 512])))
        }
        #expect(probabilities.filter { $0 > 0.5 }.count > 20)
        await detector.reset()
        var silence: Float = 1
        for _ in 0..<5 { silence = try await detector.speechProbability([Float](repeating: 0, count: 512)) }
        #expect(silence < 0.3)
    }

    @Test("a finished sentence is told from a broken one")
    func judges() async throws {
        let speech = try RealModels.recording("beckett.wav")
        let whole = try #require(try await worker.endOfTurnProbability(speech))
        let broken = try #require(try await worker.endOfTurnProbability(Array(speech.prefix(32_000))))
        #expect(whole > 0.5 && broken < 0.5)
    }

    @Test("nothing is heard in nothing")
    func hearsNothing() async throws {
        #expect(try await worker.transcribe([]) == "")
        #expect(try await worker.transcribe([Float](repeating: 0, count: 800)) == "")
    }

    @Test("the library is the release whose function table we know")
    func opensLibrary() throws {
        let file = RealModels.directory.appending(path: "speech-library/libonnxruntime.so")
        #expect(try OnnxRuntime(library: file).version == "1.28.2")
    }

    @Test("every part is usable")
    func loads() async throws {
        #expect(try await worker.unusableParts() == [:])
    }
}

@Suite("Files that are no models", .enabled(if: RealModels.areHere), .timeLimit(.minutes(1)))
struct DamagedModelTests {
    /// The real parts, of which one file is replaced.
    private func worker(replacing name: String, of part: SpeechPart, with bytes: Data) throws -> (SpeechWorker, URL) {
        let directory = FileManager.default.temporaryDirectory.appending(path: "annie-speech-\(UUID().uuidString)")
        for each in SpeechPart.allCases {
            let target = directory.appending(path: each.rawValue)
            try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
            for file in each.fileNames {
                let copy = target.appending(path: file)
                if each == part, file == name {
                    try bytes.write(to: copy)
                } else {
                    try FileManager.default.createSymbolicLink(
                        at: copy, withDestinationURL: RealModels.directory.appending(path: "\(each.rawValue)/\(file)"))
                }
            }
        }
        struct Launch: WorkerLaunching {
            let models: SpeechModels
            func launch() throws(SpeechError) -> LaunchedWorker {
                let (ours, theirs) = try FrameSocket.pair()
                let server = SpeechServer(socket: theirs, stages: .models(models))
                Thread { server.run() }.start()
                return LaunchedWorker(socket: ours, processIdentifier: nil) { theirs.shutDown() }
            }
        }
        return (SpeechWorker(launch: Launch(models: SpeechModels(directory: directory))), directory)
    }

    @Test(
        "each is named, and the other parts work",
        arguments: [
            (SpeechPart.voice, "en_US-joe-medium.onnx"), (.recognizer, "decoder_model_merged.ort"),
            (.voiceActivity, "silero_vad.onnx"), (.endOfTurn, "smart-turn-v3.2-cpu.onnx"),
        ])
    func reports(part: SpeechPart, name: String) async throws {
        let (worker, directory) = try worker(replacing: name, of: part, with: Data("<html>not found</html>".utf8))
        defer { try? FileManager.default.removeItem(at: directory) }
        let unusable = try await worker.unusableParts()
        #expect(Set(unusable.keys) == [part])
        #expect(unusable[part]?.description.contains(part.rawValue) ?? false)
    }

    @Test("a library that is none makes all parts unusable, with the reason")
    func reportsLibrary() async throws {
        let (worker, directory) = try worker(replacing: "libonnxruntime.so", of: .library, with: Data("MZ".utf8))
        defer { try? FileManager.default.removeItem(at: directory) }
        let error = await #expect(throws: SpeechError.self) { try await worker.transcribe([0, 0]) }
        #expect("\(try #require(error))".contains("no shared library"))
    }
}
