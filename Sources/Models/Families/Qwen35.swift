import Checkpoints
import Compute

/// The Qwen3.5 architecture: three gated DeltaNet layers for each layer of gated attention, all norms stored around
/// zero but DeltaNet's own.
///
/// Vision and multi-token-prediction tensors beside it are not read.
public struct Qwen35: LanguageModel {
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

    /// See ``LanguageModel/parameters``.
    public let parameters: ParameterTable
    /// See ``LanguageModel/vocabularySize``.
    public let vocabularySize: Int
    private let embedding: Embedding
    private let layers: [Layer]
    private let norm: Norm
    private let head: Linear

    /// The model that a `config.json` describes, with its tensors under these names.
    public init(_ configuration: ModelConfiguration, names: TensorLayout) throws {
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
        parameters = builder.table
        vocabularySize = rows
    }

    /// The layers of full attention.
    public var attentionLayers: [StateLayout.AttentionLayer] {
        layers.compactMap { layer in
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
        var hidden = executor.embed(embedding)
        for layer in layers {
            let mixerInput = executor.rmsNorm(hidden, layer.inputNorm)
            switch layer.mixer {
            case .linear(let delta): hidden = delta(mixerInput, addingTo: hidden, on: executor)
            case .full(let attention): hidden = attention(mixerInput, addingTo: hidden, on: executor)
            }
            let feedForwardInput = executor.rmsNorm(hidden, layer.postAttentionNorm)
            hidden = layer.feedForward(feedForwardInput, addingTo: hidden, on: executor)
        }
        return executor.linear(executor.rmsNorm(executor.outputRows(hidden), norm), head)[0]
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
