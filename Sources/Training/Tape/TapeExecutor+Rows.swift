import CKernels
import Compute

// The operations between products. Each computes its value and records its backward.
extension TapeExecutor {
    func embedding(_ table: Embedding) -> TapeTensor {
        let output = pool.matrix(rows: layout.tokens.count, columns: table.columns)
        annie_train_gather(
            workers.handle, output.pointer, weights.embedding, table.columns, layout.tokens, layout.tokens.count,
            weights.roundsEmbedding)
        let tensor = tensor(output)
        let cell = tensor.gradient.cell
        onBackward { [workers, weights, layout] in
            guard let dy = cell.take(), let target = weights.gradients?.embedding() else { return }
            annie_train_scatter_add(
                workers.handle, target, table.columns, layout.tokens, dy.pointer, layout.tokens.count)
        }
        return tensor
    }

    func normalized(_ x: TapeTensor, _ norm: Norm) -> TapeTensor {
        let output = pool.matrix(rows: x.rows, columns: x.columns)
        let weight = weights.norms[norm.index]
        annie_rms_norm(
            workers.handle, output.pointer, output.stride, x.value.pointer, x.value.stride, x.rows, x.columns, weight,
            norm.offset, norm.epsilon)
        let tensor = tensor(output)
        let (cell, input, gradient) = (tensor.gradient.cell, x.value, x.gradient)
        onBackward { [workers, weights] in
            guard let dy = cell.take() else { return }
            let (dx, accumulates) = gradient.target()
            annie_train_rms_norm_backward(
                workers.handle, dx.pointer, dx.stride, accumulates, weights.normGradient(norm), dy.pointer, dy.stride,
                input.pointer, input.stride, input.rows, 1, input.columns, weight, norm.offset, norm.epsilon)
        }
        return tensor
    }

    /// In place; the input is kept for the backward.
    func headNormalized(_ x: TapeTensor, _ norm: Norm, heads: Int) -> TapeTensor {
        let weight = weights.norms[norm.index]
        var input: Matrix?
        if isRecording, hasReachedTrained {
            let copy = pool.matrix(rows: x.rows, columns: x.columns)
            copy.copy(from: x.value)
            input = copy
        }
        annie_head_norm(
            workers.handle, x.value.pointer, x.value.stride, x.rows, heads, norm.columns, weight, norm.offset,
            norm.epsilon)
        let gradient = x.gradient
        onBackward { [workers, weights] in
            // The gradient of the output becomes that of the input where it stands.
            guard let input, let dx = gradient.current() else { return }
            annie_train_rms_norm_backward(
                workers.handle, dx.pointer, dx.stride, false, weights.normGradient(norm), dx.pointer, dx.stride,
                input.pointer, input.stride, input.rows, heads, norm.columns, weight, norm.offset, norm.epsilon)
        }
        return TapeTensor(x.value, gradient)
    }

    /// In place, and so is its backward: a turn by the same angle the other way.
    func rotated(_ x: TapeTensor, _ table: RotaryAngles, heads: Int) -> TapeTensor {
        table.reach(Int(layout.positions.max() ?? 0) + 1)
        let (embedding, gradient) = (table.embedding, x.gradient)
        annie_rotary(
            workers.handle, x.value.pointer, x.value.stride, x.rows, heads, embedding.headDim, embedding.rotaryDim,
            layout.positions, table.cosines, table.sines)
        onBackward { [workers, layout] in
            guard let dx = gradient.current() else { return }
            annie_rotary(
                workers.handle, dx.pointer, dx.stride, dx.rows, heads, embedding.headDim, embedding.rotaryDim,
                layout.positions, table.cosines, table.negativeSines)
        }
        return TapeTensor(x.value, gradient)
    }

    /// Computed by the product that follows, as it packs it; and so is the gradient, by the product before.
    func gated(_ gate: TapeTensor, _ up: TapeTensor) -> TapeTensor {
        let activation = GatedActivation(gate: gate.value, up: up.value, pool: pool, workers: workers)
        let cell = GradientCell(rows: gate.rows, columns: gate.columns, pool: pool)
        let (gateGradient, upGradient) = (gate.gradient, up.gradient)
        onBackward {
            guard let dy = cell.take() else { return }
            if gateGradient.isLeftHalf(before: upGradient), let gradient = GatedGradient(activation, dy: dy),
                gateGradient.cell.adopt(gradient)
            {
                return
            }
            let (dGate, accumulates) = gateGradient.target()
            let (dUp, alsoAccumulates) = upGradient.target()
            precondition(accumulates == alsoAccumulates, "gate and up are parts of one product")
            activation.goBack(dy, into: dGate, dUp, accumulates: accumulates)
        }
        return TapeTensor(activation, cell.whole)
    }

    func selected(_ x: TapeTensor) -> TapeTensor {
        let rows = layout.outputRows
        let output = pool.matrix(rows: rows.count, columns: x.columns)
        for (index, row) in rows.enumerated() {
            (output.pointer + index * output.stride).update(
                from: x.value.pointer + Int(row) * x.value.stride, count: x.columns)
        }
        let tensor = tensor(output)
        let (cell, gradient) = (tensor.gradient.cell, x.gradient)
        onBackward { [workers] in
            guard let dy = cell.take() else { return }
            let (dx, accumulates) = gradient.target()
            precondition(dx.stride == dx.columns, "output rows are taken of whole matrices")
            if !accumulates { dx.zero() }
            annie_train_scatter_add(workers.handle, dx.pointer, dx.columns, rows, dy.pointer, rows.count)
        }
        return tensor
    }
}
