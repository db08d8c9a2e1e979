import CKernels
import Compute

extension Gradient {
    /// Has a gradient written that cannot add to what is there, and adds it where something is.
    func receive(_ pool: ActivationPool, _ body: (Matrix) -> Void) {
        let (matrix, accumulates) = target()
        guard accumulates else { return body(matrix) }
        let own = pool.matrix(rows: matrix.rows, columns: matrix.columns)
        body(own)
        matrix.add(own)
    }
}

// Gates, and heads that hold two things.
extension TapeExecutor {
    func split(_ x: TapeTensor, heads: Int) -> [TapeTensor] {
        let half = x.columns / heads / 2
        let first = pool.matrix(rows: x.rows, columns: x.columns / 2)
        let second = pool.matrix(rows: x.rows, columns: x.columns / 2)
        annie_split_heads(
            workers.handle, first.pointer, second.pointer, x.value.pointer, x.value.stride, x.rows, heads, half)
        let parts = [tensor(first), tensor(second)]
        let cells = parts.map(\.gradient.cell)
        let gradient = x.gradient
        onBackward { [workers, pool] in
            guard let first = cells[0].take(), let second = cells[1].take() else { return }
            gradient.receive(pool) { dx in
                annie_join_heads(
                    workers.handle, dx.pointer, dx.stride, first.pointer, first.stride, second.pointer, second.stride,
                    dx.rows, heads, half)
            }
        }
        return parts
    }

    func sigmoidGated(_ x: TapeTensor, _ gate: TapeTensor) -> TapeTensor {
        let output = pool.matrix(rows: x.rows, columns: x.columns)
        output.copy(from: x.value)
        annie_sigmoid_gate(
            workers.handle, output.pointer, output.stride, gate.value.pointer, gate.value.stride, x.rows, x.columns)
        let tensor = tensor(output)
        let cell = tensor.gradient.cell
        let (input, gateValue, gradient, gateGradient) = (x.value, gate.value, x.gradient, gate.gradient)
        onBackward { [workers, pool] in
            guard let dy = cell.take() else { return }
            gradient.receive(pool) { dx in
                gateGradient.receive(pool) { dgate in
                    annie_sigmoid_gate_backward(
                        workers.handle, dx.pointer, dx.stride, dgate.pointer, dgate.stride, dy.pointer, dy.stride,
                        input.pointer, input.stride, gateValue.pointer, gateValue.stride, input.rows, input.columns)
                }
            }
        }
        return tensor
    }

    func gatedNormalized(_ x: TapeTensor, _ gate: TapeTensor, _ norm: Norm, heads: Int) -> TapeTensor {
        let weight = weights.norms[norm.index]
        let output = pool.matrix(rows: x.rows, columns: x.columns)
        output.copy(from: x.value)
        annie_gated_head_norm(
            workers.handle, output.pointer, output.stride, gate.value.pointer, gate.value.stride, x.rows, heads,
            norm.columns, weight, norm.offset, norm.epsilon)
        let tensor = tensor(output)
        let cell = tensor.gradient.cell
        let (input, gateValue, gradient, gateGradient) = (x.value, gate.value, x.gradient, gate.gradient)
        onBackward { [workers, pool, weights] in
            guard let dy = cell.take() else { return }
            let scratch = pool.buffer(bytes: input.rows * heads * 4)
            gradient.receive(pool) { dx in
                gateGradient.receive(pool) { dgate in
                    annie_gated_head_norm_backward(
                        workers.handle, dx.pointer, dx.stride, dgate.pointer, dgate.stride, weights.normGradient(norm),
                        dy.pointer, dy.stride, input.pointer, input.stride, gateValue.pointer, gateValue.stride,
                        input.rows, heads, norm.columns, weight, norm.offset, norm.epsilon, scratch.floats)
                }
            }
        }
        return tensor
    }
}
