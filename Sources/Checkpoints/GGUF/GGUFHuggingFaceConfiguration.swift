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
            ("model_type", .string(architecture.modelType)),
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
        case .qwen35: members = members.filter { !["rope_theta", "rope_scaling"].contains($0.0) } + hybridMembers
        }
        members.append(("vocab_size", .integer(vocabularySize)))
        return .object(JSONObject(members))
    }

    /// What a hybrid's configuration has beside the others'.
    private var hybridMembers: [(String, JSONValue)] {
        guard let hybrid else { return [] }
        return [
            ("attn_output_gate", true), ("full_attention_interval", .integer(hybrid.fullAttentionInterval)),
            ("linear_conv_kernel_dim", .integer(hybrid.convolutionKernel)),
            ("linear_key_head_dim", .integer(hybrid.keyHeadSize)),
            ("linear_num_key_heads", .integer(hybrid.keyHeads)),
            ("linear_num_value_heads", .integer(hybrid.valueHeads)),
            ("linear_value_head_dim", .integer(hybrid.valueHeadSize)),
            (
                "rope_parameters",
                [
                    "mrope_interleaved": true, "mrope_section": .array(hybrid.rotarySections.map { .integer($0) }),
                    "partial_rotary_factor": .number(Double(hybrid.rotatedDimensions) / Double(headSize)),
                    "rope_theta": .number(ropeBase), "rope_type": "default",
                ]
            ),
        ]
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
