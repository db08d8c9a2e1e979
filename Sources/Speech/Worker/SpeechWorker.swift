import Foundation
import Locking
import Logging

/// Hearing and speaking in a child process, which is watched and started again when it ends.
///
/// The models' libraries are other people's, and one that crashes must not end a call. What was being asked when the
/// worker ended is asked again of the next one if nothing of the answer had come; a sentence that was already being heard
/// ends with ``SpeechError/workerEnded``. The worker ends with the process that started it, however that ends.
public final class SpeechWorker: SpeechEngine {
    let supervisor: WorkerSupervisor

    /// Starts a worker at once, so that its models are loaded when they are first needed.
    ///
    /// - Parameters:
    ///   - models: Where the models are; whatever is missing there fails on its own.
    ///   - executable: The program that runs ``SpeechWorkerMain`` when called with `arguments`; by default this one.
    ///   - arguments: What the program is called with before the worker's own arguments.
    ///   - logger: Told when a worker ends or hangs, never what is said.
    public init(
        models: SpeechModels, executable: String? = nil, arguments: [String] = ["speech-worker"],
        logger: Logger = Logger(label: "annie.speech")
    ) {
        let launch = ChildProcessLaunch(
            executable: executable ?? Self.currentExecutable,
            arguments: arguments + SpeechWorkerMain.arguments(for: models))
        supervisor = WorkerSupervisor(launch: launch, logger: logger)
        supervisor.start()
    }

    /// A worker that is started in another way, for tests.
    package init(launch: any WorkerLaunching, silenceLimit: Duration = .seconds(30)) {
        supervisor = WorkerSupervisor(launch: launch, logger: Logger(label: "annie.speech"), silenceLimit: silenceLimit)
        supervisor.start()
    }

    deinit { supervisor.shutDown() }

    /// Ends the worker; requests in flight and later ones fail.
    public func shutDown() { supervisor.shutDown() }

    /// The text of at most ten minutes of speech; what is longer than 25 s is cut at its quietest places.
    public func transcribe(_ samples: [Float]) async throws -> String {
        guard case .text(let text) = try await supervisor.answer(to: .transcribe(try Self.checked(samples)))
        else { throw WorkerSupervisor.unexpectedAnswer }
        return text
    }

    /// Speaks a text, sentence by sentence; the first samples come after about a fifth of the first sentence's work.
    public func synthesize(_ text: String, voice: VoiceSettings) -> AsyncThrowingStream<[Int16], any Error> {
        supervisor.audio(for: .synthesize(text, voice), keeping: self)
    }

    /// A detector whose state lives in the worker; after the worker ended it starts anew.
    public func makeVoiceActivityDetector() async throws -> any VoiceActivityDetector {
        let detector = WorkerVoiceActivityDetector(self)
        // One window of silence tells whether the model is there.
        _ = try await detector.speechProbability([Float](repeating: 0, count: 512))
        await detector.reset()
        return detector
    }

    /// How likely it is that the speaker has finished; nil where the model is not installed.
    public func endOfTurnProbability(_ samples: [Float]) async throws -> Float? {
        do {
            let request = WorkerRequest.endOfTurn(Array(samples.suffix(8 * 16_000)))
            guard case .probability(let value) = try await supervisor.answer(to: request)
            else { throw WorkerSupervisor.unexpectedAnswer }
            return value
        } catch SpeechError.missingPart(.endOfTurn) { return nil }
    }

    /// For each part that cannot be used, why; waits until the models are loaded.
    public func unusableParts() async throws -> [SpeechPart: SpeechError] {
        guard case .parts(let parts) = try await supervisor.answer(to: .parts)
        else { throw WorkerSupervisor.unexpectedAnswer }
        return parts
    }

    /// The process of the worker, if one runs now.
    public var processIdentifier: Int32? { supervisor.processIdentifier }

    private static func checked(_ samples: [Float]) throws(SpeechError) -> [Float] {
        let limit = 10 * 60 * 16_000
        guard samples.count <= limit else {
            throw .invalidInput("the speech is longer than ten minutes; cut it into turns first")
        }
        return samples
    }

    private static var currentExecutable: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            ?? Bundle.main.executablePath ?? CommandLine.arguments[0]
    }
}

/// A stream of windows, numbered within the worker.
private final class WorkerVoiceActivityDetector: VoiceActivityDetector {
    /// Kept, because the worker ends with its last owner.
    private let worker: SpeechWorker
    private let stream: UInt32
    private var supervisor: WorkerSupervisor { worker.supervisor }

    init(_ worker: SpeechWorker) {
        self.worker = worker
        stream = worker.supervisor.makeNumber()
    }

    deinit { supervisor.tell(.forget(stream: stream)) }

    func speechProbability(_ window: [Float]) async throws -> Float {
        let request = WorkerRequest.voiceActivity(stream: stream, window: window)
        guard case .probability(let value) = try await supervisor.answer(to: request)
        else { throw WorkerSupervisor.unexpectedAnswer }
        return value
    }

    func reset() async { supervisor.tell(.forget(stream: stream)) }
}
