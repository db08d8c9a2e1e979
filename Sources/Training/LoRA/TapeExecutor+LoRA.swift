import CKernels
import Compute

extension TapeExecutor {
    /// dB += scale * dYᵀ (X Aᵀ) and dA += scale * (dY B)ᵀ X of all adapters of one product: thin products, where the
    /// gradient of the whole matrix would cost as much as training it. X and dY are packed once for all of them.
    func addLowRankGradients(
        _ step: LinearBackward, _ dy: Matrix, _ gradient: PackedGradient, _ adapters: [LowRankAdapter]
    ) {
        let (tokens, columns) = (dy.rows, step.linear.columns)
        let ranks = adapters.reduce(0) { $0 + $1.rank }
        let down = projectedDown(step, tokens: tokens, adapters, ranks: ranks)
        let up = pool.matrix(rows: tokens, columns: ranks)
        var start = 0
        for adapter in adapters {
            let own = start..<start + adapter.rank
            project(dy, gradient, adapter, into: up.slice(columns: own))
            addOuterGradient(gradient, down.slice(columns: own), adapter, tokens: tokens)
            start = own.upperBound
        }
        let left = pool.buffer(bytes: annie_train_left_size(kernel, ranks, tokens))
        annie_train_pack_left_transposed(workers.handle, kernel, left.pointer, source(up), ranks, tokens)
        let inputs = pool.buffer(bytes: annie_train_right_size(kernel, tokens, columns))
        annie_train_pack_right(
            workers.handle, kernel, inputs.pointer, source(packed: step.input, columns: columns), tokens, columns)
        start = 0
        for adapter in adapters {
            let target = adapter.block.target(adapter.aOffset)
            annie_train_multiply(
                workers.handle, kernel, left.pointer + start * annie_train_units(kernel, tokens) * 4, adapter.rank,
                inputs.pointer, tokens, columns, adapter.scale * step.linear.inputScale, target.accumulates,
                target.pointer, columns)
            start += adapter.rank
        }
    }

    private var kernel: annie_train_precision { weights.precision.kernel }

    /// X Aᵀ of all adapters, side by side.
    private func projectedDown(_ step: LinearBackward, tokens: Int, _ adapters: [LowRankAdapter], ranks: Int) -> Matrix
    {
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

    /// dY B, of an adapter's own rows of the product.
    private func project(_ dy: Matrix, _ gradient: PackedGradient, _ adapter: LowRankAdapter, into up: Matrix) {
        let right = pool.buffer(bytes: annie_train_right_size(kernel, adapter.rows, adapter.rank))
        annie_train_pack_right(workers.handle, kernel, right.pointer, adapter.b, adapter.rows, adapter.rank)
        let isWhole = adapter.firstRow.isMultiple(of: 2) && adapter.rows.isMultiple(of: 2)
        if let left = gradient.left, isWhole {
            let units = annie_train_units(kernel, dy.columns)
            annie_train_multiply_within(
                workers.handle, kernel, left.pointer + annie_train_units(kernel, adapter.firstRow) * 4, units, dy.rows,
                right.pointer, adapter.rows, adapter.rank, 1, up.pointer, up.stride)
        } else {
            // Its first or last row shares a unit with a neighbour's.
            let part = dy.slice(columns: adapter.firstRow..<adapter.firstRow + adapter.rows)
            let left = pool.buffer(bytes: annie_train_left_size(kernel, dy.rows, adapter.rows))
            annie_train_pack_left(workers.handle, kernel, left.pointer, source(part), dy.rows, adapter.rows)
            annie_train_multiply(
                workers.handle, kernel, left.pointer, dy.rows, right.pointer, adapter.rows, adapter.rank, 1, false,
                up.pointer, up.stride)
        }
    }

    private func addOuterGradient(
        _ gradient: PackedGradient, _ down: Matrix, _ adapter: LowRankAdapter, tokens: Int
    ) {
        guard let transposed = gradient.transposed else { preconditionFailure("adapters want the transposed gradient") }
        let right = pool.buffer(bytes: annie_train_right_size(kernel, tokens, adapter.rank))
        annie_train_pack_right(workers.handle, kernel, right.pointer, source(down), tokens, adapter.rank)
        let target = adapter.block.target(adapter.bOffset)
        annie_train_multiply(
            workers.handle, kernel,
            transposed.pointer + adapter.firstRow * annie_train_units(kernel, tokens) * 4, adapter.rows,
            right.pointer, tokens, adapter.rank, adapter.scale, target.accumulates, target.pointer, adapter.rank)
    }
}
