import Foundation
import Speech
import Testing

/// The program that these tests were built beside, which runs the worker.
private let executable: String? = {
    let directory = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    let file = directory.appending(path: "annie").path
    return FileManager.default.isExecutableFile(atPath: file) ? file : nil
}()

@Suite(
    "The worker in a process of its own", .enabled(if: executable != nil && RealModels.areHere), .serialized,
    .timeLimit(.minutes(2)))
struct ChildProcessTests {
    private let worker = SpeechWorker(models: RealModels.models, executable: executable)

    private func isRunning(_ process: Int32) -> Bool { kill(process, 0) == 0 }

    @Test("it hears, and is not this process")
    func hears() async throws {
        let text = try await worker.transcribe(try RealModels.recording("beckett.wav"))
        #expect(text.lowercased().contains("try again"))
        #expect(try #require(worker.processIdentifier) != getpid())
    }

    @Test("killed in the middle of a sentence, it is replaced, and speaks and hears again")
    func survivesKilling() async throws {
        let first = try #require(worker.processIdentifier)
        var count = 0
        await #expect(throws: SpeechError.workerEnded) {
            let text = "I was going to tell you a rather long story about a fox and a hedge, and how they met."
            for try await _ in worker.synthesize(text, voice: VoiceSettings()) {
                count += 1
                if count == 1 { kill(first, SIGKILL) }
            }
        }
        let again = try await Saying.speak("Here I am.", with: worker)
        #expect(again.samples.count > 10_000)
        #expect(try await worker.endOfTurnProbability(again.samples) != nil)
        #expect(worker.processIdentifier != first)
        #expect(!isRunning(first))
    }

    @Test("what only listened to a killed worker does not notice")
    func retriesHearing() async throws {
        let detector = try await worker.makeVoiceActivityDetector()
        kill(try #require(worker.processIdentifier), SIGKILL)
        #expect(try await detector.speechProbability([Float](repeating: 0, count: 512)) < 0.5)
        let text = try await worker.transcribe(try RealModels.recording("beckett.wav"))
        #expect(text.lowercased().contains("try again"))
    }

    @Test("it ends when nobody is connected any more")
    func ends() async throws {
        let process = try #require(worker.processIdentifier)
        #expect(isRunning(process))
        worker.shutDown()
        while isRunning(process) { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test("it inherits no open file but standard error and the connection")
    func inheritsNothing() async throws {
        _ = try await worker.unusableParts()
        let leak = open("/dev/zero", O_RDONLY)
        defer { close(leak) }
        let second = SpeechWorker(models: RealModels.models, executable: executable)
        _ = try await second.unusableParts()
        let process = try #require(second.processIdentifier)
        let files = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").map { name in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/fd/\(name)")) ?? ""
        }
        #expect(!files.contains("/dev/zero"))
    }
}
