/// One tensor of a model under its names in both worlds.
struct GGUFTensorName: Sendable, Equatable {
    /// In a GGUF file, such as `blk.0.attn_q.weight`.
    let gguf: String
    /// In a Hugging Face checkpoint, such as `model.layers.0.self_attn.q_proj.weight`.
    let huggingFace: String
    /// Slowest dimension first.
    let shape: [Int]
    /// How many heads its rows belong to, where their order differs between the two (see
    /// ``GGUFArchitecture/rotatesNeighbours``).
    var permutedHeads: Int?
    /// What else the file has otherwise.
    var difference = Difference.none

    /// How a tensor of a hybrid model differs between the two.
    enum Difference: Sendable, Equatable {
        case none
        /// The file holds 1 + weight.
        case plusOne
        /// Rows of value heads, `headSize` each, behind the first ones are in another order.
        case valueRows(first: Int, headSize: Int)
        /// Columns of value heads are in another order.
        case valueColumns(headSize: Int)
        /// Besides, a Hugging Face tensor has an axis of extent 1 in the middle.
        case convolution(first: Int, headSize: Int)
        /// The file holds -exp(value), by value head.
        case negativeExponential
        /// Kept in fp32.
        case exact
    }

    /// The shape in a Hugging Face checkpoint.
    var huggingFaceShape: [Int] {
        if case .convolution = difference { return [shape[0], 1, shape[1]] }
        return shape
    }

    /// Whether it is written in fp32.
    var isExact: Bool { difference == .exact || difference == .negativeExponential }

    /// Whether it is the weight of a linear layer, and so may be quantised.
    var isLinear: Bool { shape.count == 2 && huggingFace.contains("_proj.") }
}

extension GGUFHyperparameters {
    /// All tensors of this model, in the order of the forward pass.
    var tensorNames: [GGUFTensorName] {
        var names = [
            GGUFTensorName(
                gguf: "token_embd.weight", huggingFace: "model.embed_tokens.weight",
                shape: [vocabularySize, hiddenSize])
        ]
        for layer in 0..<layers { names += layerTensorNames(layer) }
        var norm = GGUFTensorName(gguf: "output_norm.weight", huggingFace: "model.norm.weight", shape: [hiddenSize])
        if hybrid != nil { norm.difference = .plusOne }
        names.append(norm)
        if !tiesEmbeddings {
            names.append(
                GGUFTensorName(
                    gguf: "output.weight", huggingFace: "lm_head.weight", shape: [vocabularySize, hiddenSize]))
        }
        return names
    }

    private func layerTensorNames(_ layer: Int) -> [GGUFTensorName] {
        if let hybrid { return hybridTensorNames(layer, hybrid) }
        let (queries, keys) = (heads * headSize, keyValueHeads * headSize)
        var names: [GGUFTensorName] = []
        func add(_ gguf: String, _ huggingFace: String, _ shape: [Int], heads: Int? = nil) {
            names.append(
                GGUFTensorName(
                    gguf: "blk.\(layer).\(gguf)", huggingFace: "model.layers.\(layer).\(huggingFace)", shape: shape,
                    permutedHeads: architecture.rotatesNeighbours ? heads : nil))
        }
        add("attn_norm.weight", "input_layernorm.weight", [hiddenSize])
        add("attn_q.weight", "self_attn.q_proj.weight", [queries, hiddenSize], heads: heads)
        add("attn_k.weight", "self_attn.k_proj.weight", [keys, hiddenSize], heads: keyValueHeads)
        add("attn_v.weight", "self_attn.v_proj.weight", [keys, hiddenSize])
        if architecture.hasAttentionBias {
            add("attn_q.bias", "self_attn.q_proj.bias", [queries])
            add("attn_k.bias", "self_attn.k_proj.bias", [keys])
            add("attn_v.bias", "self_attn.v_proj.bias", [keys])
        }
        if architecture.hasHeadNorms {
            add("attn_q_norm.weight", "self_attn.q_norm.weight", [headSize])
            add("attn_k_norm.weight", "self_attn.k_norm.weight", [headSize])
        }
        add("attn_output.weight", "self_attn.o_proj.weight", [hiddenSize, queries])
        add("ffn_norm.weight", "post_attention_layernorm.weight", [hiddenSize])
        add("ffn_gate.weight", "mlp.gate_proj.weight", [intermediateSize, hiddenSize])
        add("ffn_up.weight", "mlp.up_proj.weight", [intermediateSize, hiddenSize])
        add("ffn_down.weight", "mlp.down_proj.weight", [hiddenSize, intermediateSize])
        return names
    }
}

/// Moves rows between the two orders of a rotated head: halves (i, i + head/2) and neighbours (2i, 2i + 1).
enum RotaryRowOrder {
    /// For each row in halves order, where it is in neighbours order. `rows` is `heads` times an even head size.
    static func neighbourRows(rows: Int, heads: Int) -> [Int] {
        let headSize = rows / heads
        let half = headSize / 2
        return (0..<rows).map { row in
            let (head, dimension) = row.quotientAndRemainder(dividingBy: headSize)
            return head * headSize + 2 * (dimension % half) + dimension / half
        }
    }
}
