import Compute
import Models

/// A model with its weights, ready to compute logits.
final class ModelRunner {
    private let model: any LanguageModel
    private let executor: CPUExecutor
    private let drafting: (any DraftingModel)?

    /// Rows of a prompt that are computed fastest together: as many as keep the widest activations in a share of the last
    /// cache, and enough to unpack weights for.
    let preferredRows: Int
    private static let activationBytes = 8 << 20
    private static let fewestRows = 256

    init(_ model: LoadedModel) {
        self.model = model.definition
        drafting = (model.definition as? any DraftingModel).flatMap { $0.hasDraftHead ? $0 : nil }
        let widest =
            model.definition.parameters.linears.filter { $0.role == .body }
            .map { $0.parts.reduce(0) { $0 + $1.rows } }.max() ?? 1
        preferredRows = max(Self.fewestRows, Self.activationBytes / (4 * max(widest, 1)) / 64 * 64)
        executor = CPUExecutor(
            weights: model.weights, activations: model.activations, format: model.stateFormat, workers: model.workers)
    }

    /// What a step computed: the logits of the batch's output rows and, for a model with a head that guesses further
    /// tokens, the states of all rows.
    struct Output {
        let logits: HostTensor
        var states: HostTensor?
    }

    /// Computes a batch; the states then hold its tokens.
    func run(_ batch: Batch, states: [SequenceState], captures: [StateCapture] = []) -> Output {
        executor.run(batch, states: states, captures: captures) { executor in
            guard let drafting else { return Output(logits: model.logits(on: executor)) }
            let states = drafting.states(on: executor)
            return Output(logits: drafting.logits(of: executor.outputRows(states), on: executor), states: states)
        }
    }

    /// Values of a row's state; nil for a model without a head that guesses further tokens.
    var draftWidth: Int? { drafting?.stateWidth }

    /// What the model's own head guesses to come after `tokens`.
    ///
    /// - Parameters:
    ///   - tokens: those after the positions whose states are given, in order.
    ///   - states: a row for each of them.
    ///   - start: the first of these positions.
    ///   - count: guesses wanted; with none, only the head's own memory of the positions is brought up to date. The
    ///     state has room for one position less than that beyond the last.
    func draft(
        after tokens: some Collection<Int32>, states: [Float], at start: Int, in state: SequenceState, count: Int
    )
        -> [Int32]
    {
        guard let drafting, !tokens.isEmpty else { return [] }
        var batch = Batch()
        batch.append(tokens, at: start, output: count > 0 ? .last : .none)
        var guesses: [Int32] = []
        var position = start + tokens.count
        var last = executor.run(batch, states: [state], advances: false) { executor in
            executor.outputRows(
                drafting.draftStates(after: executor.tensor(states, rows: tokens.count), on: executor))
        }
        while guesses.count < count {
            if let token = guesses.last {
                var next = Batch()
                next.append([token], at: position, output: .last)
                position += 1
                last = executor.run(next, states: [state], advances: false) { executor in
                    drafting.draftStates(after: last, on: executor)
                }
            }
            let logits = drafting.logits(of: last, on: executor).row(0)
            guard let best = logits.indices.max(by: { logits[$0] < logits[$1] }) else { break }
            guesses.append(Int32(best))
        }
        return guesses
    }
}
