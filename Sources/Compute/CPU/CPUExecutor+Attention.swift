import CKernels

extension CPUExecutor {
    /// See ``Executor/attention(q:k:v:_:)``.
    public func attention(q: HostTensor, k: HostTensor, v: HostTensor, _ attention: AttentionShape) -> HostTensor {
        let width = StateLayout.paddedHead(attention.headDim)
        guard width != attention.headDim else { return wholeAttention(q: q, k: k, v: v, attention) }
        // Zeros add nothing to scores, and what they give of values is not looked at.
        var wide = attention
        wide.headDim = width
        let output = wholeAttention(
            q: resized(q, heads: attention.heads, from: attention.headDim, to: width),
            k: resized(k, heads: attention.kvHeads, from: attention.headDim, to: width),
            v: resized(v, heads: attention.kvHeads, from: attention.headDim, to: width), wide)
        return resized(output, heads: attention.heads, from: width, to: attention.headDim)
    }

    /// Each head with more features, which are zero, or with its first ones alone.
    private func resized(_ x: HostTensor, heads: Int, from old: Int, to new: Int) -> HostTensor {
        let output = buffers.tensor(rows: x.rows, columns: heads * new)
        output.pointer.update(repeating: 0, count: x.rows * output.stride)
        for row in 0..<x.rows {
            for head in 0..<heads {
                (output.pointer + row * output.stride + head * new)
                    .update(from: x.pointer + row * x.stride + head * old, count: min(old, new))
            }
        }
        return output
    }

    private func wholeAttention(
        q: HostTensor, k: HostTensor, v: HostTensor, _ attention: AttentionShape
    ) -> HostTensor {
        let output = buffers.tensor(rows: q.rows, columns: attention.heads * attention.headDim)
        let isOutputs = q.rows != batch.count
        precondition(!isOutputs || q.rows == batch.outputRows.count, "queries are of all rows or of the output rows")
        var nextOutput = 0
        let segments = zip(batch.segments, states).map { segment, state in
            let pages = state.pageTable(layer: attention.layer)
            annie_kv_store(
                format.kernelFormat, pages, attention.kvHeads, attention.headDim, segment.start, segment.rows.count,
                k.pointer + segment.rows.lowerBound * k.stride, k.stride,
                v.pointer + segment.rows.lowerBound * v.stride, v.stride)
            guard isOutputs else {
                return annie_attention_segment(
                    pages: pages, first_row: segment.rows.lowerBound, rows: segment.rows.count, start: segment.start)
            }
            // The outputs of a segment are its last rows, if any.
            let count = batch.outputRows[nextOutput...].prefix { $0 < segment.rows.upperBound }.count
            defer { nextOutput += count }
            return annie_attention_segment(
                pages: pages, first_row: nextOutput, rows: count, start: segment.start + segment.rows.count - count)
        }
        let scratch = buffers.buffer(
            bytes: annie_attention_scratch_size(
                segments, segments.count, attention.heads, attention.kvHeads, attention.headDim))
        annie_attention(
            workers.handle, format.kernelFormat, segments, segments.count, q.pointer, q.stride, output.pointer,
            output.stride, attention.heads, attention.kvHeads, attention.headDim, attention.scale, scratch.pointer)
        return output
    }
}
