import Compute
import Synchronization
import Tokenization

/// Lets a stream's consumer stop its sequence from another thread.
final class CancellationFlag: Sendable {
    private let flag = Atomic(false)
    var isSet: Bool { flag.load(ordering: .relaxed) }
    func set() { flag.store(true, ordering: .relaxed) }
}

/// One request on its way through the engine; used by the engine's thread only.
final class RunningSequence {
    let request: GenerationRequest
    let cancellation: CancellationFlag
    let continuation: AsyncThrowingStream<GenerationEvent, any Error>.Continuation
    /// Prompt and reply.
    private(set) var tokens: [Int32]
    /// Nil while it waits.
    var state: SequenceState?
    /// Where in the prompt its state is to be kept for later ones.
    var boundaries: [TurnBoundaries.Boundary] = []
    /// Guesses how the reply goes on.
    var lookup = PromptLookup(limit: 0)
    /// What the model's head for further tokens has to catch up with; nil without one.
    var draft: DraftMemory?
    private var sampler: Sampler
    private var logprobReader = LogprobReader()
    private let vocabularySize: Int
    private var matcher: (any TokenMatcher)?
    private var text: ReplyText
    private var cachedTokens = 0
    private var promptLogprobs: [TokenLogprobs] = []
    private let arrival = ContinuousClock.now
    private var started: ContinuousClock.Instant?
    private var firstToken: ContinuousClock.Instant?

    init(
        request: GenerationRequest, model: ServedModel, cancellation: CancellationFlag,
        continuation: AsyncThrowingStream<GenerationEvent, any Error>.Continuation
    ) throws(GenerationError) {
        self.request = request
        self.cancellation = cancellation
        self.continuation = continuation
        // The rows of a padded vocabulary beyond the tokenizer's last token stand for nothing.
        vocabularySize = min(model.vocabularySize, model.tokenizer?.vocabularySize ?? .max)
        sampler = try Sampler(
            request.sampling, stop: request.stop, endTokens: model.endTokens, prompt: request.prompt,
            vocabularySize: vocabularySize)
        tokens = request.prompt
        matcher = request.constraint?.makeMatcher()
        text = ReplyText(tokenizer: model.tokenizer, request: request)
    }

    /// Tokens that are not in the state yet.
    var pending: Int { tokens.count - (state?.length ?? 0) }

    /// Tokens of the reply.
    var replyCount: Int { tokens.count - request.prompt.count }

    /// Whether the prompt has been read and each step gives a token.
    var isDecoding: Bool { pending == 1 && firstToken != nil }

    /// Takes its place among the running, from a reused prefix or an empty state.
    func start(from state: SequenceState) {
        self.state = state
        guard started == nil else { return }
        started = .now
        cachedTokens = state.length
    }

    /// The next token; nil when the constraint leaves none.
    func chooseToken(logits: UnsafeMutableBufferPointer<Float>) -> (token: Int32, logprobs: TokenLogprobs?)? {
        var mask: TokenMask?
        if matcher != nil {
            var allowed = TokenMask(count: vocabularySize, allowingAll: true)
            matcher?.apply(to: &allowed)
            mask = allowed
        }
        guard let token = sampler.sample(logits: logits, mask: mask) else { return nil }
        return (token, request.logprobs.map { logprobs(of: token, logits: logits, top: $0) })
    }

    /// A token's log-probability and the most likely alternatives.
    func logprobs(of token: Int32, logits: UnsafeMutableBufferPointer<Float>, top: Int) -> TokenLogprobs {
        logprobReader.read(
            UnsafeBufferPointer(rebasing: logits.prefix(vocabularySize)), chosen: token, topCount: top)
    }

    func append(promptLogprobs: [TokenLogprobs]) { self.promptLogprobs += promptLogprobs }

    /// Adds a token to the reply and reports it; returns why the reply ends with it, if it does.
    func append(_ token: Int32, logprobs: TokenLogprobs?, endTokens: Set<Int32>, contextLength: Int) -> FinishReason? {
        if firstToken == nil {
            firstToken = .now
            continuation.yield(
                .prompt(
                    PromptReport(
                        tokenCount: request.prompt.count, cachedTokenCount: cachedTokens, logprobs: promptLogprobs)))
        }
        tokens.append(token)
        matcher?.accept(token)
        if let reason = endReason(token, endTokens: endTokens) {
            continuation.yield(.token(GeneratedToken(id: token, text: "", logprobs: logprobs)))
            return reason
        }
        let step = text.append(token)
        continuation.yield(.token(GeneratedToken(id: token, text: step.text, logprobs: logprobs)))
        if let stop = step.stop { return .stopString(stop) }
        if matcher?.isComplete == true { return .endOfSequence }
        return replyCount >= request.stop.maximumTokens || tokens.count >= contextLength ? .length : nil
    }

    private func endReason(_ token: Int32, endTokens: Set<Int32>) -> FinishReason? {
        guard replyCount > request.stop.minimumTokens || request.stop.minimumTokens == 0 else { return nil }
        if request.stop.tokens.contains(token) { return .stopToken(token) }
        return endTokens.contains(token) && !request.stop.ignoresEndOfSequence ? .endOfSequence : nil
    }

    /// Ends the stream.
    func finish(_ reason: FinishReason) {
        var reason = reason
        var trailing = ""
        if case .stopString = reason {
        } else {
            let rest = text.finish()
            trailing = rest.text
            if let stop = rest.stop, reason == .length { reason = .stopString(stop) }
        }
        let (started, firstToken) = (started ?? .now, firstToken ?? .now)
        continuation.yield(
            .finished(
                GenerationSummary(
                    reason: reason, trailingText: trailing, promptTokens: request.prompt.count,
                    cachedTokens: cachedTokens, completionTokens: replyCount,
                    queueSeconds: (started - arrival) / .seconds(1),
                    prefillSeconds: (firstToken - started) / .seconds(1),
                    decodeSeconds: (.now - firstToken) / .seconds(1))))
        continuation.finish()
    }
}
