import Checkpoints
import Compute

/// Gated DeltaNet (https://arxiv.org/abs/2412.06464): linear attention whose state of fixed size forgets by a gate and
/// corrects what it holds for a key instead of adding to it.
struct GatedDeltaNet: Sendable {
    let qkvz: Linear
    let gates: Linear
    let convolution: CausalConvolution
    let delta: GatedDelta
    let norm: Norm
    let output: Linear

    /// fp32 values of a sequence's state: the convolution's, then the matrices.
    let stateCount: Int

    /// - Parameter layer: which recurrent layer of the model this is.
    init(
        _ name: String, layer: Int, hidden: Int, sizes: LinearAttentionConfiguration, epsilon: Float,
        in parameters: inout ParameterTable
    ) {
        let channels = 2 * sizes.keyWidth + sizes.valueWidth
        qkvz = parameters.fusedLinear(
            [("\(name).in_proj_qkv", channels), ("\(name).in_proj_z", sizes.valueWidth)], columns: hidden)
        gates = parameters.fusedLinear(
            [("\(name).in_proj_b", sizes.valueHeadCount), ("\(name).in_proj_a", sizes.valueHeadCount)],
            columns: hidden)
        let kernel = sizes.convolutionKernel
        convolution = CausalConvolution(
            weight: parameters.array("\(name).conv1d.weight", shape: [channels, 1, kernel]), channels: channels,
            kernel: kernel, state: RecurrentSlice(layer: layer, offset: 0))
        let columns = CausalConvolution.stateCount(channels: channels, kernel: kernel)
        delta = GatedDelta(
            logRate: parameters.array("\(name).A_log", shape: [sizes.valueHeadCount], isExact: true),
            stepBias: parameters.array("\(name).dt_bias", shape: [sizes.valueHeadCount]),
            keyHeads: sizes.keyHeadCount, valueHeads: sizes.valueHeadCount, keyDim: sizes.keyHeadSize,
            valueDim: sizes.valueHeadSize, state: RecurrentSlice(layer: layer, offset: columns))
        stateCount =
            columns
            + GatedDelta.stateCount(
                valueHeads: sizes.valueHeadCount, keyDim: sizes.keyHeadSize, valueDim: sizes.valueHeadSize)
        // The one norm of the family whose weight is stored as it is.
        norm = parameters.norm("\(name).norm", columns: sizes.valueHeadSize, epsilon: epsilon)
        output = parameters.linear("\(name).out_proj", rows: hidden, columns: sizes.valueWidth)
    }

    /// `residual + output(norm(delta(convolution(qkv x), gates x)) * silu(z x))`.
    func callAsFunction<E: Executor>(_ x: E.Tensor, addingTo residual: E.Tensor, on executor: E) -> E.Tensor {
        let qkvz = executor.linear(x, qkvz)
        let gates = executor.linear(x, gates)
        let qkv = executor.causalConvolution(qkvz[0], convolution)
        let read = executor.gatedDelta(qkv: qkv, update: gates[0], decay: gates[1], delta)
        let gated = executor.gatedHeadNorm(read, gate: qkvz[1], norm, heads: delta.valueHeads)
        return executor.linear(gated, output, addingTo: residual)
    }
}
