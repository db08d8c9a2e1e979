import JSON

/// The sizes that Qwen3.5 is published in, to be fabricated by name.
public enum PublishedSize: String, Sendable, CaseIterable {
    case qwen35Small = "qwen3.5-0.8b"
    case qwen35Two = "qwen3.5-2b"
    case qwen35Four = "qwen3.5-4b"
    case qwen35Nine = "qwen3.5-9b"
    case qwen35Large = "qwen3.5-27b"

    private struct Sizes {
        let hidden: Int, intermediate: Int, layers: Int, heads: Int, kvHeads: Int, valueHeads: Int
        let tiesEmbeddings: Bool
    }

    private var sizes: Sizes {
        switch self {
        case .qwen35Small:
            Sizes(
                hidden: 1024, intermediate: 3584, layers: 24, heads: 8, kvHeads: 2, valueHeads: 16, tiesEmbeddings: true
            )
        case .qwen35Two:
            Sizes(
                hidden: 2048, intermediate: 6144, layers: 24, heads: 8, kvHeads: 2, valueHeads: 16, tiesEmbeddings: true
            )
        case .qwen35Four:
            Sizes(
                hidden: 2560, intermediate: 9216, layers: 32, heads: 16, kvHeads: 4, valueHeads: 32,
                tiesEmbeddings: true)
        case .qwen35Nine:
            Sizes(
                hidden: 4096, intermediate: 12288, layers: 32, heads: 16, kvHeads: 4, valueHeads: 32,
                tiesEmbeddings: false)
        case .qwen35Large:
            Sizes(
                hidden: 5120, intermediate: 17408, layers: 64, heads: 24, kvHeads: 4, valueHeads: 48,
                tiesEmbeddings: false)
        }
    }

    /// The decoder's `config.json`.
    public var configuration: JSONValue {
        let sizes = sizes
        return [
            "architectures": ["Qwen3_5ForCausalLM"], "model_type": "qwen3_5_text", "dtype": "bfloat16",
            "vocab_size": 248_320, "hidden_size": .integer(sizes.hidden),
            "intermediate_size": .integer(sizes.intermediate), "num_hidden_layers": .integer(sizes.layers),
            "num_attention_heads": .integer(sizes.heads), "num_key_value_heads": .integer(sizes.kvHeads),
            "head_dim": 256, "hidden_act": "silu", "rms_norm_eps": 1e-6, "max_position_embeddings": 262_144,
            "attention_bias": false, "attn_output_gate": true, "full_attention_interval": 4,
            "linear_conv_kernel_dim": 4, "linear_key_head_dim": 128, "linear_value_head_dim": 128,
            "linear_num_key_heads": 16, "linear_num_value_heads": .integer(sizes.valueHeads),
            "rope_parameters": [
                "rope_type": "default", "rope_theta": 10_000_000, "partial_rotary_factor": 0.25,
                "mrope_interleaved": true, "mrope_section": [11, 11, 10],
            ],
            "mtp_num_hidden_layers": 1, "eos_token_id": 248_044, "tie_word_embeddings": .bool(sizes.tiesEmbeddings),
        ]
    }
}
