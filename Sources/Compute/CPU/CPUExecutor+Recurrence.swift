import CKernels

extension CPUExecutor {
    /// See ``Executor/splitHeads(_:heads:)``.
    public func splitHeads(_ x: HostTensor, heads: Int) -> (first: HostTensor, second: HostTensor) {
        let first = buffers.tensor(rows: x.rows, columns: x.columns / 2)
        let second = buffers.tensor(rows: x.rows, columns: x.columns / 2)
        annie_split_heads(
            workers.handle, first.pointer, second.pointer, x.pointer, x.stride, x.rows, heads, x.columns / heads / 2)
        return (first, second)
    }

    /// See ``Executor/sigmoidGate(_:gate:)``.
    public func sigmoidGate(_ x: HostTensor, gate: HostTensor) -> HostTensor {
        annie_sigmoid_gate(workers.handle, x.pointer, x.stride, gate.pointer, gate.stride, x.rows, x.columns)
        return x
    }

    /// See ``Executor/causalConvolution(_:_:)``.
    public func causalConvolution(_ x: HostTensor, _ convolution: CausalConvolution) -> HostTensor {
        let output = buffers.tensor(rows: x.rows, columns: x.columns)
        let segments = segments(convolution.state)
        annie_causal_convolution(
            workers.handle, output.pointer, output.stride, x.pointer, x.stride, segments, segments.count,
            convolution.channels, convolution.kernel, weights.arrays[convolution.weight.index])
        return output
    }

    /// See ``Executor/gatedDelta(qkv:update:decay:_:)``.
    public func gatedDelta(qkv: HostTensor, update: HostTensor, decay: HostTensor, _ delta: GatedDelta) -> HostTensor {
        let output = buffers.tensor(rows: qkv.rows, columns: delta.valueHeads * delta.valueDim)
        let segments = segments(delta.state)
        var shape = delta.kernelShape
        let scratch = buffers.buffer(bytes: annie_gated_delta_scratch_size(&shape, qkv.rows))
        annie_gated_delta(
            workers.handle, output.pointer, output.stride, qkv.pointer, qkv.stride, update.pointer, update.stride,
            decay.pointer, decay.stride, segments, segments.count, &shape, weights.arrays[delta.logRate.index],
            weights.arrays[delta.stepBias.index], scratch.pointer)
        return output
    }

    /// See ``Executor/gatedHeadNorm(_:gate:_:heads:)``.
    public func gatedHeadNorm(_ x: HostTensor, gate: HostTensor, _ norm: Norm, heads: Int) -> HostTensor {
        annie_gated_head_norm(
            workers.handle, x.pointer, x.stride, gate.pointer, gate.stride, x.rows, heads, norm.columns,
            weights.norms[norm.index], norm.offset, norm.epsilon)
        return x
    }

    private func segments(_ slice: RecurrentSlice) -> [annie_recurrent_segment] {
        zip(batch.segments, states).map { segment, state in
            annie_recurrent_segment(
                state: state.recurrentState(layer: slice.layer).baseAddress.map { $0 + slice.offset },
                first_row: segment.rows.lowerBound, rows: segment.rows.count)
        }
    }
}
