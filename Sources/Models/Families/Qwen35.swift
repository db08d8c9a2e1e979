import Checkpoints
import Compute

/// The Qwen3.5 architecture: three gated DeltaNet layers for each layer of gated attention, all norms stored around
/// zero but DeltaNet's own.
///
/// Vision tensors beside it are not read; those of multi-token prediction are where guesses are wanted.
public struct Qwen35: DraftingModel {
    /// What a layer mixes tokens with.
    enum Mixer {
        case linear(GatedDeltaNet)
        case full(GatedAttention)
    }

    /// One decoder layer.
    struct Layer {
        let inputNorm: Norm
        let mixer: Mixer
        let postAttentionNorm: Norm
        let feedForward: FeedForward
    }

    /// What guesses the token after the next one, from a state and the next token.
    struct DraftHead {
        let tokenNorm: Norm
        let stateNorm: Norm
        let join: Linear
        let layer: Layer
        let norm: Norm
    }

    /// See ``LanguageModel/parameters``.
    public let parameters: ParameterTable
    /// See ``LanguageModel/vocabularySize``.
    public let vocabularySize: Int
    private let embedding: Embedding
    private let layers: [Layer]
    private let norm: Norm
    private let head: Linear
    private let draftHead: DraftHead?

    /// The model that a `config.json` describes, with its tensors under these names.
    ///
    /// - Parameter drafts: whether the head for further tokens is read, where `names` says that there is one.
    public init(_ configuration: ModelConfiguration, names: TensorLayout, drafts: Bool = false) throws {
        var builder = try LayerBuilder(configuration)
        let (hidden, epsilon) = (configuration.hiddenSize, builder.epsilon)
        let rows = configuration.vocabularySize
        let decoder = names.decoder
        embedding = builder.table.embedding("\(decoder)embed_tokens", rows: rows, columns: hidden)
        layers = try builder.layerTypes().enumerated().map { index, type in
            try builder.layer("\(decoder)layers.\(index)", type: type)
        }
        norm = builder.table.norm("\(decoder)norm", columns: hidden, epsilon: epsilon, offset: 1)
        head = builder.table.linear(
            configuration.tiesEmbeddings ? "\(decoder)embed_tokens" : names.head, rows: rows, columns: hidden,
            role: .head)
        draftHead = try drafts ? names.draft.map { try builder.draftHead($0) } : nil
        parameters = builder.table
        vocabularySize = rows
    }

    /// See ``DraftingModel/hasDraftHead``.
    public var hasDraftHead: Bool { draftHead != nil }

    /// See ``DraftingModel/stateWidth``.
    public var stateWidth: Int { head.columns }

    /// The layers of full attention, that of the head for further tokens last.
    public var attentionLayers: [StateLayout.AttentionLayer] {
        (layers + [draftHead?.layer].compactMap(\.self)).compactMap { layer in
            guard case .full(let attention) = layer.mixer else { return nil }
            return .init(kvHeads: attention.shape.kvHeads, headDim: attention.shape.headDim)
        }
    }

    /// The DeltaNet layers.
    public var recurrentLayers: [Int] {
        layers.compactMap { layer in
            guard case .linear(let delta) = layer.mixer else { return nil }
            return delta.stateCount
        }
    }

    /// See ``LanguageModel/logits(on:)``.
    public func logits<E: Executor>(on executor: E) -> E.Tensor {
        // The last layer may leave the other rows out where it is one of attention, as it always is.
        guard executor.attendsFromOutputs, let last = layers.last, case .full = last.mixer else {
            return executor.linear(executor.rmsNorm(executor.outputRows(residual(on: executor)), norm), head)[0]
        }
        let hidden = layers.dropLast().reduce(executor.embed(embedding)) { $1($0, on: executor) }
        return executor.linear(executor.rmsNorm(last(hidden, outputsAlone: true, on: executor), norm), head)[0]
    }

    /// See ``DraftingModel/states(on:)``.
    public func states<E: DraftingExecutor>(on executor: E) -> E.Tensor {
        executor.rmsNorm(residual(on: executor), norm)
    }

    /// See ``DraftingModel/logits(of:on:)``.
    public func logits<E: DraftingExecutor>(of states: E.Tensor, on executor: E) -> E.Tensor {
        executor.linear(states, head)[0]
    }

    /// See ``DraftingModel/draftStates(after:on:)``.
    public func draftStates<E: DraftingExecutor>(after states: E.Tensor, on executor: E) -> E.Tensor {
        guard let draftHead else { return states }
        let token = executor.rmsNorm(executor.embed(embedding), draftHead.tokenNorm)
        let state = executor.rmsNorm(states, draftHead.stateNorm)
        let joined = executor.linear(executor.concatenated(token, state), draftHead.join)[0]
        return executor.rmsNorm(draftHead.layer(joined, on: executor), draftHead.norm)
    }

    /// The residual stream after the last layer.
    private func residual<E: Executor>(on executor: E) -> E.Tensor {
        layers.reduce(executor.embed(embedding)) { hidden, layer in layer(hidden, on: executor) }
    }
}

extension Qwen35.Layer {
    /// The residual stream after this layer; of the output rows alone where only they are wanted of a layer of full
    /// attention.
    func callAsFunction<E: Executor>(_ hidden: E.Tensor, outputsAlone: Bool = false, on executor: E) -> E.Tensor {
        let mixerInput = executor.rmsNorm(hidden, inputNorm)
        let mixed =
            switch mixer {
            case .linear(let delta): delta(mixerInput, addingTo: hidden, on: executor)
            case .full(let attention):
                attention(mixerInput, addingTo: hidden, outputsAlone: outputsAlone, on: executor)
            }
        return feedForward(executor.rmsNorm(mixed, postAttentionNorm), addingTo: mixed, on: executor)
    }
}

extension Qwen35 {
    /// Declares the layers one after the other, counting those of each kind.
    struct LayerBuilder {
        let configuration: ModelConfiguration
        let sizes: LinearAttentionConfiguration
        let rotary: RotaryEmbedding
        let epsilon: Float
        var table = ParameterTable()
        private var fullLayers = 0
        private var linearLayers = 0

        init(_ configuration: ModelConfiguration) throws {
            self.configuration = configuration
            guard let sizes = configuration.linearAttention else {
                throw ModelLoadingError.unsupportedConfiguration(
                    "config.json has no linear_num_key_heads, which Qwen3.5 needs")
            }
            guard sizes.gatesAttention, !configuration.hasAttentionBias else {
                throw ModelLoadingError.unsupportedConfiguration(
                    "found attn_output_gate false or attention_bias true; Qwen3.5 is implemented with the gate and "
                        + "without biases")
            }
            guard sizes.convolutionKernel <= CausalConvolution.largestKernel else {
                throw ModelLoadingError.unsupportedConfiguration(
                    "found linear_conv_kernel_dim \(sizes.convolutionKernel), expected at most "
                        + "\(CausalConvolution.largestKernel)")
            }
            self.sizes = sizes
            epsilon = Float(configuration.normEpsilon)
            // Text has one position for all three axes of the interleaved multimodal form, which is then the plain one.
            rotary = RotaryEmbedding(
                headDim: configuration.headSize,
                inverseFrequencies: try configuration.rotary.inverseFrequencies().map(Float.init))
        }

        func layerTypes() throws -> [String] {
            if let types = configuration.layerTypes { return types }
            let interval = sizes.fullAttentionInterval ?? 4
            return (0..<configuration.layerCount).map { ModelConfiguration.layerType($0, interval: interval) }
        }

        mutating func layer(_ name: String, type: String) throws -> Layer {
            let hidden = configuration.hiddenSize
            let inputNorm = table.norm("\(name).input_layernorm", columns: hidden, epsilon: epsilon, offset: 1)
            let mixer = try mixer(name, type: type)
            let norm = table.norm("\(name).post_attention_layernorm", columns: hidden, epsilon: epsilon, offset: 1)
            let feedForward = FeedForward(
                "\(name).mlp", hidden: hidden, intermediate: configuration.intermediateSize, in: &table)
            return Layer(inputNorm: inputNorm, mixer: mixer, postAttentionNorm: norm, feedForward: feedForward)
        }

        /// The head for further tokens, whose attention layer comes after those of the model.
        mutating func draftHead(_ prefix: String) throws -> DraftHead {
            let layerCount = configuration.json["mtp_num_hidden_layers"]?.integer ?? 1
            guard layerCount == 1 else {
                throw ModelLoadingError.unsupportedConfiguration(
                    "found mtp_num_hidden_layers \(layerCount), expected 1; run it with --speculative-tokens 0")
            }
            let hidden = configuration.hiddenSize
            let tokenNorm = table.norm(
                "\(prefix)pre_fc_norm_embedding", columns: hidden, epsilon: epsilon, offset: 1)
            let stateNorm = table.norm("\(prefix)pre_fc_norm_hidden", columns: hidden, epsilon: epsilon, offset: 1)
            let join = table.linear("\(prefix)fc", rows: hidden, columns: 2 * hidden)
            let layer = try layer("\(prefix)layers.0", type: "full_attention")
            let norm = table.norm("\(prefix)norm", columns: hidden, epsilon: epsilon, offset: 1)
            return DraftHead(tokenNorm: tokenNorm, stateNorm: stateNorm, join: join, layer: layer, norm: norm)
        }

        private mutating func mixer(_ name: String, type: String) throws -> Mixer {
            switch type {
            case "linear_attention":
                defer { linearLayers += 1 }
                return .linear(
                    GatedDeltaNet(
                        "\(name).linear_attn", layer: linearLayers, hidden: configuration.hiddenSize, sizes: sizes,
                        epsilon: epsilon, in: &table))
            case "full_attention":
                defer { fullLayers += 1 }
                let shape = AttentionShape(
                    layer: fullLayers, heads: configuration.headCount, kvHeads: configuration.keyValueHeadCount,
                    headDim: configuration.headSize)
                return .full(
                    GatedAttention(
                        "\(name).self_attn", hidden: configuration.hiddenSize, shape: shape, rotary: rotary,
                        epsilon: epsilon, in: &table))
            default:
                throw ModelLoadingError.unsupportedConfiguration(
                    "found '\(type)' in layer_types; Qwen3.5 has linear_attention and full_attention")
            }
        }
    }
}
