import CKernels
import Compute

extension TapeExecutor {
    /// Attention of each row to its segment's ancestors and to its own past.
    func attended(q: TapeTensor, k: TapeTensor, v: TapeTensor, _ shape: AttentionShape) -> TapeTensor {
        let output = pool.matrix(rows: q.rows, columns: shape.heads * shape.headDim)
        let logSumExp = pool.buffer(bytes: shape.heads * q.rows * 4)
        let call = AttentionCall(
            q: q.value, k: k.value, v: v.value, shape: shape, segments: layout.segments,
            precision: weights.precision.kernel)
        call.withDescriptor { descriptor in
            let scratch = pool.buffer(bytes: annie_train_attention_scratch_size(descriptor))
            annie_train_attention_forward(
                workers.handle, descriptor, output.pointer, output.stride, logSumExp.floats, scratch.pointer)
        }
        let tensor = tensor(output)
        let cell = tensor.gradient.cell
        let gradients = (q.gradient, k.gradient, v.gradient)
        onBackward { [workers, pool] in
            guard let dy = cell.take() else { return }
            let (dq, dk, dv) = (gradients.0.target(), gradients.1.target(), gradients.2.target())
            precondition(
                !dq.accumulates && !dk.accumulates && !dv.accumulates && dq.matrix.stride == call.q.stride
                    && dk.matrix.stride == call.k.stride && dv.matrix.stride == call.v.stride,
                "queries, keys and values are used by one attention only")
            call.withDescriptor { descriptor in
                let scratch = pool.buffer(bytes: annie_train_attention_backward_scratch_size(descriptor))
                annie_train_attention_backward(
                    workers.handle, descriptor, dq.matrix.pointer, dk.matrix.pointer, dv.matrix.pointer, dy.pointer,
                    dy.stride, output.pointer, output.stride, logSumExp.floats, scratch.pointer)
            }
        }
        return tensor
    }
}

/// What the kernel is told, kept for the backward.
private struct AttentionCall {
    let q: Matrix, k: Matrix, v: Matrix
    let shape: AttentionShape
    let segments: [annie_train_segment]
    let precision: annie_train_precision

    func withDescriptor(_ body: (UnsafePointer<annie_train_attention>) -> Void) {
        segments.withUnsafeBufferPointer { segments in
            var descriptor = annie_train_attention(
                precision: precision, segments: segments.baseAddress, segment_count: segments.count, rows: q.rows,
                heads: shape.heads, kv_heads: shape.kvHeads, head_dim: shape.headDim, scale: shape.scale,
                q: q.pointer, k: k.pointer, v: v.pointer, ldq: q.stride, ldk: k.stride, ldv: v.stride)
            withUnsafePointer(to: &descriptor, body)
        }
    }
}
