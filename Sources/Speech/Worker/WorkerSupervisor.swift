import Foundation
import Locking
import Logging

/// Keeps a worker running and hands requests to it.
final class WorkerSupervisor: Sendable {
    private struct State {
        var worker: LaunchedWorker?
        /// Which worker it is; news of an earlier one is no news.
        var generation = 0
        var pending: [UInt32: PendingRequest] = [:]
        var lastNumber: UInt32 = 0
        /// Workers that ended one after the other without an answer.
        var fruitlessEnds = 0
        /// Why nothing can be asked now.
        var refusal: SpeechError?
        var isShutDown = false
        var lastSign = ContinuousClock.now
        var isWatched = false
    }

    static let unexpectedAnswer = SpeechError.failed("the speech worker gave another kind of answer than expected")
    /// After so many workers that ended without an answer, the next one waits.
    private static let patience = 3

    private let launch: any WorkerLaunching
    private let logger: Logger
    private let silenceLimit: Duration
    private let state = Locked(State())
    /// Sends, so that nobody waits for a worker that does not read.
    private let sender = DispatchQueue(label: "annie.speech.sender")

    init(launch: any WorkerLaunching, logger: Logger, silenceLimit: Duration = .seconds(30)) {
        self.launch = launch
        self.logger = logger
        self.silenceLimit = silenceLimit
    }

    var processIdentifier: Int32? { state.withLock { $0.worker?.processIdentifier } }

    // MARK: Asking

    /// A number that no request and no stream has had.
    func makeNumber() -> UInt32 {
        state.withLock { state in
            state.lastNumber &+= 1
            return state.lastNumber
        }
    }

    /// The one answer to a request; cancelling the task withdraws it.
    func answer(to request: WorkerRequest) async throws -> WorkerResponse {
        let number = makeNumber()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                ask(PendingRequest(request: request, waiter: .one(continuation)), number)
                if Task.isCancelled { withdraw(number) }
            }
        } onCancel: {
            withdraw(number)
        }
    }

    /// The audio that answers a request; whoever stops listening withdraws it. Until then `owner` is kept.
    func audio(for request: WorkerRequest, keeping owner: some AnyObject & Sendable) -> AsyncThrowingStream<
        [Int16], any Error
    > {
        let number = makeNumber()
        return AsyncThrowingStream { continuation in
            ask(PendingRequest(request: request, waiter: .audio(continuation)), number)
            continuation.onTermination = { [weak self] reason in
                withExtendedLifetime(owner) { if case .cancelled = reason { self?.withdraw(number) } }
            }
        }
    }

    /// Sends what is not answered; of no use to a worker that is yet to come.
    func tell(_ request: WorkerRequest) {
        state.withLock { state in
            if let worker = state.worker { send(request, 0, worker.socket) }
        }
    }

    private func ask(_ pending: PendingRequest, _ number: UInt32) {
        let refusal = state.withLock { state -> SpeechError? in
            if let refusal = state.refusal { return refusal }
            if state.pending.isEmpty { state.lastSign = .now }
            state.pending[number] = pending
            if let worker = state.worker { send(pending.request, number, worker.socket) }
            return nil
        }
        if let refusal { pending.fail(refusal) } else { watch() }
    }

    private func withdraw(_ number: UInt32) {
        let pending = state.withLock { state -> PendingRequest? in
            guard let pending = state.pending.removeValue(forKey: number) else { return nil }
            if let worker = state.worker { send(.cancel, number, worker.socket) }
            return pending
        }
        pending?.fail(CancellationError())
    }

    private func send(_ request: WorkerRequest, _ number: UInt32, _ socket: FrameSocket) {
        sender.async { socket.send(request.frame(number)) }
    }

    // MARK: The worker's life

    /// Starts the first worker.
    func start() { startWorker() }

    /// Ends the worker for good.
    func shutDown() {
        let (worker, pending) = state.withLock { state in
            state.isShutDown = true
            state.refusal = .workerUnavailable(reason: "it was shut down")
            defer { state.pending = [:] }
            return (state.worker, Array(state.pending.values))
        }
        for request in pending { request.fail(SpeechError.workerUnavailable(reason: "it was shut down")) }
        worker?.socket.shutDown()
    }

    private func startWorker() {
        let worker: LaunchedWorker
        do { worker = try launch.launch() } catch {
            state.withLock { $0.fruitlessEnds = max($0.fruitlessEnds, Self.patience) }
            return pause(because: error)
        }
        let generation = state.withLock { state -> Int? in
            guard !state.isShutDown else { return nil }
            state.worker = worker
            state.generation += 1
            state.refusal = nil
            state.lastSign = .now
            for (number, pending) in state.pending.sorted(by: { $0.key < $1.key }) {
                send(pending.request, number, worker.socket)
            }
            return state.generation
        }
        guard let generation else { return worker.end() }
        let thread = Thread { [weak self, socket = worker.socket] in
            socket.receive { frame in self?.take(frame, generation) ?? false }
            worker.end()
            self?.workerEnded(generation)
        }
        thread.name = "speech answers"
        thread.start()
    }

    /// Hands an answer to whoever waits for it; false ends the worker, because it talks nonsense.
    private func take(_ frame: WireFrame, _ generation: Int) -> Bool {
        guard let response = WorkerResponse(frame) else {
            logger.error("the speech worker sent an answer that cannot be read and is ended")
            return false
        }
        let (isCurrent, pending) = state.withLock { state -> (Bool, PendingRequest?) in
            guard state.generation == generation, !state.isShutDown else { return (false, nil) }
            state.fruitlessEnds = 0
            state.lastSign = .now
            // What was withdrawn may still be answered.
            guard let pending = state.pending[frame.request] else { return (true, nil) }
            if pending.isFinished(by: response) {
                state.pending[frame.request] = nil
            } else {
                state.pending[frame.request]?.hasBegun = true
            }
            return (true, pending)
        }
        // Not under the lock: whoever is woken may be the worker's last owner, whose end takes the lock.
        pending?.take(response)
        return isCurrent
    }

    private func workerEnded(_ generation: Int) {
        let (failed, ends) = state.withLock { state -> ([PendingRequest], Int?) in
            guard state.generation == generation, !state.isShutDown else { return ([], nil) }
            state.worker = nil
            state.fruitlessEnds += 1
            for number in state.pending.keys { state.pending[number]?.endedWorkers += 1 }
            let failed = state.pending.filter { !$0.value.mayBeAskedAgain }
            for number in failed.keys { state.pending[number] = nil }
            return (Array(failed.values), state.fruitlessEnds)
        }
        for request in failed { request.fail(SpeechError.workerEnded) }
        guard let ends else { return }
        logger.warning("the speech worker ended", metadata: ["requests lost": "\(failed.count)"])
        if ends < Self.patience {
            startWorker()
        } else {
            pause(because: .workerUnavailable(reason: "it ended \(ends) times in a row"))
        }
    }

    /// Refuses requests for a while, then tries again; longer each time.
    private func pause(because refusal: SpeechError) {
        let (failed, ends) = state.withLock { state in
            if !state.isShutDown { state.refusal = refusal }
            defer { state.pending = [:] }
            return (Array(state.pending.values), state.fruitlessEnds)
        }
        for request in failed { request.fail(refusal) }
        logger.error("\(refusal)")
        let delay = min(1 << min(max(ends - Self.patience, 0), 5), 20)
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(delay)) { [weak self] in
            guard let self, !self.state.withLock({ $0.isShutDown }) else { return }
            self.state.withLock { $0.fruitlessEnds += 1 }
            self.startWorker()
        }
    }

    // MARK: Silence

    /// Ends a worker that has work and gives no sign for long: it hangs.
    private func watch() {
        let starts = state.withLock { state in
            defer { state.isWatched = true }
            return !state.isWatched
        }
        guard starts else { return }
        let interval = silenceLimit / 4
        Task { [weak self] in
            repeat { try? await Task.sleep(for: interval) } while self?.checkForSilence() ?? false
        }
    }

    /// Whether there is still something to watch.
    private func checkForSilence() -> Bool {
        let (goesOn, hanging) = state.withLock { state -> (Bool, LaunchedWorker?) in
            guard !state.isShutDown, !state.pending.isEmpty else {
                state.isWatched = false
                return (false, nil)
            }
            return (true, .now - state.lastSign > silenceLimit ? state.worker : nil)
        }
        if let hanging {
            logger.error("the speech worker gives no sign and is ended")
            hanging.interrupt()
        }
        return goesOn
    }
}
