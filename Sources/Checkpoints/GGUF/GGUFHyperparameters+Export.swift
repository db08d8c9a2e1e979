extension GGUFHyperparameters {
    /// The hyperparameters of a Hugging Face checkpoint.
    ///
    /// - Throws: ``GGUFError`` for an architecture or a feature that GGUF export does not know.
    public init(_ configuration: ModelConfiguration, checkpoint: Checkpoint) throws(GGUFError) {
        guard let architecture = GGUFArchitecture.allCases.first(where: { $0.modelType == configuration.modelType })
        else { throw .unsupportedArchitecture(configuration.modelType) }
        self.architecture = architecture
        hybrid = architecture == .qwen35 ? try GGUFHybridSizes(configuration) : nil
        layers = configuration.layerCount
        hiddenSize = configuration.hiddenSize
        intermediateSize = configuration.intermediateSize
        heads = configuration.headCount
        keyValueHeads = configuration.keyValueHeadCount
        headSize = configuration.headSize
        vocabularySize = configuration.vocabularySize
        contextLength = configuration.maximumPositions
        normEpsilon = configuration.normEpsilon
        ropeBase = configuration.rotary.base
        // A head of its own wins over the flag: a tied model whose head was quantised apart has one.
        tiesEmbeddings = !["lm_head.weight", "lm_head.weight_packed"].contains(where: checkpoint.contains)
        ropeScaling = try Self.ropeScaling(configuration.rotary)
        guard configuration.rotary.rotaryDimensions == hybrid?.rotatedDimensions ?? headSize else {
            throw .unsupportedFeature(
                "rotation of \(configuration.rotary.rotaryDimensions) of \(headSize) head dimensions")
        }
        let hasUnknownBias = configuration.hasAttentionBias && !architecture.hasAttentionBias
        guard !hasUnknownBias, !configuration.hasFeedForwardBias else {
            throw .unsupportedFeature("biases in a \(architecture.rawValue) model")
        }
        guard tiesEmbeddings == false || configuration.tiesEmbeddings else { throw .missingTensor("lm_head.weight") }
    }

    private static func ropeScaling(_ rotary: RotaryConfiguration) throws(GGUFError) -> RopeScaling {
        switch rotary.scaling {
        case .none: return .none
        case .linear(let factor): return .linear(factor: factor)
        case .llama3(let factor, let low, let high, let positions):
            guard low == llama3FrequencyFactors.low, high == llama3FrequencyFactors.high else {
                throw .unsupportedFeature("llama3 rope scaling with the frequency factors \(low) and \(high)")
            }
            return .llama3(factor: factor, originalContext: positions)
        case .yarn: throw .unsupportedFeature("yarn rope scaling")
        }
    }

    /// The metadata that describe the model, without those of its tokenizer.
    func metadata(name: String, fileType: UInt32) -> GGUFMetadata {
        var metadata = GGUFMetadata()
        let prefix = architecture.rawValue + "."
        metadata["general.architecture"] = .string(architecture.rawValue)
        metadata["general.type"] = .string("model")
        metadata["general.name"] = .string(name)
        metadata["general.file_type"] = .uint32(fileType)
        metadata["general.quantization_version"] = .uint32(2)
        let sizes: [(String, Int)] = [
            ("block_count", layers), ("context_length", contextLength), ("embedding_length", hiddenSize),
            ("feed_forward_length", intermediateSize), ("attention.head_count", heads),
            ("attention.head_count_kv", keyValueHeads), ("attention.key_length", headSize),
            ("attention.value_length", headSize), ("rope.dimension_count", headSize), ("vocab_size", vocabularySize),
        ]
        for (key, size) in sizes + (hybrid?.metadataSizes ?? []) { metadata[prefix + key] = .uint32(UInt32(size)) }
        if let hybrid {
            // Four axes there, of which text and images use three.
            let sections = (hybrid.rotarySections + [0, 0, 0, 0]).prefix(4)
            metadata[prefix + "rope.dimension_sections"] = .array(.int32, sections.map { .int32(Int32($0)) })
        }
        metadata[prefix + "attention.layer_norm_rms_epsilon"] = .float32(Float(normEpsilon))
        metadata[prefix + "rope.freq_base"] = .float32(Float(ropeBase))
        if case .linear(let factor) = ropeScaling {
            metadata[prefix + "rope.scaling.type"] = .string("linear")
            metadata[prefix + "rope.scaling.factor"] = .float32(Float(factor))
        }
        return metadata
    }
}
