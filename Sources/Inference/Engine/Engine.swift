import Compute
import Foundation
import Locking
import Models
import Tokenization

/// Runs a model for any number of requests at once, on a thread of its own.
///
/// ```swift
/// let engine = try Engine(loading: URL(filePath: "models/smollm2-135m-nvfp4"))
/// guard let tokenizer = engine.model.tokenizer else { return }
/// let request = GenerationRequest(
///     id: "1", prompt: tokenizer.encode("Once upon a time"), stop: StopConditions(maximumTokens: 64))
/// for try await case .token(let token) in try engine.generate(request) {
///     print(token.text, terminator: "")
/// }
/// ```
public final class Engine: TextGenerator, @unchecked Sendable {
    // `inbox` and `state` are guarded by `condition`; the scheduler belongs to the engine's thread.
    /// What is being served.
    public let model: ServedModel
    /// Where the time of loading went, and what the weights take.
    public let report: LoadingReport
    private let options: EngineOptions
    private let pageCapacity: Int
    private let pageBytes: Int
    private let condition = NSCondition()
    private var inbox: [RunningSequence] = []
    private var isStopping = false
    private var hasStopped = false
    private var snapshot = EngineStatistics()

    /// Loads the model of a Hugging Face directory.
    ///
    /// - Throws: `ModelLoadingError` and the typed errors of `Checkpoints` and `Tokenization`.
    public convenience init(loading directory: URL, options: EngineOptions = EngineOptions()) throws {
        let workers = WorkerPool(threads: options.threads ?? ProcessInfo.processInfo.activeProcessorCount)
        // The tokenizer and the weights are read side by side: both matter for the time to the first token.
        let surface = Locked<Result<ModelSurface, any Error>?>(nil)
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            let result = Result { try ModelSurface(directory: directory) }
            surface.withLock { $0 = result }
            done.signal()
        }
        var loading = options.loading
        loading.readsDraftHead = options.guessedTokens > 0
        let loaded = Result { try LoadedModel(directory: directory, options: loading, workers: workers) }
        done.wait()
        let model = try loaded.get()
        guard let surface = try surface.withLock({ try $0?.get() }) else { throw GenerationError.shuttingDown }
        let snapshots = try options.snapshotDirectory.map { folder in
            SnapshotStore(
                directory: folder, identity: try Self.identity(of: model, directory: directory),
                byteLimit: options.snapshotDiskSpace)
        }
        self.init(model, surface: surface, options: options, snapshots: snapshots)
    }

    /// What a sequence's state depends on beside its tokens: the weights, the arithmetic, and how state is laid out.
    private static func identity(of model: LoadedModel, directory: URL) throws -> String {
        let layout = model.definition.stateLayout(format: model.stateFormat)
        return [
            try ModelFingerprint(directory: directory).text, CPUExecutor.instructionSet, model.activations.rawValue,
            model.stateFormat.rawValue, "\(layout.pageBytes)", "\(layout.recurrentBytes)",
            model.report.formats.sorted { $0.key < $1.key }.map { "\($0.key)\($0.value)" }.joined(separator: "+"),
        ].joined(separator: " ")
    }

    init(_ loaded: LoadedModel, surface: ModelSurface, options: EngineOptions, snapshots: SnapshotStore? = nil) {
        self.options = options
        report = loaded.report
        model = surface.servedModel(of: loaded, maximumLength: options.maximumModelLength)
        let pool = PagePool(
            layout: loaded.definition.stateLayout(format: loaded.stateFormat), byteLimit: options.stateMemory)
        pageCapacity = pool.capacity
        pageBytes = pool.layout.pageBytes
        let scheduler = Scheduler(
            runner: ModelRunner(loaded), pool: pool, model: model, options: options, snapshots: snapshots)
        scheduler.restoreSnapshots()
        startThread(Handover(scheduler))
    }

    /// Carries the scheduler to the engine's thread, which is the only one to use it from then on.
    private struct Handover: @unchecked Sendable {
        let scheduler: Scheduler
        init(_ scheduler: Scheduler) { self.scheduler = scheduler }
    }

    /// See ``TextGenerator/generate(_:)``.
    public func generate(_ request: GenerationRequest) throws -> AsyncThrowingStream<GenerationEvent, any Error> {
        try validate(request)
        let (stream, continuation) = AsyncThrowingStream<GenerationEvent, any Error>.makeStream()
        let cancellation = CancellationFlag()
        continuation.onTermination = { [weak self] _ in
            cancellation.set()
            self?.wake()
        }
        let sequence = try RunningSequence(
            request: request, model: model, cancellation: cancellation, continuation: continuation)
        try condition.withLock {
            if isStopping { throw GenerationError.shuttingDown }
            guard inbox.count + snapshot.waiting < options.queueLimit else {
                throw GenerationError.queueFull(limit: options.queueLimit)
            }
            inbox.append(sequence)
            condition.signal()
        }
        return stream
    }

    /// See ``TextGenerator/statistics()``.
    public func statistics() -> EngineStatistics {
        condition.withLock {
            var statistics = snapshot
            statistics.waiting += inbox.count
            return statistics
        }
    }

    /// Refuses new requests, and ends the thread once those that run are done.
    public func shutDown() {
        condition.withLock {
            isStopping = true
            condition.signal()
        }
    }

    /// Waits until an engine that was shut down has done its last work and written its snapshots; false when that takes
    /// longer than allowed.
    @discardableResult
    public func waitUntilStopped(seconds: Double = 30) -> Bool {
        let deadline = Date(timeIntervalSinceNow: seconds)
        return condition.withLock {
            while !hasStopped { if !condition.wait(until: deadline) { return hasStopped } }
            return true
        }
    }

    /// ``waitUntilStopped(seconds:)`` for tasks, whose threads must not be held up.
    @discardableResult
    public func stopped(seconds: Double = 30) async -> Bool {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: self.waitUntilStopped(seconds: seconds)) }
        }
    }

    private func validate(_ request: GenerationRequest) throws {
        if request.prompt.isEmpty { throw GenerationError.emptyPrompt }
        if request.prompt.count >= model.contextLength {
            throw GenerationError.promptTooLong(tokens: request.prompt.count, limit: model.contextLength)
        }
        for token in request.prompt where token < 0 || Int(token) >= model.vocabularySize {
            throw GenerationError.unknownToken(token, vocabularySize: model.vocabularySize)
        }
        let length = min(request.prompt.count + request.stop.maximumTokens, model.contextLength)
        // One page more than the tokens need: a shared last page is copied before it is written.
        let pages = StateLayout.pages(forTokens: length) + 1
        if pages > pageCapacity {
            throw GenerationError.outOfMemory(neededBytes: pages * pageBytes, limitBytes: pageCapacity * pageBytes)
        }
    }

    // MARK: The engine's thread

    private func startThread(_ handover: Handover) {
        let thread = Thread { [weak self] in
            while let self, self.turn(handover.scheduler) {}
        }
        thread.name = "annie.engine"
        thread.start()
    }

    /// Waits for work and does one step of it; false when the engine has stopped.
    private func turn(_ scheduler: Scheduler) -> Bool {
        condition.lock()
        var isQuiet = false
        if inbox.isEmpty, scheduler.isIdle, !isStopping {
            // Woken now and then, so that an engine nobody holds any more can end.
            isQuiet = !condition.wait(until: Date(timeIntervalSinceNow: scheduler.wantsMemory ? 0.005 : 0.5))
        }
        let arrivals = inbox
        inbox = []
        let stops = isStopping
        condition.unlock()
        for sequence in arrivals { scheduler.add(sequence) }
        if scheduler.isIdle {
            if isQuiet { scheduler.useQuietMoment() }
            if stops { stop(scheduler) }
            return !stops
        }
        scheduler.step()
        condition.withLock { snapshot = scheduler.statistics }
        return true
    }

    private func stop(_ scheduler: Scheduler) {
        scheduler.saveAllSnapshots()
        condition.withLock {
            hasStopped = true
            condition.broadcast()
        }
    }

    private func wake() { condition.withLock { condition.signal() } }
}
