import Inference
import Locking

/// A generator that says what it was told to, and remembers what it was asked.
final class ScriptedGenerator: TextGenerator {
    /// What one generation does.
    struct Script: Sendable {
        /// A token each.
        var pieces: [String]
        var reason = FinishReason.endOfSequence
        var trailingText = ""
        /// Time between tokens.
        var pause = Duration.zero
        /// After the pieces, wait for ever instead of ending.
        var hangs = false
        /// After the pieces, fail instead of ending.
        var failure: (any Error)?
        /// Refuse to start.
        var refusal: GenerationError?
        /// Fail before the prompt has been read.
        var promptFailure: (any Error)?
        var cachedTokens = 0

        init(_ pieces: [String]) { self.pieces = pieces }
    }

    private struct State {
        var requests: [GenerationRequest] = []
        var ended: [String] = []
    }

    let model: ServedModel
    private let script: @Sendable (GenerationRequest) -> Script
    private let state = Locked(State())

    init(model: ServedModel = Fixtures.model, script: @escaping @Sendable (GenerationRequest) -> Script) {
        self.model = model
        self.script = script
    }

    convenience init(_ pieces: String..., model: ServedModel = Fixtures.model) {
        self.init(model: model) { _ in Script(pieces) }
    }

    /// What it was asked, in order.
    var requests: [GenerationRequest] { state.withLock { $0.requests } }
    /// The generations whose stream has ended, by itself or because nobody listened any more.
    var ended: [String] { state.withLock { $0.ended } }

    func statistics() -> EngineStatistics {
        var statistics = EngineStatistics()
        statistics.running = state.withLock { $0.requests.count - $0.ended.count }
        statistics.promptTokens = state.withLock { $0.requests.reduce(0) { $0 + $1.prompt.count } }
        return statistics
    }

    func generate(_ request: GenerationRequest) throws -> AsyncThrowingStream<GenerationEvent, any Error> {
        let script = script(request)
        if let refusal = script.refusal { throw refusal }
        if request.prompt.isEmpty { throw GenerationError.emptyPrompt }
        state.withLock { $0.requests.append(request) }
        return AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await self.play(script, request) { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in
                self.state.withLock { $0.ended.append(request.id) }
                task.cancel()
            }
        }
    }

    private func play(
        _ script: Script, _ request: GenerationRequest, yield: (GenerationEvent) -> Void
    ) async throws {
        if let failure = script.promptFailure { throw failure }
        yield(.prompt(promptReport(request, cached: script.cachedTokens)))
        var reason = script.reason
        var text = "", count = 0
        for piece in script.pieces {
            if count == request.stop.maximumTokens {
                reason = .length
                break
            }
            if script.pause > .zero { try await Task.sleep(for: script.pause) }
            try Task.checkCancellation()
            count += 1
            text += piece
            if let stop = request.stop.strings.first(where: { text.contains($0) }) {
                reason = .stopString(stop)
                break
            }
            let id = token(for: piece)
            yield(.token(GeneratedToken(id: id, text: piece, logprobs: request.logprobs.map { logprobs(id, top: $0) })))
        }
        while script.hangs { try await Task.sleep(for: .seconds(1)) }
        if let failure = script.failure { throw failure }
        yield(
            .finished(
                GenerationSummary(
                    reason: reason, trailingText: script.trailingText, promptTokens: request.prompt.count,
                    cachedTokens: script.cachedTokens, completionTokens: count, queueSeconds: 0.001,
                    prefillSeconds: 0.01, decodeSeconds: 0.1)))
    }

    private func promptReport(_ request: GenerationRequest, cached: Int) -> PromptReport {
        let logprobs = request.promptLogprobs.map { top in
            request.prompt.dropFirst().map { self.logprobs($0, top: top) }
        }
        return PromptReport(tokenCount: request.prompt.count, cachedTokenCount: cached, logprobs: logprobs ?? [])
    }

    private func token(for piece: String) -> Int32 { model.tokenizer?.encode(piece).first ?? 1 }

    private func logprobs(_ token: Int32, top: Int) -> TokenLogprobs {
        let entries = (0..<top).map { rank in
            TokenLogprobs.Entry(token: (token + Int32(rank)) % 256, logprob: -0.5 - Float(rank), rank: rank + 1)
        }
        return TokenLogprobs(chosen: .init(token: token, logprob: -0.5, rank: 1), top: entries)
    }
}
