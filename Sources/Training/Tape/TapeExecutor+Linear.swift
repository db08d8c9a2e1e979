import CKernels
import Compute

extension TapeExecutor {
    /// `x Wᵀ (+ b)`, one tensor for each part.
    func multiplied(_ x: TapeTensor, _ layer: Linear) -> [TapeTensor] {
        let output = pool.matrix(rows: x.rows, columns: weights.linears[layer.index].rows)
        let cell = GradientCell(rows: output.rows, columns: output.columns, pool: pool)
        multiply(x, layer, into: output, addingTo: nil, cell, finally: nil)
        var start = 0
        return layer.parts.map { part in
            defer { start += part.rows }
            let columns = start..<start + part.rows
            return TapeTensor(output.slice(columns: columns), Gradient(cell: cell, columns: columns))
        }
    }

    /// `residual + x Wᵀ (+ b)`, in new memory: the norm before it needs the residual in its backward.
    func multiplied(_ x: TapeTensor, _ layer: Linear, addingTo residual: TapeTensor) -> TapeTensor {
        let output = pool.matrix(rows: residual.rows, columns: residual.columns)
        let cell = GradientCell(rows: output.rows, columns: output.columns, pool: pool)
        let residualGradient = residual.gradient
        multiply(x, layer, into: output, addingTo: residual.value, cell) { residualGradient.cell.adopt($0) }
        return TapeTensor(output, cell.whole)
    }

    private func multiply(
        _ x: TapeTensor, _ layer: Linear, into output: Matrix, addingTo addend: Matrix?, _ cell: GradientCell,
        finally passOn: ((Matrix) -> Void)?
    ) {
        let linear = weights.linears[layer.index]
        if let inputObserver { inputObserver(layer, x.value) }
        let input = packedInput(x, linear)
        if !skipsProduct {
            annie_train_multiply_adding(
                workers.handle, weights.precision.kernel, input.pointer, x.rows, linear.forward, linear.columns,
                linear.rows, linear.scale * linear.inputScale, addend?.pointer, addend?.stride ?? 0, output.pointer,
                output.stride)
            if let bias = linear.bias {
                annie_train_add_bias(workers.handle, output.pointer, output.stride, bias, output.rows, linear.rows)
            }
        }
        let step = LinearBackward(
            linear: linear, layer: layer, input: input, inputGradient: reached(layer) ? x.gradient : nil,
            clippedInput: linear.clipsInput ? x.value : nil)
        onBackward { [unowned self] in
            guard let dy = cell.takeOutput() else { return }
            run(step, dy)
            passOn?(dy.matrix())
        }
    }

    /// The input as the left operand of products, fake-quantised where the layer asks for it.
    func packedInput(_ x: TapeTensor, _ linear: WorkingLinear) -> ActivationBuffer {
        let precision = weights.precision
        let buffer = pool.buffer(bytes: annie_train_left_size(precision.kernel, x.rows, x.columns))
        if linear.quantizesInput {
            let value = x.value
            annie_train_fake_quantize(
                workers.handle, buffer.pointer, precision == .bfloat16, value.pointer, value.stride, x.rows, x.columns,
                linear.inputScale, ANNIE_NVFP4_MAX, nil)
        } else if let gated = x.gated {
            gated.pack(into: buffer, precision)
        } else {
            annie_train_pack_left(
                workers.handle, precision.kernel, buffer.pointer, source(x.value), x.rows, x.columns)
        }
        return buffer
    }

    func source(_ x: Matrix) -> annie_train_source {
        annie_train_source(values: x.pointer, is_bf16: false, stride: x.stride)
    }

    /// A left operand read as a matrix again.
    func source(packed input: ActivationBuffer, columns: Int, firstRow: Int = 0) -> annie_train_source {
        let isBFloat16 = weights.precision == .bfloat16
        let units = annie_train_units(weights.precision.kernel, columns)
        return annie_train_source(
            values: input.pointer + firstRow * units * 4, is_bf16: isBFloat16, stride: isBFloat16 ? units * 2 : units)
    }

    /// The logits' product, left to the loss.
    func deferred(_ x: TapeTensor, _ layer: Linear) -> TapeTensor {
        let linear = weights.linears[layer.index]
        let head = DeferredHead(
            input: packedInput(x, linear), inputGradient: x.gradient, layer: layer, rows: x.rows)
        return TapeTensor(x.value, x.gradient, head: head)
    }
}

/// What the backward of a product needs.
struct LinearBackward {
    let linear: WorkingLinear
    let layer: Linear
    /// The input as it was multiplied: `[rows, columns]`, packed.
    let input: ActivationBuffer
    /// Nil where nothing before it is trained.
    let inputGradient: Gradient?
    /// The unquantised input, where the straight-through estimator is clipped.
    let clippedInput: Matrix?
}

/// The gradient of a product's output as both products of its backward need it, read once.
struct PackedGradient {
    var left: ActivationBuffer?
    var transposed: ActivationBuffer?
}

extension TapeExecutor {
    /// dX = dY W, dW += dYᵀ X, db += the sum of dY's rows.
    func run(_ step: LinearBackward, _ dy: OutputGradient) {
        let linear = step.linear
        let gradient = weights.gradients?.linear(step.layer) ?? .none
        let packed = packedGradient(dy, linear, transposed: gradient.isDense)
        if let left = packed.left { addInputGradient(step, rows: dy.rows, left) }
        switch gradient {
        case .none: break
        case .dense(let target, let accumulates):
            if let transposed = packed.transposed {
                addWeightGradient(
                    step.input, firstRow: 0, transposed, rows: dy.rows, linear, into: target, accumulates: accumulates)
            }
        case .lowRank(let adapters):
            guard let left = packed.left else { preconditionFailure("a product with adapters goes back") }
            addLowRankGradients(step, dy, left, adapters)
        }
        if linear.bias != nil, let target = weights.gradients?.bias(step.layer) {
            let dy = dy.matrix()
            annie_train_bias_backward(workers.handle, target, dy.pointer, dy.stride, dy.rows, linear.rows)
        }
    }

    /// dY as the left operand of dY W, where the layer goes back, and of dYᵀ X, where that is wanted.
    func packedGradient(
        _ dy: OutputGradient, _ linear: WorkingLinear, transposed wantsTransposed: Bool
    ) -> PackedGradient {
        let (precision, rows, columns) = (weights.precision.kernel, dy.rows, linear.rows)
        var packed = PackedGradient()
        if linear.backward != nil { packed.left = pool.buffer(bytes: annie_train_left_size(precision, rows, columns)) }
        if wantsTransposed {
            packed.transposed = pool.buffer(bytes: annie_train_left_size(precision, columns, rows))
        }
        guard case .matrix(let dy) = dy else {
            if case .gated(let gradient) = dy { gradient.pack(into: packed, weights.precision) }
            return packed
        }
        switch (packed.left, packed.transposed) {
        case (let left?, let transposed?):
            annie_train_pack_left_both(
                workers.handle, precision, left.pointer, transposed.pointer, source(dy), rows, columns)
        case (let left?, nil):
            annie_train_pack_left(workers.handle, precision, left.pointer, source(dy), rows, columns)
        case (nil, let transposed?):
            annie_train_pack_left_transposed(
                workers.handle, precision, transposed.pointer, source(dy), columns, rows)
        case (nil, nil): break
        }
        return packed
    }

    private func addInputGradient(_ step: LinearBackward, rows: Int, _ left: ActivationBuffer) {
        let (linear, precision) = (step.linear, weights.precision.kernel)
        guard let backward = linear.backward, let (dx, accumulates) = step.inputGradient?.target() else { return }
        guard let input = step.clippedInput else {
            annie_train_multiply(
                workers.handle, precision, left.pointer, rows, backward, linear.rows, linear.columns, linear.scale,
                accumulates, dx.pointer, dx.stride)
            return
        }
        let unclipped = pool.matrix(rows: rows, columns: linear.columns)
        annie_train_multiply(
            workers.handle, precision, left.pointer, rows, backward, linear.rows, linear.columns, linear.scale,
            false, unclipped.pointer, unclipped.stride)
        let limit = linear.inputLimit
        for row in 0..<rows {
            annie_train_clip_gradient(
                unclipped.pointer + row * unclipped.stride, input.pointer + row * input.stride, linear.columns, limit)
        }
        if accumulates { dx.add(unclipped) } else { dx.copy(from: unclipped) }
    }

    /// target[rows, columns] (+)= dYᵀ X, for some rows of the input.
    func addWeightGradient(
        _ input: ActivationBuffer, firstRow: Int, _ transposed: ActivationBuffer, rows: Int, _ linear: WorkingLinear,
        into target: UnsafeMutablePointer<Float>, accumulates: Bool
    ) {
        let precision = weights.precision.kernel
        let right = pool.buffer(bytes: annie_train_right_size(precision, rows, linear.columns))
        annie_train_pack_right(
            workers.handle, precision, right.pointer,
            source(packed: input, columns: linear.columns, firstRow: firstRow), rows, linear.columns)
        annie_train_multiply(
            workers.handle, precision, transposed.pointer, linear.rows, right.pointer, rows, linear.columns,
            linear.inputScale, accumulates, target, linear.columns)
    }
}
