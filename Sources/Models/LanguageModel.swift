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
