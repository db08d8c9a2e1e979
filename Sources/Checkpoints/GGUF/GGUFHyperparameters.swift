/// The sizes and constants of a model, as the metadata of a GGUF file state them.
public struct GGUFHyperparameters: Sendable, Equatable {
    /// The model family.
    public var architecture: GGUFArchitecture
    /// How many decoder layers there are.
    public var layers: Int
    /// Width of the residual stream.
    public var hiddenSize: Int
    /// Width of the feed-forward network.
    public var intermediateSize: Int
    /// Query heads.
    public var heads: Int
    /// Key and value heads.
    public var keyValueHeads: Int
    /// Dimensions of a head.
    public var headSize: Int
    /// Rows of the embedding.
    public var vocabularySize: Int
    /// The longest sequence the model was trained for.
    public var contextLength: Int
    /// Added to the mean square in every norm.
    public var normEpsilon: Double
    /// The base of the rotary frequencies.
    public var ropeBase: Double
    /// How the frequencies are stretched for long contexts.
    public var ropeScaling: RopeScaling
    /// Whether the output projection is the embedding.
    public var tiesEmbeddings: Bool
    /// The linear-attention layers between those of full attention; nil in families that have none.
    public var hybrid: GGUFHybridSizes?

    /// How rotary frequencies are stretched.
    public enum RopeScaling: Sendable, Equatable {
        case none
        case linear(factor: Double)
        /// Llama 3.1's rule, with its constants 1 and 4 for the low and high frequency factors.
        case llama3(factor: Double, originalContext: Int)
    }
}

extension GGUFHyperparameters {
    /// Reads and checks what the metadata and the tensor table of a file say.
    public init(_ file: GGUFFile) throws(GGUFError) {
        let metadata = file.metadata
        architecture = try GGUFArchitecture(metadata)
        let prefix = architecture.rawValue + "."
        layers = try metadata.requiredSize(prefix + "block_count", limit: 4096)
        hiddenSize = try metadata.requiredSize(prefix + "embedding_length")
        intermediateSize = try metadata.requiredSize(prefix + "feed_forward_length")
        heads = try metadata.requiredSize(prefix + "attention.head_count")
        contextLength = try metadata.requiredSize(prefix + "context_length")
        keyValueHeads = heads
        if metadata[prefix + "attention.head_count_kv"] != nil {
            keyValueHeads = try metadata.requiredSize(prefix + "attention.head_count_kv")
        }
        headSize = try Self.headSize(metadata, prefix, hiddenSize: hiddenSize, heads: heads)
        guard heads % keyValueHeads == 0 else {
            throw .invalid("\(heads) query heads do not divide among \(keyValueHeads) key and value heads")
        }
        guard let epsilon = try metadata.shortest(prefix + "attention.layer_norm_rms_epsilon") else {
            throw .missingKey(prefix + "attention.layer_norm_rms_epsilon")
        }
        normEpsilon = epsilon
        ropeBase = try metadata.shortest(prefix + "rope.freq_base") ?? 10000
        guard let embedding = file.tensor(named: "token_embd.weight") else { throw .missingTensor("token_embd.weight") }
        vocabularySize = embedding.rows
        tiesEmbeddings = file.tensor(named: "output.weight") == nil
        hybrid = architecture == .qwen35 ? try GGUFHybridSizes(metadata, prefix) : nil
        ropeScaling = .none
        ropeScaling = try Self.ropeScaling(file, prefix, self)
        try refuseUnsupported(metadata, prefix)
    }

    private static func headSize(
        _ metadata: GGUFMetadata, _ prefix: String, hiddenSize: Int, heads: Int
    ) throws(GGUFError) -> Int {
        let key = prefix + "attention.key_length"
        if metadata[key] != nil {
            let size = try metadata.requiredSize(key, limit: 1 << 16)
            let values = try metadata.integer(prefix + "attention.value_length") ?? size
            guard values == size else {
                throw .unsupportedFeature("value heads of \(values) dimensions beside key heads of \(size)")
            }
            return size
        }
        guard hiddenSize % heads == 0 else {
            throw .invalid("an embedding of \(hiddenSize) does not divide among \(heads) heads, and '\(key)' is absent")
        }
        return hiddenSize / heads
    }

    private func refuseUnsupported(_ metadata: GGUFMetadata, _ prefix: String) throws(GGUFError) {
        let rotated = try metadata.integer(prefix + "rope.dimension_count") ?? headSize
        guard rotated == headSize || hybrid?.rotatedDimensions == rotated else {
            throw .unsupportedFeature("rotation of \(rotated) of \(headSize) head dimensions")
        }
        guard headSize % 2 == 0 else { throw .invalid("heads have \(headSize) dimensions; expected an even number") }
        if let experts = try metadata.integer(prefix + "expert_count"), experts > 0 {
            throw .unsupportedFeature("a mixture of \(experts) experts")
        }
    }
}

extension GGUFMetadata {
    /// A number whose shortest decimal form is kept: 1e-5 stored in single precision reads as 1e-5, not 9.99999974e-06.
    fileprivate func shortest(_ key: String) throws(GGUFError) -> Double? {
        guard let number = try double(key) else { return nil }
        guard number.isFinite, number > 0 else { throw .invalid("'\(key)' is \(number); expected a positive number") }
        guard case .float32(let single)? = self[key] else { return number }
        return Double("\(single)") ?? number
    }
}
