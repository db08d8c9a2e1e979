import Foundation

extension GGUFHyperparameters {
    /// The tensors of a layer of llama.cpp's `qwen35`.
    func hybridTensorNames(_ layer: Int, _ sizes: GGUFHybridSizes) -> [GGUFTensorName] {
        var names: [GGUFTensorName] = []
        func add(
            _ gguf: String, _ huggingFace: String, _ shape: [Int], _ difference: GGUFTensorName.Difference = .none
        ) {
            var name = GGUFTensorName(
                gguf: "blk.\(layer).\(gguf)", huggingFace: "model.layers.\(layer).\(huggingFace)", shape: shape)
            name.difference = difference
            names.append(name)
        }
        add("attn_norm.weight", "input_layernorm.weight", [hiddenSize], .plusOne)
        if sizes.isFullAttention(layer) {
            let (queries, keys) = (heads * headSize, keyValueHeads * headSize)
            add("attn_q.weight", "self_attn.q_proj.weight", [2 * queries, hiddenSize])
            add("attn_k.weight", "self_attn.k_proj.weight", [keys, hiddenSize])
            add("attn_v.weight", "self_attn.v_proj.weight", [keys, hiddenSize])
            add("attn_q_norm.weight", "self_attn.q_norm.weight", [headSize], .plusOne)
            add("attn_k_norm.weight", "self_attn.k_norm.weight", [headSize], .plusOne)
            add("attn_output.weight", "self_attn.o_proj.weight", [hiddenSize, queries])
        } else {
            let (first, size, count) = (2 * sizes.keyWidth, sizes.valueHeadSize, sizes.valueHeads)
            add(
                "attn_qkv.weight", "linear_attn.in_proj_qkv.weight", [sizes.channels, hiddenSize],
                .valueRows(first: first, headSize: size))
            add(
                "attn_gate.weight", "linear_attn.in_proj_z.weight", [sizes.valueWidth, hiddenSize],
                .valueRows(first: 0, headSize: size))
            add(
                "ssm_beta.weight", "linear_attn.in_proj_b.weight", [count, hiddenSize],
                .valueRows(first: 0, headSize: 1))
            add(
                "ssm_alpha.weight", "linear_attn.in_proj_a.weight", [count, hiddenSize],
                .valueRows(first: 0, headSize: 1))
            add("ssm_a", "linear_attn.A_log", [count], .negativeExponential)
            add("ssm_dt.bias", "linear_attn.dt_bias", [count], .valueRows(first: 0, headSize: 1))
            add(
                "ssm_conv1d.weight", "linear_attn.conv1d.weight", [sizes.channels, sizes.convolutionKernel],
                .convolution(first: first, headSize: size))
            add("ssm_norm.weight", "linear_attn.norm.weight", [size], .exact)
            add(
                "ssm_out.weight", "linear_attn.out_proj.weight", [hiddenSize, sizes.valueWidth],
                .valueColumns(headSize: size))
        }
        add("post_attention_norm.weight", "post_attention_layernorm.weight", [hiddenSize], .plusOne)
        add("ffn_gate.weight", "mlp.gate_proj.weight", [intermediateSize, hiddenSize])
        add("ffn_up.weight", "mlp.up_proj.weight", [intermediateSize, hiddenSize])
        add("ffn_down.weight", "mlp.down_proj.weight", [hiddenSize, intermediateSize])
        return names
    }
}

extension GGUFFile {
    /// A tensor's values in Hugging Face's order and meaning.
    func values(_ tensor: GGUFTensor, _ name: GGUFTensorName, _ sizes: GGUFHybridSizes) throws(GGUFError) -> [Float] {
        let values = try float32(tensor)
        let rows = name.shape[0]
        switch name.difference {
        case .none, .exact: return values
        case .plusOne: return values.map { $0 - 1 }
        case .negativeExponential:
            guard values.allSatisfy({ $0 < 0 && $0.isFinite }) else {
                throw .invalid("'\(name.gguf)' has a value that is not below 0, so it is not the rate of a decay")
            }
            return sizes.fileOrder(count: rows, first: 0, headSize: 1).map { Float(log(Double(-values[$0]))) }
        case .valueRows(let first, let headSize), .convolution(let first, let headSize):
            let columns = values.count / rows
            return sizes.fileOrder(count: rows, first: first, headSize: headSize).flatMap {
                values[$0 * columns..<($0 + 1) * columns]
            }
        case .valueColumns(let headSize):
            let columns = values.count / rows
            let order = sizes.fileOrder(count: columns, first: 0, headSize: headSize)
            return (0..<rows).flatMap { row in order.map { values[row * columns + $0] } }
        }
    }
}
