import JSON

extension GGUFHyperparameters {
    /// The `config.json` that describes this model to Hugging Face's loaders, with bf16 weights.
    func configuration(_ tokens: GGUFSpecialTokens) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("architectures", [.string(architecture.className)]),
            ("attention_bias", .bool(architecture.hasAttentionBias)),
            ("attention_dropout", 0.0),
            ("bos_token_id", tokens.begin.map { .integer($0) } ?? .null),
            ("dtype", "bfloat16"),
            ("eos_token_id", tokens.end.map { .integer($0) } ?? .null),
            ("head_dim", .integer(headSize)),
            ("hidden_act", "silu"),
            ("hidden_size", .integer(hiddenSize)),
            ("initializer_range", 0.02),
            ("intermediate_size", .integer(intermediateSize)),
            ("max_position_embeddings", .integer(contextLength)),
            ("model_type", .string(architecture.rawValue)),
            ("num_attention_heads", .integer(heads)),
            ("num_hidden_layers", .integer(layers)),
            ("num_key_value_heads", .integer(keyValueHeads)),
            ("pad_token_id", tokens.padding.map { .integer($0) } ?? .null),
            ("rms_norm_eps", .number(normEpsilon)),
            ("rope_scaling", ropeScalingConfiguration),
            ("rope_theta", .number(ropeBase)),
            ("tie_word_embeddings", .bool(tiesEmbeddings)),
            ("torch_dtype", "bfloat16"),
            ("use_cache", true),
        ]
        switch architecture {
        case .llama: members.append(("mlp_bias", false))
        case .qwen2, .qwen3: members.append(("use_sliding_window", false))
        }
        members.append(("vocab_size", .integer(vocabularySize)))
        return .object(JSONObject(members))
    }

    private var ropeScalingConfiguration: JSONValue {
        switch ropeScaling {
        case .none: return .null
        case .linear(let factor): return ["rope_type": "linear", "factor": .number(factor)]
        case .llama3(let factor, let originalContext):
            let factors = Self.llama3FrequencyFactors
            return [
                "rope_type": "llama3", "factor": .number(factor), "low_freq_factor": .number(factors.low),
                "high_freq_factor": .number(factors.high),
                "original_max_position_embeddings": .integer(originalContext),
            ]
        }
    }
}

extension GGUFSpecialTokens {
    /// The `generation_config.json` that makes generation stop where the chat template ends a turn.
    var generationConfiguration: JSONValue {
        var members = JSONObject()
        members["bos_token_id"] = begin.map { .integer($0) }
        if !stops.isEmpty {
            members["eos_token_id"] = stops.count == 1 ? .integer(stops[0]) : .array(stops.map { .integer($0) })
        }
        members["pad_token_id"] = padding.map { .integer($0) }
        return .object(members)
    }
}
