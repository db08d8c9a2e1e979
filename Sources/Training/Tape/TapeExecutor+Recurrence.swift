import CKernels
import Compute

// Recurrent operations: a segment begins with the state that its parent ended with, or an empty one.
extension TapeExecutor {
    func convolved(_ x: TapeTensor, _ convolution: CausalConvolution) -> TapeTensor {
        let output = pool.matrix(rows: x.rows, columns: x.columns)
        let weight = weights.arrays[convolution.weight.index]
        let (channels, kernel) = (convolution.channels, convolution.kernel)
        let count = CausalConvolution.stateCount(channels: channels, kernel: kernel)
        let states = SegmentStates(layout.segments, count: count, pool: pool)
        states.forward { segments in
            annie_causal_convolution(
                workers.handle, output.pointer, output.stride, x.value.pointer, x.value.stride, segments.baseAddress,
                segments.count, channels, kernel, weight)
        }
        let tensor = tensor(output)
        let (cell, input, gradient) = (tensor.gradient.cell, x.value, x.gradient)
        onBackward { [workers, pool, weights] in
            guard let dy = cell.take() else { return }
            gradient.receive(pool) { dx in
                states.backward(pool) { segments in
                    annie_causal_convolution_backward(
                        workers.handle, dx.pointer, dx.stride, weights.arrayGradient(convolution.weight), dy.pointer,
                        dy.stride, input.pointer, input.stride, segments.baseAddress, segments.count, channels, kernel,
                        weight)
                }
            }
        }
        return tensor
    }

    func deltaRead(qkv: TapeTensor, update: TapeTensor, decay: TapeTensor, _ delta: GatedDelta) -> TapeTensor {
        let output = pool.matrix(rows: qkv.rows, columns: delta.valueHeads * delta.valueDim)
        let call = DeltaCall(
            qkv: qkv.value, update: update.value, decay: decay.value, delta: delta,
            logRate: weights.arrays[delta.logRate.index], stepBias: weights.arrays[delta.stepBias.index])
        let count = GatedDelta.stateCount(
            valueHeads: delta.valueHeads, keyDim: delta.keyDim, valueDim: delta.valueDim)
        let states = SegmentStates(layout.segments, count: count, pool: pool)
        states.forward { call.forward($0, into: output, workers: workers, pool: pool) }
        let tensor = tensor(output)
        let cell = tensor.gradient.cell
        let gradients = (qkv.gradient, update.gradient, decay.gradient)
        onBackward { [workers, pool, weights] in
            guard let dy = cell.take() else { return }
            gradients.0.receive(pool) { dqkv in
                gradients.1.receive(pool) { dupdate in
                    gradients.2.receive(pool) { ddecay in
                        let targets = annie_delta_gradients(
                            qkv: dqkv.pointer, b: dupdate.pointer, a: ddecay.pointer, ldqkv: dqkv.stride,
                            ldb: dupdate.stride, lda: ddecay.stride, a_log: weights.arrayGradient(delta.logRate),
                            dt_bias: weights.arrayGradient(delta.stepBias))
                        states.backward(pool) { call.backward($0, dy, targets, workers: workers, pool: pool) }
                    }
                }
            }
        }
        return tensor
    }
}

/// What the kernels of the gated delta rule are told, kept for the backward.
private struct DeltaCall {
    let qkv: Matrix, update: Matrix, decay: Matrix
    let delta: GatedDelta
    let logRate: UnsafePointer<Float>, stepBias: UnsafePointer<Float>

    func forward(
        _ segments: UnsafeBufferPointer<annie_recurrent_segment>, into output: Matrix, workers: WorkerPool,
        pool: ActivationPool
    ) {
        var shape = delta.kernelShape
        let scratch = pool.buffer(bytes: annie_gated_delta_scratch_size(&shape, qkv.rows))
        annie_gated_delta(
            workers.handle, output.pointer, output.stride, qkv.pointer, qkv.stride, update.pointer, update.stride,
            decay.pointer, decay.stride, segments.baseAddress, segments.count, &shape, logRate, stepBias,
            scratch.pointer)
    }

    func backward(
        _ segments: UnsafeBufferPointer<annie_recurrent_backward_segment>, _ dy: Matrix,
        _ gradients: annie_delta_gradients, workers: WorkerPool, pool: ActivationPool
    ) {
        var shape = delta.kernelShape
        var gradients = gradients
        withUnsafePointer(to: &shape) { shape in
            var inputs = annie_delta_inputs(
                shape: shape, qkv: qkv.pointer, b: update.pointer, a: decay.pointer, ldqkv: qkv.stride,
                ldb: update.stride, lda: decay.stride, a_log: logRate, dt_bias: stepBias)
            let scratch = pool.buffer(
                bytes: annie_gated_delta_backward_scratch_size(
                    workers.handle, shape, segments.baseAddress, segments.count))
            annie_gated_delta_backward(
                workers.handle, &gradients, dy.pointer, dy.stride, &inputs, segments.baseAddress, segments.count,
                scratch.pointer)
        }
    }
}

/// The recurrent states that segments begin with, kept for the backward.
private struct SegmentStates {
    let segments: [annie_train_segment]
    let count: Int
    /// `[segments, count]`: the state before each segment's first row.
    let initial: Matrix
    /// By segment: its ancestors.
    private let depths: [Int]

    init(_ segments: [annie_train_segment], count: Int, pool: ActivationPool) {
        self.segments = segments
        self.count = count
        initial = pool.matrix(rows: segments.count, columns: max(count, 1))
        initial.zero()
        var depths: [Int] = []
        for segment in segments { depths.append(segment.parent < 0 ? 0 : depths[segment.parent] + 1) }
        self.depths = depths
        self.pool = pool
    }

    private let pool: ActivationPool

    /// Runs the segments, parents before their children.
    func forward(_ body: (UnsafeBufferPointer<annie_recurrent_segment>) -> Void) {
        // Rows turn their state into that of their end, which their children begin with.
        let states = pool.matrix(rows: segments.count, columns: initial.columns)
        for depth in 0...(depths.max() ?? 0) {
            let level = segments.indices.filter { depths[$0] == depth }
            let kernelSegments = level.map { index in
                let segment = segments[index]
                if segment.parent >= 0 {
                    (initial.pointer + index * initial.stride).update(
                        from: states.pointer + segment.parent * states.stride, count: count)
                }
                let state = states.pointer + index * states.stride
                state.update(from: initial.pointer + index * initial.stride, count: count)
                return annie_recurrent_segment(state: state, first_row: segment.first_row, rows: segment.rows)
            }
            withExtendedLifetime(states) { kernelSegments.withUnsafeBufferPointer(body) }
        }
    }

    func backward(
        _ pool: ActivationPool, _ body: (UnsafeBufferPointer<annie_recurrent_backward_segment>) -> Void
    ) {
        let gradients = pool.matrix(rows: segments.count, columns: initial.columns)
        gradients.zero()
        let kernelSegments = segments.enumerated().map { index, segment in
            annie_recurrent_backward_segment(
                state: initial.pointer + index * initial.stride,
                state_gradient: gradients.pointer + index * gradients.stride, first_row: segment.first_row,
                rows: segment.rows, parent: segment.parent)
        }
        withExtendedLifetime(gradients) { kernelSegments.withUnsafeBufferPointer(body) }
    }
}
