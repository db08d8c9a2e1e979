import Compute

/// Causal grouped-query self-attention with rotary positions, and the two things in which families differ: biases of
/// q, k and v (Qwen2), and a norm over each head of q and k (Qwen3).
struct SelfAttention: Sendable {
    let qkv: Linear
    let output: Linear
    let queryNorm: Norm?
    let keyNorm: Norm?
    let rotary: RotaryEmbedding
    let shape: AttentionShape

    init(
        _ name: String, layer: Int, hidden: Int, heads: Int, kvHeads: Int, headDim: Int, rotary: RotaryEmbedding,
        inputBias: Bool = false, outputBias: Bool = false, headNormEpsilon: Float? = nil,
        in parameters: inout ParameterTable
    ) {
        shape = AttentionShape(layer: layer, heads: heads, kvHeads: kvHeads, headDim: headDim)
        self.rotary = rotary
        qkv = parameters.fusedLinear(
            [
                ("\(name).q_proj", heads * headDim), ("\(name).k_proj", kvHeads * headDim),
                ("\(name).v_proj", kvHeads * headDim),
            ], columns: hidden, bias: inputBias)
        output = parameters.linear("\(name).o_proj", rows: hidden, columns: heads * headDim, bias: outputBias)
        queryNorm = headNormEpsilon.map { parameters.norm("\(name).q_norm", columns: headDim, epsilon: $0) }
        keyNorm = headNormEpsilon.map { parameters.norm("\(name).k_norm", columns: headDim, epsilon: $0) }
    }

    /// `residual + output(attention(x))`.
    ///
    /// - Parameter outputsAlone: whether only the output rows are wanted, which the result then has.
    func callAsFunction<E: Executor>(
        _ x: E.Tensor, addingTo residual: E.Tensor, outputsAlone: Bool = false, on executor: E
    ) -> E.Tensor {
        func wanted(_ x: E.Tensor) -> E.Tensor { outputsAlone ? executor.outputRows(x) : x }
        let qkv = executor.linear(x, qkv)
        var (q, k) = (qkv[0], qkv[1])
        if let queryNorm { q = executor.headNorm(q, queryNorm, heads: shape.heads) }
        if let keyNorm { k = executor.headNorm(k, keyNorm, heads: shape.kvHeads) }
        q = executor.rotary(q, rotary, heads: shape.heads)
        k = executor.rotary(k, rotary, heads: shape.kvHeads)
        let attended = executor.attention(q: wanted(q), k: k, v: qkv[2], shape)
        return executor.linear(attended, output, addingTo: wanted(residual))
    }
}
