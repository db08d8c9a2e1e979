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
    private let boundaries: TurnBoundaries
    private let snapshots: SnapshotStore?
    private var draftPace: GuessPace
    private var waiting: [RunningSequence] = []
    private var running: [RunningSequence] = []
    private(set) var statistics = EngineStatistics()
    /// Memory may have to be made ready for the next prompt.
    private(set) var wantsMemory = true
    /// Rows of logits computed at once when a prompt is scored.
    private static let scoredRowsPerStep = 32
    /// Tokens that the model's own head guesses at once, and steps after which it is tried again where it was slower.
    private static let draftedTokens = 2, draftRetry = 256
    /// Positions that the head may be behind.
    private static let draftLag = 512

    init(
        runner: ModelRunner, pool: PagePool, model: ServedModel, options: EngineOptions, snapshots: SnapshotStore? = nil
    ) {
        self.runner = runner
        self.pool = pool
        self.model = model
        self.options = options
        self.snapshots = snapshots
        boundaries = TurnBoundaries(tokenizer: model.tokenizer)
        draftPace = GuessPace(isMeasured: !options.guessesWhateverItCosts, retryAfter: Self.draftRetry)
        cache = PrefixCache(layout: pool.layout, recurrentMemory: options.snapshotMemory)
    }

    var isIdle: Bool { waiting.isEmpty && running.isEmpty }

    func add(_ sequence: RunningSequence) {
        waiting.append(sequence)
        wantsMemory = true
    }

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
            next.lookup = PromptLookup(
                limit: options.guessedTokens, isMeasured: !options.guessesWhateverItCosts)
            next.start(from: state)
            next.draft = runner.draftWidth.map { DraftMemory(reusedLength: state.length, width: $0) }
            running.append(next)
        }
    }

    private func reusedState(for sequence: RunningSequence) -> SequenceState {
        guard options.reusesPrefixes, sequence.request.promptLogprobs == nil else { return SequenceState(pool: pool) }
        let live = running.compactMap { other in
            other.state.map { (tokens: other.tokens, salt: other.request.cacheSalt, state: $0) }
        }
        // The last token is always computed, because its logits choose the next one.
        let match = cache.longestPrefix(
            of: sequence.tokens, limit: sequence.tokens.count - 1, salt: sequence.request.cacheSalt, live: live)
        let reused = match.state?.length ?? 0
        statistics.prefixCacheQueries += sequence.tokens.count
        statistics.prefixCacheHits += reused
        if !pool.layout.isTokenGranular {
            sequence.boundaries = boundaries.find(
                in: sequence.request.prompt, given: sequence.request.turnStarts, commonLength: match.commonLength,
                reusedLength: reused)
        }
        return match.state ?? SequenceState(pool: pool)
    }

    /// Whether that many pages are free, kept prefixes being given up for them.
    private func makeRoom(pages: Int) -> Bool {
        while pool.available < pages {
            if !cache.evict() { return false }
        }
        return true
    }

    // MARK: Planning

    private struct Item {
        let sequence: RunningSequence
        let outputs: Range<Int>
        let firstPosition: Int
        /// Tokens behind the sequence's own that are computed in case they are right.
        var guess = Guess()
        /// The batch's row of the first token.
        var firstRow = 0
        /// Recurrent states to go back to when a guess was wrong, by the positions before them.
        var returns: [(length: Int, snapshot: RecurrentSnapshot)] = []
    }

    /// Tokens that may follow, and what finding them took.
    private struct Guess {
        var tokens: [Int32] = []
        var isDraft = false
        var seconds = 0.0
        var count: Int { tokens.count }
        var isEmpty: Bool { tokens.isEmpty }
    }

    private struct Plan {
        var batch = Batch()
        var items: [Item] = []
        var captures: [(item: Int, boundary: TurnBoundaries.Boundary, capture: StateCapture)] = []
        var returns: [StateCapture] = []
        var isEmpty: Bool { items.isEmpty }
    }

    private func makePlan() -> Plan {
        var plan = Plan()
        // A copy, because a sequence that finds no page may send a later one back to the queue.
        for sequence in running where sequence.isDecoding { schedule(sequence, tokens: 1, guesses: true, in: &plan) }
        var budget =
            plan.isEmpty ? min(options.maximumBatchedTokens, runner.preferredRows) : options.interleavedPromptTokens
        for sequence in running where !sequence.isDecoding && sequence.state != nil && budget > 0 {
            let limit = sequence.request.promptLogprobs == nil ? budget : min(budget, Self.scoredRowsPerStep)
            let count = min(sequence.pending, limit)
            schedule(sequence, tokens: count, in: &plan)
            budget -= count
        }
        return plan
    }

    private func schedule(
        _ sequence: RunningSequence, tokens count: Int, guesses: Bool = false, in plan: inout Plan
    ) {
        guard sequence.state != nil else { return }
        let guess = guesses ? guess(sequence, isAlone: plan.isEmpty) : Guess()
        let planned = plan.items.map { ObjectIdentifier($0.sequence) }
        while let state = sequence.state, !state.reserve(count + guess.count) {
            if cache.evict() { continue }
            guard let victim = running.last(where: { !planned.contains(ObjectIdentifier($0)) }) else { return }
            preempt(victim)
        }
        guard let state = sequence.state else { return }
        let start = state.length
        let scores = sequence.request.promptLogprobs != nil && start < sequence.request.prompt.count
        let reachesEnd = start + count == sequence.tokens.count
        let outputs = plan.batch.append(
            sequence.tokens[start..<start + count] + guess.tokens, at: start,
            output: scores || !guess.isEmpty ? .all : reachesEnd ? .last : .none)
        var item = Item(sequence: sequence, outputs: outputs, firstPosition: start, guess: guess)
        item.firstRow = plan.batch.segments.last?.rows.lowerBound ?? 0
        plan.items.append(item)
        planReturn(in: &plan)
        planCaptures(of: sequence, start: start, count: count, in: &plan)
    }

    /// What a reply that is being written may go on with, as far as it may grow.
    private func guess(_ sequence: RunningSequence, isAlone: Bool) -> Guess {
        let request = sequence.request
        let room =
            min(
                request.stop.maximumTokens - sequence.replyCount, model.contextLength - sequence.tokens.count) - 1
        let found = sequence.lookup.guess(after: sequence.tokens, room: room)
        if !found.isEmpty || !isAlone { return Guess(tokens: found) }
        let count = min(options.guessedTokens, Self.draftedTokens, room)
        // Beside others, a step has work enough.
        guard sequence.draft != nil, count > 0, running.count == 1, draftPace.allowsGuess(),
            let state = sequence.state, state.reserve(count)
        else { return Guess() }
        let start = ContinuousClock.now
        let tokens = draft(sequence, state, count: count)
        draftPace.noteGuess()
        return Guess(tokens: tokens, isDraft: true, seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    /// Lets the model's own head see what it has not seen of a sequence, and guess.
    private func draft(_ sequence: RunningSequence, _ state: SequenceState, count: Int) -> [Int32] {
        guard var draft = sequence.draft else { return [] }
        let first = draft.start + 1
        let guesses = runner.draft(
            after: sequence.tokens[first..<first + draft.count], states: draft.states, at: draft.start, in: state,
            count: count)
        draft.clear()
        sequence.draft = draft
        return guesses
    }

    /// Keeps the recurrent states to go back to when a guess is wrong: after each of few tokens, or before all of many,
    /// because a state takes as long to keep as several tokens to compute again.
    private func planReturn(in plan: inout Plan) {
        let index = plan.items.count - 1
        let item = plan.items[index]
        guard !item.guess.isEmpty, !pool.layout.isTokenGranular else { return }
        for rows in item.guess.count <= Self.draftedTokens ? 1...item.guess.count : 0...0 {
            let snapshot = RecurrentSnapshot(pool: pool)
            plan.items[index].returns.append((item.firstPosition + rows, snapshot))
            plan.returns.append(StateCapture(segment: index, rows: rows, snapshot: snapshot))
        }
    }

    /// Keeps the recurrent state at the boundaries among these tokens.
    private func planCaptures(of sequence: RunningSequence, start: Int, count: Int, in plan: inout Plan) {
        for boundary in sequence.boundaries where boundary.length > start && boundary.length <= start + count {
            if cache.contains(sequence.tokens.prefix(boundary.length), salt: sequence.request.cacheSalt) { continue }
            let capture = StateCapture(
                segment: plan.items.count - 1, rows: boundary.length - start,
                snapshot: RecurrentSnapshot(pool: pool))
            plan.captures.append((plan.items.count - 1, boundary, capture))
        }
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
        let start = ContinuousClock.now
        let output = runner.run(
            plan.batch, states: plan.items.compactMap(\.sequence.state),
            captures: plan.captures.map(\.capture) + plan.returns)
        let logits = output.logits
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        for (item, boundary, capture) in plan.captures {
            let sequence = plan.items[item].sequence
            guard let state = sequence.state?.fork(at: boundary.length, recurrent: capture.snapshot) else { continue }
            cache.insert(state, tokens: sequence.tokens, salt: sequence.request.cacheSalt, kind: boundary.kind)
        }
        for item in plan.items {
            let sequence = item.sequence
            if !item.outputs.isEmpty, sequence.request.promptLogprobs != nil, item.guess.isEmpty {
                score(sequence, logits: logits, outputs: item.outputs, firstPosition: item.firstPosition)
            }
            let wasDecoding = plan.batch.segments.count == 1 && sequence.replyCount > 0
            let position = sequence.state?.length ?? 0
            let count = chooseTokens(item, logits: logits)
            remember(item, kept: sequence.state == nil ? position : sequence.state?.length ?? 0, states: output.states)
            guard wasDecoding else { continue }
            let isLookup = !item.guess.isEmpty && !item.guess.isDraft
            sequence.lookup.record(guessed: isLookup, tokens: count, seconds: seconds + item.guess.seconds)
            if !isLookup {
                draftPace.record(guessed: item.guess.isDraft, tokens: count, seconds: seconds + item.guess.seconds)
            }
        }
    }

    /// Keeps the states of an item's tokens that stand, for the model's own head.
    private func remember(_ item: Item, kept length: Int, states: HostTensor?) {
        guard let states, var draft = item.sequence.draft, length > item.firstPosition else { return }
        draft.append(item.firstRow..<item.firstRow + length - item.firstPosition, of: states)
        item.sequence.draft = draft
        if draft.count >= Self.draftLag, let state = item.sequence.state, state.reserve(1),
            draft.start + draft.count < item.sequence.tokens.count
        {
            _ = self.draft(item.sequence, state, count: 0)
        }
    }

    /// Chooses the token after a sequence's last one and, while they are those that were guessed, the ones after it;
    /// returns how many were chosen.
    private func chooseTokens(_ item: Item, logits: HostTensor) -> Int {
        let sequence = item.sequence
        guard let state = sequence.state, state.length >= sequence.tokens.count, let last = item.outputs.last else {
            return 0
        }
        statistics.guessedTokens += item.guess.count
        let rows = item.guess.isEmpty ? last...last : item.outputs.lowerBound...last
        for (index, row) in rows.enumerated() {
            let reason = choose(sequence, logits: logits.row(row))
            let isRight = reason == nil && index < item.guess.count && sequence.tokens.last == item.guess.tokens[index]
            if isRight {
                statistics.acceptedTokens += 1
                continue
            }
            settle(state, item, kept: sequence.tokens.count - 1)
            if let reason {
                sequence.finish(reason)
                retire(sequence)
            }
            return index + 1
        }
        return rows.count
    }

    /// Takes back what was computed for tokens that were guessed wrong.
    private func settle(_ state: SequenceState, _ item: Item, kept length: Int) {
        guard !item.guess.isEmpty, state.length > length else { return }
        if pool.layout.isTokenGranular {
            state.rollBack(to: length)
        } else {
            // Tokens that were right behind the last state that was kept are computed again with the next ones.
            guard let back = item.returns.last(where: { $0.length <= length }) else { return }
            state.rollBack(to: back.length, recurrent: back.snapshot)
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

    // MARK: Snapshots on the disk

    /// Takes the states that an earlier run wrote, as far as there is room for them.
    func restoreSnapshots() {
        guard let snapshots, options.reusesPrefixes else { return }
        let limit = pool.layout.recurrentBytes == 0 ? .max : options.snapshotMemory / pool.layout.recurrentBytes
        var restored: [(StoredSnapshot, SequenceState)] = []
        for snapshot in snapshots.load() {
            guard restored.count < limit, pool.used < pool.capacity / 2,
                let state = SequenceState(pool: pool, contents: snapshot.contents)
            else { break }
            restored.append((snapshot, state))
        }
        // The latest last, as if it had just been used.
        for (snapshot, state) in restored.reversed() {
            cache.insert(
                state, tokens: snapshot.tokens, salt: snapshot.salt, kind: snapshot.isShared ? .shared : .turn,
                isSaved: true)
        }
    }

    /// What is done while nobody waits for a reply, in pieces of milliseconds.
    func useQuietMoment() {
        if wantsMemory {
            wantsMemory = pool.prepareMore()
        } else {
            saveSnapshot()
        }
    }

    /// Hands one state that is not on the disk yet to be written; false when there is none.
    @discardableResult
    private func saveSnapshot() -> Bool {
        guard let snapshots, let snapshot = cache.nextUnsaved() else { return false }
        snapshots.save(snapshot)
        return true
    }

    /// Writes all states that are not on the disk yet.
    func saveAllSnapshots() {
        while saveSnapshot() {}
        snapshots?.flush()
    }

    private func updateStatistics() {
        statistics.running = running.count
        statistics.waiting = waiting.count
        let used = running.reduce(0) { $0 + ($1.state?.pageCount ?? 0) }
        statistics.cacheUsage = min(1, Double(used) / Double(pool.capacity))
    }
}
