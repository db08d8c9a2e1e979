import Compute

/// Self-attention whose query projection brings a gate beside each head's query: `[query | gate]` per head, the output
/// multiplied by the gate's sigmoid (https://arxiv.org/abs/2505.06708). Only a part of each head is rotated.
struct GatedAttention: Sendable {
    let qkv: Linear
    let output: Linear
    let queryNorm: Norm
    let keyNorm: Norm
    let rotary: RotaryEmbedding
    let shape: AttentionShape

    init(
        _ name: String, hidden: Int, shape: AttentionShape, rotary: RotaryEmbedding, epsilon: Float,
        in parameters: inout ParameterTable
    ) {
        self.shape = shape
        self.rotary = rotary
        let (width, kvWidth) = (shape.heads * shape.headDim, shape.kvHeads * shape.headDim)
        qkv = parameters.fusedLinear(
            [("\(name).q_proj", 2 * width), ("\(name).k_proj", kvWidth), ("\(name).v_proj", kvWidth)],
            columns: hidden)
        output = parameters.linear("\(name).o_proj", rows: hidden, columns: width)
        queryNorm = parameters.norm("\(name).q_norm", columns: shape.headDim, epsilon: epsilon, offset: 1)
        keyNorm = parameters.norm("\(name).k_norm", columns: shape.headDim, epsilon: epsilon, offset: 1)
    }

    /// `residual + output(attention(x) * sigmoid(gate x))`.
    ///
    /// - Parameter outputsAlone: whether only the output rows are wanted, which the result then has.
    func callAsFunction<E: Executor>(
        _ x: E.Tensor, addingTo residual: E.Tensor, outputsAlone: Bool = false, on executor: E
    ) -> E.Tensor {
        func wanted(_ x: E.Tensor) -> E.Tensor { outputsAlone ? executor.outputRows(x) : x }
        let qkv = executor.linear(x, qkv)
        let (query, gate) = executor.splitHeads(qkv[0], heads: shape.heads)
        let q = executor.rotary(
            executor.headNorm(query, queryNorm, heads: shape.heads), rotary, heads: shape.heads)
        let k = executor.rotary(executor.headNorm(qkv[1], keyNorm, heads: shape.kvHeads), rotary, heads: shape.kvHeads)
        let attended = executor.attention(q: wanted(q), k: k, v: qkv[2], shape)
        return executor.linear(executor.sigmoidGate(attended, gate: wanted(gate)), output, addingTo: wanted(residual))
    }
}
