import Compute

/// A decoder-only language model: what it asks of a checkpoint, what it keeps of a sequence, and its forward pass.
public protocol LanguageModel: Sendable {
    /// Every tensor the model reads.
    var parameters: ParameterTable { get }
    /// The attention layers, in order; `attention(q:k:v:)` names them by position.
    var attentionLayers: [StateLayout.AttentionLayer] { get }
    /// fp32 values of recurrent state for each recurrent layer.
    var recurrentLayers: [Int] { get }
    /// Logits per row.
    var vocabularySize: Int { get }

    /// The logits of the batch's output rows, `[outputs, vocabularySize]`.
    func logits<E: Executor>(on executor: E) -> E.Tensor
}

extension LanguageModel {
    /// None: most families have attention layers only.
    public var recurrentLayers: [Int] { [] }

    /// The state of a sequence, with keys and values stored in this format.
    public func stateLayout(format: StateLayout.AttentionFormat) -> StateLayout {
        StateLayout(attention: attentionLayers, recurrent: recurrentLayers, format: format)
    }
}

/// A model that may bring a head which guesses the token after the next one (multi-token prediction,
/// https://arxiv.org/abs/2404.19737), for drafts that the model itself then accepts or not.
///
/// The head sees the state of a position and the token that follows it. Its own attention layer, the last of
/// ``LanguageModel/attentionLayers``, has its keys and values at that position.
public protocol DraftingModel: LanguageModel {
    /// Whether this one brings it.
    var hasDraftHead: Bool { get }
    /// Values of a row's state.
    var stateWidth: Int { get }

    /// The states of all rows, as the head of the model takes them: `[batch, stateWidth]`.
    func states<E: DraftingExecutor>(on executor: E) -> E.Tensor

    /// The logits that belong to states, the model's own or those of ``draftStates(after:on:)``.
    func logits<E: DraftingExecutor>(of states: E.Tensor, on executor: E) -> E.Tensor

    /// The states from which the tokens after the batch's are guessed, `[batch, stateWidth]`.
    ///
    /// - Parameter states: of the positions before the batch's tokens, which are also the rows' positions.
    func draftStates<E: DraftingExecutor>(after states: E.Tensor, on executor: E) -> E.Tensor
}
