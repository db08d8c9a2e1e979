import Foundation
import Locking

/// The worker's side of the connection: takes requests and has each kind done by a thread of its own.
///
/// Voice activity is judged on the thread that receives, so that a window waits for nothing else.
package final class SpeechServer: Sendable {
    private struct Request: Sendable {
        var identifier: UInt32
        var content: WorkerRequest
    }

    private struct State {
        /// Requests that are waiting or being done, and whether they have been cancelled.
        var active: [UInt32: Bool] = [:]
        var failures: [SpeechPart: SpeechError] = [:]
        var loadingCount = 3
        var waitingForParts: [UInt32] = []
    }

    private let socket: FrameSocket
    private let stages: SpeechStages
    private let state = Locked(State())
    private let hearing = Lane<Request>()
    private let turns = Lane<Request>()
    private let speaking = Lane<Request>()

    /// A server for the supervisor at the other end of `socket`.
    package init(socket: FrameSocket, stages: SpeechStages) {
        self.socket = socket
        self.stages = stages
    }

    /// Serves until the other end is gone.
    package func run() {
        start("hearing") { self.hear() }
        start("turns") { self.judgeTurns() }
        start("speaking") { self.speak() }
        let detector = load(.voiceActivity, counted: false, stages.detector)
        socket.receive { frame in
            guard let content = WorkerRequest(frame) else { return false }
            handle(Request(identifier: frame.request, content: content), detector)
            return true
        }
        hearing.close()
        turns.close()
        speaking.close()
    }

    private func start(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread(block: body)
        thread.name = name
        // The models recurse through deep graphs while they are loaded.
        thread.stackSize = 8 << 20
        thread.start()
    }

    private func handle(_ request: Request, _ detector: Result<any SpeechDetecting, SpeechError>) {
        switch request.content {
        case .voiceActivity(let stream, let window):
            do {
                answer(request, .probability(try detector.get().speechProbability(window, stream: stream)))
            } catch { answer(request, .failure(error)) }
        case .forget(let stream): try? detector.get().forget(stream: stream)
        case .cancel:
            state.withLock { if $0.active[request.identifier] != nil { $0.active[request.identifier] = true } }
        case .parts: answerParts(request)
        case .transcribe: accept(request, hearing)
        case .endOfTurn: accept(request, turns)
        case .synthesize: accept(request, speaking)
        }
    }

    private func accept(_ request: Request, _ lane: Lane<Request>) {
        state.withLock { $0.active[request.identifier] = false }
        lane.add(request)
    }

    private func answer(_ request: Request, _ response: WorkerResponse) {
        socket.send(response.frame(request.identifier))
    }

    /// The last answer to a request; nothing is sent for a cancelled one.
    private func finish(_ request: Request, _ response: WorkerResponse) {
        if state.withLock({ $0.active.removeValue(forKey: request.identifier) }) == false { answer(request, response) }
    }

    private func isCancelled(_ request: Request) -> Bool {
        state.withLock { $0.active[request.identifier] ?? true }
    }

    // MARK: Loading

    private func load<Stage>(
        _ part: SpeechPart, counted: Bool = true, _ body: () throws(SpeechError) -> Stage
    ) -> Result<Stage, SpeechError> {
        let result: Result<Stage, SpeechError>
        do { result = .success(try body()) } catch { result = .failure(error) }
        let waiting = state.withLock { state -> [UInt32] in
            if case .failure(let error) = result { state.failures[part] = error }
            if counted { state.loadingCount -= 1 }
            guard state.loadingCount == 0 else { return [] }
            defer { state.waitingForParts = [] }
            return state.waitingForParts
        }
        for identifier in waiting { answerParts(Request(identifier: identifier, content: .parts)) }
        return result
    }

    private func answerParts(_ request: Request) {
        let failures = state.withLock { state -> [SpeechPart: SpeechError]? in
            if state.loadingCount > 0 { state.waitingForParts.append(request.identifier) }
            return state.loadingCount > 0 ? nil : state.failures
        }
        if let failures { answer(request, .parts(failures)) }
    }

    // MARK: The threads

    private func hear() {
        let recognizer = load(.recognizer, stages.recognizer)
        while let request = hearing.take() {
            guard case .transcribe(let samples) = request.content else { continue }
            do {
                let isCancelled = { self.isCancelled(request) }
                let text = isCancelled() ? "" : try recognizer.get().transcribe(samples, isCancelled: isCancelled)
                finish(request, .text(text))
            } catch { finish(request, .failure(error)) }
        }
    }

    private func judgeTurns() {
        let judge = load(.endOfTurn, stages.turns)
        while let request = turns.take() {
            guard case .endOfTurn(let samples) = request.content else { continue }
            do {
                let probability = isCancelled(request) ? 0 : try judge.get().endOfTurnProbability(samples)
                finish(request, .probability(probability))
            } catch { finish(request, .failure(error)) }
        }
    }

    /// Speaks for several callers at once: next comes the one who has got least so far.
    private func speak() {
        let synthesizer = load(.voice, stages.synthesizer)
        var running: [(request: Request, utterance: any Utterance, count: Int)] = []
        while true {
            let waiting: [Request]
            if running.isEmpty {
                guard let request = speaking.take() else { return }
                waiting = [request]
            } else {
                guard let requests = speaking.takeWaiting() else { return }
                waiting = requests
            }
            for request in waiting {
                guard case .synthesize(let text, let voice) = request.content else { continue }
                do {
                    running.append((request, try synthesizer.get().begin(text, voice: voice), 0))
                } catch { finish(request, .failure(error)) }
            }
            guard let index = running.indices.min(by: { running[$0].count < running[$1].count }) else { continue }
            let request = running[index].request
            do {
                guard !isCancelled(request), let samples = try running[index].utterance.next() else {
                    finish(request, .finished)
                    running.remove(at: index)
                    continue
                }
                // Work without a sound counts as well, or a long sentence would hold up the others.
                running[index].count += max(samples.count, 1)
                if !samples.isEmpty { answer(request, .audio(samples)) }
            } catch {
                finish(request, .failure(error))
                running.remove(at: index)
            }
        }
    }
}
