import CKernels
import Compute

/// `silu(gate) * up` before it is computed: the product that follows packs it as it goes.
struct GatedActivation {
    let gate: Matrix, up: Matrix
    let pool: ActivationPool
    let workers: WorkerPool

    /// The activation as a matrix.
    func matrix() -> Matrix {
        let output = pool.matrix(rows: gate.rows, columns: gate.columns)
        annie_swiglu(
            workers.handle, output.pointer, output.stride, gate.pointer, up.pointer, gate.stride, gate.rows,
            gate.columns)
        return output
    }

    /// The activation as a product's left operand.
    func pack(into left: ActivationBuffer, _ precision: TrainingPrecision) {
        annie_train_pack_left_gated(
            workers.handle, precision.kernel, left.pointer, gate.pointer, up.pointer, gate.stride, gate.rows,
            gate.columns)
    }

    /// The gradients of gate and up, added to what is there where asked for.
    func goBack(_ dy: Matrix, into dGate: Matrix, _ dUp: Matrix, accumulates: Bool) {
        precondition(
            dGate.stride == gate.stride && dUp.stride == gate.stride && up.stride == gate.stride,
            "gate and up are parts of one product")
        annie_train_swiglu_backward(
            workers.handle, dGate.pointer, dUp.pointer, accumulates, dy.pointer, dy.stride, gate.pointer, up.pointer,
            gate.stride, dy.rows, dy.columns)
    }
}

/// The gradient of gate and up, side by side, before it is computed.
struct GatedGradient {
    let activation: GatedActivation
    /// The gradient of the activation.
    let dy: Matrix

    /// Nil for widths whose halves would share a panel.
    init?(_ activation: GatedActivation, dy: Matrix) {
        guard dy.columns.isMultiple(of: 64) else { return nil }
        self.activation = activation
        self.dy = dy
    }

    /// The gradient as a matrix.
    func matrix() -> Matrix {
        let columns = dy.columns
        let output = activation.pool.matrix(rows: dy.rows, columns: 2 * columns)
        activation.goBack(
            dy, into: output.slice(columns: 0..<columns), output.slice(columns: columns..<2 * columns),
            accumulates: false)
        return output
    }

    /// The gradient as the left operand of the backward's products.
    func pack(into packed: PackedGradient, _ precision: TrainingPrecision) {
        let (gate, up) = (activation.gate, activation.up)
        annie_train_pack_gated_backward(
            activation.workers.handle, precision.kernel, packed.left?.pointer, packed.transposed?.pointer, dy.pointer,
            dy.stride, gate.pointer, up.pointer, gate.stride, dy.rows, dy.columns)
    }
}

/// The gradient of a product's output: a matrix, or what one would be computed of.
enum OutputGradient {
    case matrix(Matrix)
    case gated(GatedGradient)

    var rows: Int {
        switch self {
        case .matrix(let matrix): matrix.rows
        case .gated(let gradient): gradient.dy.rows
        }
    }

    var columns: Int {
        switch self {
        case .matrix(let matrix): matrix.columns
        case .gated(let gradient): 2 * gradient.dy.columns
        }
    }

    func matrix() -> Matrix {
        switch self {
        case .matrix(let matrix): matrix
        case .gated(let gradient): gradient.matrix()
        }
    }
}
