import Foundation
import JSON

/// What a checkpoint's `config.json` says about its decoder, in one shape for both layouts (flat, or nested under
/// `text_config`).
public struct ModelConfiguration: Sendable {
    /// The classes that the checkpoint was saved from, such as `LlamaForCausalLM`.
    public let architectures: [String]
    /// The decoder's type, such as `llama`; the nested one when there is a `text_config`.
    public let modelType: String

    /// Width of the residual stream.
    public let hiddenSize: Int
    /// Width between `gate_proj`/`up_proj` and `down_proj`.
    public let intermediateSize: Int
    /// Number of decoder layers.
    public let layerCount: Int
    /// Number of query heads.
    public let headCount: Int
    /// Number of key/value heads; a divisor of ``headCount``.
    public let keyValueHeadCount: Int
    /// Width of a head.
    public let headSize: Int
    /// Rows of the embedding and of the logits.
    public let vocabularySize: Int
    /// Added to the mean square in RMSNorm.
    public let normEpsilon: Double
    /// Positions the model was made for.
    public let maximumPositions: Int
    /// Rotary position embedding.
    public let rotary: RotaryConfiguration
    /// Whether q, k, v and o have biases because the configuration says so; Qwen2's q, k and v always have.
    public let hasAttentionBias: Bool
    /// Whether gate, up and down have biases.
    public let hasFeedForwardBias: Bool
    /// Whether the logits use the embedding's matrix.
    public let tiesEmbeddings: Bool
    /// What each layer is (`full_attention`, `linear_attention`); nil when all are alike.
    public let layerTypes: [String]?
    /// The linear-attention layers' sizes; nil when the configuration has none.
    public let linearAttention: LinearAttentionConfiguration?
    /// Tokens that end a text; ``GenerationConfiguration`` may add more.
    public let endTokens: [Int32]
    /// Token that begins a text.
    public let beginToken: Int32?
    /// Token that fills a batch.
    public let padToken: Int32?
    /// The type the weights were saved in, such as `bfloat16`.
    public let dataType: String?

    /// The whole `config.json`.
    public let json: JSONValue
    /// The part that describes the decoder: `text_config` if there is one, else the whole.
    public let textJSON: JSONValue

    package static let fileName = "config.json"
    /// Decoder types that this reader checks in full; others are read as far as possible, for the model registry to name.
    package static let checkedTypes: Set<String> = ["llama", "qwen2", "qwen3", "qwen3_5_text"]

    /// Reads `config.json` of a directory.
    public init(directory: URL) throws(CheckpointError) {
        let url = directory.appendingPathComponent(Self.fileName)
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw CheckpointError(
                .missing, file: url.path,
                "not there; a model is a Hugging Face directory with config.json, "
                    + "tokenizer.json and safetensors")
        }
        try self.init(json: try JSONFile.read(url), file: url.path)
    }

    /// Reads a parsed `config.json`.
    ///
    /// - Parameter file: what to call it in errors.
    public init(json: JSONValue, file: String = "config.json") throws(CheckpointError) {
        guard let root = json.object else { throw CheckpointError(.malformed, file: file, "is not a JSON object") }
        let text = root["text_config"]?.object
        let reader = ConfigurationReader(file: file, levels: [text, root].compactMap(\.self))
        self.json = json
        textJSON = text.map { .object($0) } ?? json
        let modelType = try reader.string("model_type") ?? ""
        self.modelType = modelType
        architectures = try ConfigurationReader(file: file, levels: [root]).strings("architectures") ?? []
        do {
            try Self.refuseUnsupported(reader, modelType: modelType)
            hiddenSize = try reader.requiredSize("hidden_size")
            intermediateSize = try reader.requiredSize("intermediate_size")
            layerCount = try reader.requiredSize("num_hidden_layers")
            headCount = try reader.requiredSize("num_attention_heads")
            vocabularySize = try reader.requiredSize("vocab_size")
            normEpsilon = try reader.positive("rms_norm_eps") ?? 1e-6
        } catch {
            throw Self.explain(error, modelType: modelType, architectures: architectures)
        }
        keyValueHeadCount = try reader.size("num_key_value_heads") ?? headCount
        headSize = try Self.headSize(reader, hiddenSize: hiddenSize, headCount: headCount)
        maximumPositions = try reader.size("max_position_embeddings") ?? 2048
        rotary = try RotaryConfiguration(reader, headSize: headSize)
        hasAttentionBias = try reader.bool("attention_bias") ?? false
        hasFeedForwardBias = try reader.bool("mlp_bias") ?? false
        tiesEmbeddings = try reader.bool("tie_word_embeddings") ?? false
        layerTypes = try reader.strings("layer_types")
        linearAttention = try LinearAttentionConfiguration(reader)
        endTokens = try reader.tokens("eos_token_id")
        beginToken = try reader.tokens("bos_token_id").first
        padToken = try reader.tokens("pad_token_id").first
        dataType = try reader.string("dtype", "torch_dtype")
        try validate(file)
    }
}

extension ModelConfiguration {
    private static func headSize(
        _ reader: ConfigurationReader, hiddenSize: Int, headCount: Int
    ) throws(CheckpointError) -> Int {
        if let size = try reader.size("head_dim") { return size }
        guard hiddenSize.isMultiple(of: headCount) else {
            throw reader.failure(
                .mismatched,
                "found hidden_size \(hiddenSize) for \(headCount) heads and no head_dim; expected a multiple")
        }
        return hiddenSize / headCount
    }

    private func validate(_ file: String) throws(CheckpointError) {
        guard headCount.isMultiple(of: keyValueHeadCount) else {
            throw CheckpointError(
                .mismatched, file: file,
                "found num_attention_heads \(headCount) and num_key_value_heads \(keyValueHeadCount); expected a multiple"
            )
        }
        if let layerTypes, layerTypes.count != layerCount {
            throw CheckpointError(
                .mismatched, file: file,
                "found \(layerTypes.count) layer_types for num_hidden_layers \(layerCount); expected one per layer")
        }
        if let layerTypes, let interval = linearAttention?.fullAttentionInterval {
            for (index, type) in layerTypes.enumerated() where type != Self.layerType(index, interval: interval) {
                throw CheckpointError(
                    .mismatched, file: file,
                    "found layer_types with '\(type)' for layer \(index) and full_attention_interval \(interval), by which "
                        + "it is \(Self.layerType(index, interval: interval)); remove the one that is wrong")
            }
        }
        guard layerCount <= 100_000, (headCount * headSize) <= ConfigurationReader.largestSize else {
            throw CheckpointError(
                .malformed, file: file, "found \(layerCount) layers of \(headCount) heads of \(headSize): not a model")
        }
    }

    /// Every `interval`th layer has full attention, the others linear attention.
    package static func layerType(_ index: Int, interval: Int) -> String {
        (index + 1).isMultiple(of: interval) ? "full_attention" : "linear_attention"
    }

    /// Refuses what would silently compute something else.
    private static func refuseUnsupported(_ reader: ConfigurationReader, modelType: String) throws(CheckpointError) {
        guard checkedTypes.contains(modelType) else { return }
        if let activation = try reader.string("hidden_act"), activation != "silu" {
            throw reader.failure(.unsupported, "found hidden_act \(activation); only silu is implemented")
        }
        let usesSlidingWindow = try reader.bool("use_sliding_window") ?? (modelType == "llama")
        if usesSlidingWindow, let window = try reader.size("sliding_window") {
            throw reader.failure(
                .unsupported, "found sliding_window \(window) in use; only full attention is implemented")
        }
        if try reader.strings("layer_types")?.contains("sliding_attention") == true {
            throw reader.failure(
                .unsupported, "found sliding_attention in layer_types; only full_attention is implemented")
        }
    }

    /// A missing key of an architecture nobody knows is better told as that.
    private static func explain(
        _ error: CheckpointError, modelType: String, architectures: [String]
    ) -> CheckpointError {
        guard error.kind == .missing, !checkedTypes.contains(modelType) else { return error }
        let found = architectures.isEmpty ? "no architectures" : architectures.joined(separator: ", ")
        return CheckpointError(
            .unsupported, file: error.file,
            "found model_type '\(modelType)' (\(found)); supported are \(checkedTypes.sorted().joined(separator: ", ")) "
                + "(and it \(error.message))")
    }
}
