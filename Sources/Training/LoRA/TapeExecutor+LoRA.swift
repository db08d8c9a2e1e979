import CKernels
import Compute

extension TapeExecutor {
    /// dB += scale * dYᵀ (X Aᵀ) and dA += scale * (dY B)ᵀ X: two thin products each, where the gradient of the whole
    /// matrix would cost as much as training it.
    func addLowRankGradient(_ step: LinearBackward, _ dy: Matrix, _ adapter: LowRankAdapter) {
        let precision = weights.precision.kernel
        let (rows, columns, rank, tokens) = (adapter.rows, adapter.columns, adapter.rank, dy.rows)
        let part = dy.slice(columns: adapter.firstRow..<adapter.firstRow + rows)
        let inputScale = step.linear.inputScale
        // X Aᵀ
        let down = pool.matrix(rows: tokens, columns: rank)
        let a = pool.buffer(bytes: annie_train_right_size(precision, columns, rank))
        annie_train_pack_right_transposed(workers.handle, precision, a.pointer, adapter.a, columns, rank)
        annie_train_multiply(
            workers.handle, precision, step.input.pointer, tokens, a.pointer, columns, rank, inputScale, false,
            down.pointer, rank)
        // dY B
        let up = pool.matrix(rows: tokens, columns: rank)
        let dyRows = pool.buffer(bytes: annie_train_left_size(precision, tokens, rows))
        annie_train_pack_left(workers.handle, precision, dyRows.pointer, source(part), tokens, rows)
        let b = pool.buffer(bytes: annie_train_right_size(precision, rows, rank))
        annie_train_pack_right(workers.handle, precision, b.pointer, adapter.b, rows, rank)
        annie_train_multiply(
            workers.handle, precision, dyRows.pointer, tokens, b.pointer, rows, rank, 1, false, up.pointer, rank)
        addTransposed(part, rows, source(down), rank, scale: adapter.scale, to: adapter.block.target(adapter.bOffset))
        addTransposed(
            up, rank, source(packed: step.input, columns: columns), columns, scale: adapter.scale * inputScale,
            to: adapter.block.target(adapter.aOffset))
    }

    /// target[rows, columns] (+)= scale * leftᵀ right, both of as many rows as there are tokens.
    private func addTransposed(
        _ left: Matrix, _ rows: Int, _ right: annie_train_source, _ columns: Int, scale: Float,
        to target: (pointer: UnsafeMutablePointer<Float>, accumulates: Bool)
    ) {
        let precision = weights.precision.kernel
        let packedLeft = pool.buffer(bytes: annie_train_left_size(precision, rows, left.rows))
        annie_train_pack_left_transposed(
            workers.handle, precision, packedLeft.pointer, source(left), rows, left.rows)
        let packedRight = pool.buffer(bytes: annie_train_right_size(precision, left.rows, columns))
        annie_train_pack_right(workers.handle, precision, packedRight.pointer, right, left.rows, columns)
        annie_train_multiply(
            workers.handle, precision, packedLeft.pointer, rows, packedRight.pointer, left.rows, columns, scale,
            target.accumulates, target.pointer, columns)
    }
}
