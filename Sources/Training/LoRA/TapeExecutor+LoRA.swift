import CKernels
import Compute

extension TapeExecutor {
    /// dB += scale * dYᵀ (X Aᵀ) and dA += scale * (dY B)ᵀ X of all adapters of one product: thin products, where the
    /// gradient of the whole matrix would cost as much as training it. X and dY are read as the product's other operands left
    /// them.
    func addLowRankGradients(
        _ step: LinearBackward, _ dy: OutputGradient, _ gradient: ActivationBuffer, _ adapters: [LowRankAdapter]
    ) {
        let columns = step.linear.columns
        let ranks = adapters.reduce(0) { $0 + $1.rank }
        let down = projectedDown(step, tokens: dy.rows, adapters, ranks: ranks)
        let up = projectedUp(dy, gradient, adapters, ranks: ranks)
        let input = source(packed: step.input, columns: columns)
        // (dY B)ᵀ X of all of them, one below the other, and (X Aᵀ)ᵀ dY of each.
        let outer = pool.matrix(rows: ranks, columns: columns)
        multiplyThin(transposed(up), ranks, input, tokens: dy.rows, into: outer)
        let downColumns = transposed(down)
        var start = 0
        for adapter in adapters {
            addA(outer, firstRow: start, step, adapter)
            addB(downColumns, firstRow: start, dy, gradient, adapter)
            start += adapter.rank
        }
    }

    private var kernel: annie_train_precision { weights.precision.kernel }

    /// X Aᵀ of all adapters, side by side.
    private func projectedDown(
        _ step: LinearBackward, tokens: Int, _ adapters: [LowRankAdapter], ranks: Int
    ) -> Matrix {
        let columns = step.linear.columns
        let stacked = pool.matrix(rows: ranks, columns: columns)
        var next = stacked.pointer
        for adapter in adapters {
            next.update(from: adapter.block.values + adapter.aOffset, count: adapter.rank * columns)
            next += adapter.rank * columns
        }
        let right = pool.buffer(bytes: annie_train_right_size(kernel, columns, ranks))
        annie_train_pack_right_transposed(workers.handle, kernel, right.pointer, source(stacked), columns, ranks)
        let down = pool.matrix(rows: tokens, columns: ranks)
        annie_train_multiply(
            workers.handle, kernel, step.input.pointer, tokens, right.pointer, columns, ranks, step.linear.inputScale,
            false, down.pointer, down.stride)
        return down
    }

    /// dY B of all adapters, side by side; each is of the adapter's own rows of the product.
    private func projectedUp(
        _ dy: OutputGradient, _ gradient: ActivationBuffer, _ adapters: [LowRankAdapter], ranks: Int
    ) -> Matrix {
        let up = pool.matrix(rows: dy.rows, columns: ranks)
        var start = 0
        for adapter in adapters {
            let own = up.slice(columns: start..<start + adapter.rank)
            start += adapter.rank
            let right = pool.buffer(bytes: annie_train_right_size(kernel, adapter.rows, adapter.rank))
            annie_train_pack_right(workers.handle, kernel, right.pointer, adapter.b, adapter.rows, adapter.rank)
            if adapter.firstRow.isMultiple(of: 2), adapter.rows.isMultiple(of: 2) {
                annie_train_multiply_within(
                    workers.handle, kernel, gradient.pointer + annie_train_units(kernel, adapter.firstRow) * 4,
                    annie_train_units(kernel, dy.columns), dy.rows, right.pointer, adapter.rows, adapter.rank, 1,
                    own.pointer, own.stride)
            } else {
                // Its first or last row shares a unit with a neighbour's.
                let part = dy.matrix().slice(columns: adapter.firstRow..<adapter.firstRow + adapter.rows)
                let left = pool.buffer(bytes: annie_train_left_size(kernel, dy.rows, adapter.rows))
                annie_train_pack_left(workers.handle, kernel, left.pointer, source(part), dy.rows, adapter.rows)
                annie_train_multiply(
                    workers.handle, kernel, left.pointer, dy.rows, right.pointer, adapter.rows, adapter.rank, 1, false,
                    own.pointer, own.stride)
            }
        }
        return up
    }

    /// The columns of a thin matrix as the rows of a left operand.
    private func transposed(_ thin: Matrix) -> ActivationBuffer {
        let left = pool.buffer(bytes: annie_train_left_size(kernel, thin.columns, thin.rows))
        annie_train_pack_left_transposed(
            workers.handle, kernel, left.pointer, source(thin), thin.columns, thin.rows)
        return left
    }

    private func multiplyThin(
        _ left: ActivationBuffer, firstRow: Int = 0, _ rows: Int, _ right: annie_train_source, tokens: Int,
        into out: Matrix
    ) {
        annie_train_multiply_thin(
            workers.handle, kernel, left.pointer + firstRow * annie_train_units(kernel, tokens) * 4, rows, right,
            tokens,
            out.columns, 1, out.pointer, out.stride)
    }

    private func addA(_ outer: Matrix, firstRow: Int, _ step: LinearBackward, _ adapter: LowRankAdapter) {
        let target = adapter.block.target(adapter.aOffset)
        let (count, scale) = (adapter.rank * outer.columns, adapter.scale * step.linear.inputScale)
        let values = outer.pointer + firstRow * outer.columns
        for index in 0..<count {
            let value = values[index] * scale
            target.pointer[index] = target.accumulates ? target.pointer[index] + value : value
        }
    }

    private func addB(
        _ down: ActivationBuffer, firstRow: Int, _ dy: OutputGradient, _ gradient: ActivationBuffer,
        _ adapter: LowRankAdapter
    ) {
        let (rows, rank) = (adapter.rows, adapter.rank)
        let outer = pool.matrix(rows: rank, columns: rows)
        var right = source(packed: gradient, columns: dy.columns)
        right.values += adapter.firstRow * (right.is_bf16 ? 2 : 4)
        multiplyThin(down, firstRow: firstRow, rank, right, tokens: dy.rows, into: outer)
        let target = adapter.block.target(adapter.bOffset)
        for row in 0..<rows {
            for column in 0..<rank {
                let value = outer.pointer[column * rows + row] * adapter.scale
                let index = row * rank + column
                target.pointer[index] = target.accumulates ? target.pointer[index] + value : value
            }
        }
    }
}
