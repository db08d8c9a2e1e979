import Compute
import Models
import Tokenization

/// Decides what each step computes, and hands out what came of it; used by the engine's thread only.
///
/// Every step takes one token of each sequence that is writing, and fills up with tokens of prompts. With replies under
/// way the share of prompts is small, so that one long prompt does not freeze another's stream.
final class Scheduler {
    private let runner: ModelRunner
    private let options: EngineOptions
    private let model: ServedModel
    private let pool: PagePool
    private var cache: PrefixCache
    private var waiting: [RunningSequence] = []
    private var running: [RunningSequence] = []
    private(set) var statistics = EngineStatistics()
    /// Rows of logits computed at once when a prompt is scored.
    private static let scoredRowsPerStep = 32

    init(runner: ModelRunner, pool: PagePool, model: ServedModel, options: EngineOptions) {
        self.runner = runner
        self.pool = pool
        self.model = model
        self.options = options
        cache = PrefixCache(layout: pool.layout)
    }

    var isIdle: Bool { waiting.isEmpty && running.isEmpty }

    func add(_ sequence: RunningSequence) { waiting.append(sequence) }

    /// Ends every sequence, with an error.
    func failAll(_ error: any Error) {
        for sequence in waiting + running { sequence.continuation.finish(throwing: error) }
        waiting = []
        running = []
    }

    /// Computes one step, if there is anything to compute.
    func step() {
        removeCancelled()
        admit()
        let plan = makePlan()
        if !plan.isEmpty { run(plan) }
        updateStatistics()
    }

    // MARK: Admission

    private func removeCancelled() {
        waiting.removeAll { $0.cancellation.isSet }
        for sequence in running where sequence.cancellation.isSet { retire(sequence) }
    }

    private func admit() {
        while running.count < options.maximumSequences, let next = waiting.first {
            let state = reusedState(for: next)
            guard makeRoom(pages: state.pagesNeeded(for: next.tokens.count - state.length)) || running.isEmpty else {
                return
            }
            waiting.removeFirst()
            next.start(from: state)
            running.append(next)
        }
    }

    private func reusedState(for sequence: RunningSequence) -> SequenceState {
        guard options.reusesPrefixes, sequence.request.promptLogprobs == nil else { return SequenceState(pool: pool) }
        let live = running.compactMap { other in
            other.state.map { (tokens: other.tokens, salt: other.request.cacheSalt, state: $0) }
        }
        // The last token is always computed, because its logits choose the next one.
        let state = cache.longestPrefix(
            of: sequence.tokens, limit: sequence.tokens.count - 1, salt: sequence.request.cacheSalt, live: live)
        statistics.prefixCacheQueries += sequence.tokens.count
        statistics.prefixCacheHits += state?.length ?? 0
        return state ?? SequenceState(pool: pool)
    }

    /// Whether that many pages are free, kept prefixes being given up for them.
    private func makeRoom(pages: Int) -> Bool {
        while pool.available < pages {
            if !cache.evict() { return false }
        }
        return true
    }

    // MARK: Planning

    private struct Plan {
        var batch = Batch()
        var items: [(sequence: RunningSequence, outputs: Range<Int>, firstPosition: Int)] = []
        var isEmpty: Bool { items.isEmpty }
    }

    private func makePlan() -> Plan {
        var plan = Plan()
        // A copy, because a sequence that finds no page may send a later one back to the queue.
        for sequence in running where sequence.isDecoding { schedule(sequence, tokens: 1, in: &plan) }
        var budget = plan.isEmpty ? options.maximumBatchedTokens : options.interleavedPromptTokens
        for sequence in running where !sequence.isDecoding && sequence.state != nil && budget > 0 {
            let limit = sequence.request.promptLogprobs == nil ? budget : min(budget, Self.scoredRowsPerStep)
            let count = min(sequence.pending, limit)
            schedule(sequence, tokens: count, in: &plan)
            budget -= count
        }
        return plan
    }

    private func schedule(_ sequence: RunningSequence, tokens count: Int, in plan: inout Plan) {
        guard sequence.state != nil else { return }
        let planned = plan.items.map { ObjectIdentifier($0.sequence) }
        while let state = sequence.state, !state.reserve(count) {
            if cache.evict() { continue }
            guard let victim = running.last(where: { !planned.contains(ObjectIdentifier($0)) }) else { return }
            preempt(victim)
        }
        guard let state = sequence.state else { return }
        let start = state.length
        let scores = sequence.request.promptLogprobs != nil && start < sequence.request.prompt.count
        let reachesEnd = start + count == sequence.tokens.count
        let outputs = plan.batch.append(
            sequence.tokens[start..<start + count], at: start, output: scores ? .all : reachesEnd ? .last : .none)
        plan.items.append((sequence, outputs, start))
    }

    /// Takes a sequence's pages away; it waits at the head of the queue to be read again.
    private func preempt(_ sequence: RunningSequence) {
        statistics.preemptions += 1
        sequence.state = nil
        running.removeAll { $0 === sequence }
        waiting.insert(sequence, at: 0)
    }

    // MARK: Running

    private func run(_ plan: Plan) {
        let logits = runner.logits(plan.batch, states: plan.items.compactMap(\.sequence.state))
        for (sequence, outputs, firstPosition) in plan.items {
            if !outputs.isEmpty, sequence.request.promptLogprobs != nil {
                score(sequence, logits: logits, outputs: outputs, firstPosition: firstPosition)
            }
            guard sequence.pending == 0, let last = outputs.last else { continue }
            if let reason = choose(sequence, logits: logits.row(last)) {
                sequence.finish(reason)
                retire(sequence)
            }
        }
    }

    private func score(_ sequence: RunningSequence, logits: HostTensor, outputs: Range<Int>, firstPosition: Int) {
        let prompt = sequence.request.prompt
        let alternatives = sequence.request.promptLogprobs ?? 0
        let scored = zip(outputs, firstPosition...).compactMap { row, position in
            position + 1 < prompt.count
                ? sequence.logprobs(of: prompt[position + 1], logits: logits.row(row), top: alternatives) : nil
        }
        sequence.append(promptLogprobs: scored)
    }

    /// Chooses and reports a sequence's next token; returns why the reply ends with it, if it does.
    private func choose(_ sequence: RunningSequence, logits: UnsafeMutableBufferPointer<Float>) -> FinishReason? {
        if sequence.replyCount == 0 { statistics.promptTokens += sequence.request.prompt.count }
        guard let (token, logprobs) = sequence.chooseToken(logits: logits) else { return .endOfSequence }
        statistics.generationTokens += 1
        return sequence.append(
            token, logprobs: logprobs, endTokens: model.endTokens, contextLength: model.contextLength)
    }

    /// Takes a sequence out, and keeps its state for prompts that begin the same way.
    private func retire(_ sequence: RunningSequence) {
        running.removeAll { $0 === sequence }
        if options.reusesPrefixes, let state = sequence.state {
            cache.insert(state, tokens: sequence.tokens, salt: sequence.request.cacheSalt)
        }
        sequence.state = nil
    }

    private func updateStatistics() {
        statistics.running = running.count
        statistics.waiting = waiting.count
        let used = running.reduce(0) { $0 + ($1.state?.pageCount ?? 0) }
        statistics.cacheUsage = min(1, Double(used) / Double(pool.capacity))
    }
}
