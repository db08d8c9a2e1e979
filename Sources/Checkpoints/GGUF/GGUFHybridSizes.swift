/// The sizes of a hybrid model's linear-attention layers, as the metadata of a GGUF file state them under `ssm.`.
public struct GGUFHybridSizes: Sendable, Equatable {
    /// Heads of queries and keys.
    public var keyHeads: Int
    /// Heads of values; a multiple of ``keyHeads``.
    public var valueHeads: Int
    /// Width of a query's and a key's head.
    public var keyHeadSize: Int
    /// Width of a value's head.
    public var valueHeadSize: Int
    /// Taps of the convolution.
    public var convolutionKernel: Int
    /// Every how many layers one has full attention.
    public var fullAttentionInterval: Int
    /// How many of a head's dimensions are rotated.
    public var rotatedDimensions: Int
    /// How the rotated pairs are shared among the three axes of a position.
    public var rotarySections: [Int]

    init(_ metadata: GGUFMetadata, _ prefix: String) throws(GGUFError) {
        keyHeads = try metadata.requiredSize(prefix + "ssm.group_count", limit: 1 << 16)
        valueHeads = try metadata.requiredSize(prefix + "ssm.time_step_rank", limit: 1 << 16)
        keyHeadSize = try metadata.requiredSize(prefix + "ssm.state_size", limit: 1 << 16)
        let inner = try metadata.requiredSize(prefix + "ssm.inner_size")
        convolutionKernel = try metadata.requiredSize(prefix + "ssm.conv_kernel", limit: 64)
        fullAttentionInterval = try metadata.integer(prefix + "full_attention_interval") ?? 4
        rotatedDimensions = try metadata.requiredSize(prefix + "rope.dimension_count", limit: 1 << 16)
        rotarySections = Array(try (metadata.integers(prefix + "rope.dimension_sections") ?? [11, 11, 10]).prefix(3))
        guard valueHeads % keyHeads == 0, inner % valueHeads == 0, (1...4096).contains(fullAttentionInterval) else {
            throw .invalid(
                "\(valueHeads) value heads, \(keyHeads) key heads, an inner size of \(inner) and full attention every "
                    + "\(fullAttentionInterval) layers do not make a model")
        }
        valueHeadSize = inner / valueHeads
        if let nextLayers = try metadata.integer(prefix + "nextn_predict_layers"), nextLayers > 0 {
            throw .unsupportedFeature(
                "\(nextLayers) layers that predict further tokens (MTP); convert the model without them")
        }
    }

    /// The sizes in a Hugging Face configuration.
    init(_ configuration: ModelConfiguration) throws(GGUFError) {
        guard let sizes = configuration.linearAttention else { throw .missingKey("linear_num_key_heads") }
        // llama.cpp has one size for the heads of keys and of values, and gates its attention always.
        guard sizes.keyHeadSize == sizes.valueHeadSize, sizes.gatesAttention else {
            throw .unsupportedFeature(
                "key heads of \(sizes.keyHeadSize) and value heads of \(sizes.valueHeadSize) dimensions, or attention "
                    + "without a gate, which llama.cpp's qwen35 does not have")
        }
        keyHeads = sizes.keyHeadCount
        valueHeads = sizes.valueHeadCount
        keyHeadSize = sizes.keyHeadSize
        valueHeadSize = sizes.valueHeadSize
        convolutionKernel = sizes.convolutionKernel
        let types = configuration.layerTypes ?? []
        let firstFull = types.firstIndex(of: "full_attention").map { $0 + 1 }
        let interval = sizes.fullAttentionInterval ?? firstFull ?? 4
        fullAttentionInterval = interval
        rotatedDimensions = configuration.rotary.rotaryDimensions
        let rope = configuration.textJSON["rope_parameters"] ?? configuration.textJSON["rope_scaling"] ?? nil
        let sections = rope["mrope_section"]?.array?.compactMap(\.integer) ?? []
        // Text has one position on all axes: how the pairs are shared among them does not matter to it.
        let isUsable = sections.count == 3 && sections.allSatisfy((0...rotatedDimensions).contains)
        rotarySections = isUsable ? sections : [rotatedDimensions / 2, 0, 0]
        for (layer, type) in types.enumerated() where type != ModelConfiguration.layerType(layer, interval: interval) {
            throw .unsupportedFeature(
                "layer \(layer) of the type '\(type)' where every \(interval)th has full attention")
        }
    }

    /// What the metadata of a file state of these, by the last part of the key.
    var metadataSizes: [(String, Int)] {
        [
            ("rope.dimension_count", rotatedDimensions), ("full_attention_interval", fullAttentionInterval),
            ("ssm.conv_kernel", convolutionKernel), ("ssm.state_size", keyHeadSize), ("ssm.group_count", keyHeads),
            ("ssm.time_step_rank", valueHeads), ("ssm.inner_size", valueWidth),
        ]
    }

    /// Width of all queries, and of all keys.
    var keyWidth: Int { keyHeads * keyHeadSize }
    /// Width of all values.
    var valueWidth: Int { valueHeads * valueHeadSize }
    /// Channels of the convolution: queries, keys and values.
    var channels: Int { 2 * keyWidth + valueWidth }

    func isFullAttention(_ layer: Int) -> Bool { (layer + 1) % fullAttentionInterval == 0 }

    /// For each of `count` consecutive values of Hugging Face's order, where it is in the file's: behind `first`, units of
    /// `headSize` belong to value heads, which llama.cpp keeps in turns of the key heads they read with (0, 2, 1, 3 where
    /// Hugging Face has 0, 1, 2, 3 and two value heads read with each key head).
    func fileOrder(count: Int, first: Int, headSize: Int) -> [Int] {
        let ratio = valueHeads / keyHeads
        return (0..<count).map { index in
            guard index >= first else { return index }
            let (head, rest) = (index - first).quotientAndRemainder(dividingBy: headSize)
            return first + ((head % ratio) * keyHeads + head / ratio) * headSize + rest
        }
    }
}
