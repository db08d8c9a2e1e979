import Checkpoints
import Compute

/// The Llama architecture (https://arxiv.org/abs/2302.13971, grouped queries as in https://arxiv.org/abs/2307.09288),
/// which SmolLM2 shares.
///
/// Decoder layers add to a residual stream: attention over the normalised stream, then a gated feed-forward block over
/// it; the last norm and the head turn the stream into logits.
public struct Llama: LanguageModel {
    /// What one family of the same skeleton has beside Llama.
    struct Variation {
        /// Biases of q, k and v whatever the configuration says (Qwen2).
        var hasInputBias = false
        /// A norm over each head of q and k (Qwen3).
        var normalizesHeads = false
    }

    /// One decoder layer.
    struct Layer {
        let inputNorm: Norm
        let attention: SelfAttention
        let postAttentionNorm: Norm
        let feedForward: FeedForward
    }

    /// See ``LanguageModel/parameters``.
    public let parameters: ParameterTable
    /// See ``LanguageModel/vocabularySize``.
    public let vocabularySize: Int
    private let embedding: Embedding
    private let layers: [Layer]
    private let norm: Norm
    private let head: Linear

    /// The model that a `config.json` describes.
    public init(_ configuration: ModelConfiguration) throws {
        try self.init(configuration, variation: Variation())
    }

    init(_ configuration: ModelConfiguration, variation: Variation) throws {
        var table = ParameterTable()
        let hidden = configuration.hiddenSize
        let epsilon = Float(configuration.normEpsilon)
        let rotary = RotaryEmbedding(
            headDim: configuration.headSize,
            inverseFrequencies: try configuration.rotary.inverseFrequencies().map(Float.init))
        embedding = table.embedding("model.embed_tokens", rows: configuration.vocabularySize, columns: hidden)
        layers = (0..<configuration.layerCount).map { index in
            let name = "model.layers.\(index)"
            return Layer(
                inputNorm: table.norm("\(name).input_layernorm", columns: hidden, epsilon: epsilon),
                attention: SelfAttention(
                    "\(name).self_attn", layer: index, hidden: hidden, heads: configuration.headCount,
                    kvHeads: configuration.keyValueHeadCount, headDim: configuration.headSize, rotary: rotary,
                    inputBias: variation.hasInputBias || configuration.hasAttentionBias,
                    outputBias: configuration.hasAttentionBias && !variation.hasInputBias,
                    headNormEpsilon: variation.normalizesHeads ? epsilon : nil, in: &table),
                postAttentionNorm: table.norm("\(name).post_attention_layernorm", columns: hidden, epsilon: epsilon),
                feedForward: FeedForward(
                    "\(name).mlp", hidden: hidden, intermediate: configuration.intermediateSize,
                    bias: configuration.hasFeedForwardBias, in: &table))
        }
        norm = table.norm("model.norm", columns: hidden, epsilon: epsilon)
        head = table.linear(
            configuration.tiesEmbeddings ? "model.embed_tokens" : "lm_head", rows: configuration.vocabularySize,
            columns: hidden, role: .head)
        parameters = table
        vocabularySize = configuration.vocabularySize
    }

    /// One for each decoder layer.
    public var attentionLayers: [StateLayout.AttentionLayer] {
        layers.map { .init(kvHeads: $0.attention.shape.kvHeads, headDim: $0.attention.shape.headDim) }
    }

    /// See ``LanguageModel/logits(on:)``.
    public func logits<E: Executor>(on executor: E) -> E.Tensor {
        var hidden = executor.embed(embedding)
        let narrows = executor.attendsFromOutputs && !layers.isEmpty
        for (index, layer) in layers.enumerated() {
            let attentionInput = executor.rmsNorm(hidden, layer.inputNorm)
            let isLast = narrows && index == layers.count - 1
            hidden = layer.attention(attentionInput, addingTo: hidden, outputsAlone: isLast, on: executor)
            let feedForwardInput = executor.rmsNorm(hidden, layer.postAttentionNorm)
            hidden = layer.feedForward(feedForwardInput, addingTo: hidden, on: executor)
        }
        let outputs = narrows ? hidden : executor.outputRows(hidden)
        return executor.linear(executor.rmsNorm(outputs, norm), head)[0]
    }
}
