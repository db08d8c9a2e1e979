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
        let count = CausalConvolution.stateCount(channels: convolution.channels, kernel: convolution.kernel)
        inPieces(convolution.state, count: count) { segments in
            annie_causal_convolution(
                workers.handle, output.pointer, output.stride, x.pointer, x.stride, segments, segments.count,
                convolution.channels, convolution.kernel, weights.arrays[convolution.weight.index])
        }
        return output
    }

    /// See ``Executor/gatedDelta(qkv:update:decay:_:)``.
    public func gatedDelta(qkv: HostTensor, update: HostTensor, decay: HostTensor, _ delta: GatedDelta) -> HostTensor {
        let output = buffers.tensor(rows: qkv.rows, columns: delta.valueHeads * delta.valueDim)
        var shape = delta.kernelShape
        let scratch = buffers.buffer(bytes: annie_gated_delta_scratch_size(&shape, qkv.rows))
        inPieces(delta.state, count: annie_delta_state_floats(&shape)) { segments in
            annie_gated_delta(
                workers.handle, output.pointer, output.stride, qkv.pointer, qkv.stride, update.pointer, update.stride,
                decay.pointer, decay.stride, segments, segments.count, &shape, weights.arrays[delta.logRate.index],
                weights.arrays[delta.stepBias.index], scratch.pointer)
        }
        return output
    }

    /// See ``Executor/gatedHeadNorm(_:gate:_:heads:)``.
    public func gatedHeadNorm(_ x: HostTensor, gate: HostTensor, _ norm: Norm, heads: Int) -> HostTensor {
        annie_gated_head_norm(
            workers.handle, x.pointer, x.stride, gate.pointer, gate.stride, x.rows, heads, norm.columns,
            weights.norms[norm.index], norm.offset, norm.epsilon)
        return x
    }

    /// Runs a recurrent operation over the batch's segments, in pieces that end where state is to be kept.
    ///
    /// Where a sequence is cut changes nothing of what is computed; see the kernels.
    private func inPieces(_ slice: RecurrentSlice, count: Int, _ body: ([annie_recurrent_segment]) -> Void) {
        let cuts = batch.segments.indices.map { segment in
            captures.filter { $0.segment == segment }.sorted { $0.rows < $1.rows }
        }
        for piece in 0...(cuts.map(\.count).max() ?? 0) {
            var segments: [annie_recurrent_segment] = []
            for (index, segment) in batch.segments.enumerated() where piece <= cuts[index].count {
                let start = piece == 0 ? 0 : cuts[index][piece - 1].rows
                let end = piece < cuts[index].count ? cuts[index][piece].rows : segment.rows.count
                guard end > start else { continue }
                segments.append(
                    annie_recurrent_segment(
                        state: state(index, slice), first_row: segment.rows.lowerBound + start, rows: end - start))
            }
            if !segments.isEmpty { body(segments) }
            for index in batch.segments.indices where piece < cuts[index].count {
                guard let source = state(index, slice) else { continue }
                cuts[index][piece].snapshot.layer(slice.layer).baseAddress?.advanced(by: slice.offset)
                    .update(from: source, count: count)
            }
        }
    }

    private func state(_ segment: Int, _ slice: RecurrentSlice) -> UnsafeMutablePointer<Float>? {
        states[segment].recurrentState(layer: slice.layer).baseAddress.map { $0 + slice.offset }
    }
}
