import Compute

/// A matrix of activations on the tape, with the place where its gradient gathers.
///
/// The value lives for as long as the model or a backward needs it; a node of the tape that needs only the gradient
/// keeps only that.
public final class TapeTensor {
    let gradient: Gradient
    /// What the value is computed of, where it is not there before it is asked for.
    let gated: GatedActivation?
    private var computed: Matrix?
    /// Set on logits: they are computed chunk by chunk together with their loss, never all at once.
    let head: DeferredHead?

    init(_ value: Matrix, _ gradient: Gradient, head: DeferredHead? = nil) {
        computed = value
        gated = nil
        self.gradient = gradient
        self.head = head
    }

    init(_ activation: GatedActivation, _ gradient: Gradient) {
        gated = activation
        self.gradient = gradient
        head = nil
    }

    var value: Matrix {
        if let computed { return computed }
        guard let gated else { preconditionFailure("a tensor has a value, or what it is computed of") }
        let value = gated.matrix()
        computed = value
        return value
    }

    /// Rows (tokens).
    public var rows: Int { (computed ?? gated?.gate)?.rows ?? 0 }
    /// Columns (features).
    public var columns: Int { (computed ?? gated?.gate)?.columns ?? 0 }
}

/// The product with the head's weights that was asked for but not computed yet.
struct DeferredHead {
    /// The input's rows, packed.
    let input: ActivationBuffer
    let inputGradient: Gradient
    let layer: Linear
    let rows: Int
}

/// Some columns of a gradient.
struct Gradient {
    let cell: GradientCell
    let columns: Range<Int>

    /// Where to write, and whether to add to what is there.
    func target() -> (matrix: Matrix, accumulates: Bool) { cell.target(columns) }

    /// Whether these columns and the other ones are the two halves of one matrix.
    func isLeftHalf(before other: Gradient) -> Bool {
        cell === other.cell && columns.lowerBound == 0 && columns.upperBound == other.columns.lowerBound
            && other.columns.upperBound == cell.columns && columns.count == other.columns.count
    }

    /// What was written there; nil when nothing depends on these columns.
    func current() -> Matrix? { cell.current(columns) }
}

/// The gradient of one matrix of activations; memory is taken when the first part arrives.
final class GradientCell {
    private let rows: Int
    let columns: Int
    private let pool: ActivationPool
    private var matrix: Matrix?
    /// All of the gradient that has arrived, not computed yet.
    private var gated: GatedGradient?
    private var written: [Range<Int>] = []

    init(rows: Int, columns: Int, pool: ActivationPool) {
        self.rows = rows
        self.columns = columns
        self.pool = pool
    }

    var whole: Gradient { Gradient(cell: self, columns: 0..<columns) }

    func target(_ range: Range<Int>) -> (matrix: Matrix, accumulates: Bool) {
        computeGated()
        let matrix = matrix ?? pool.matrix(rows: rows, columns: columns)
        self.matrix = matrix
        if written.allSatisfy({ !$0.overlaps(range) }) {
            written.append(range)
            return (matrix.slice(columns: range), false)
        }
        if !written.contains(where: { $0.clamped(to: range) == range }) { complete() }
        return (matrix.slice(columns: range), true)
    }

    func current(_ range: Range<Int>) -> Matrix? {
        computeGated()
        return written.contains { $0.overlaps(range) } ? target(range).matrix : nil
    }

    /// Zeros where nothing was written.
    private func complete() {
        guard let matrix else { return }
        var start = 0
        for range in written.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > start { matrix.slice(columns: start..<range.lowerBound).zero() }
            start = max(start, range.upperBound)
        }
        if start < columns { matrix.slice(columns: start..<columns).zero() }
        written = [0..<columns]
    }

    /// The finished gradient, which leaves the cell; nil when nothing depends on the matrix.
    func take() -> Matrix? { takeOutput()?.matrix() }

    /// The same, computed or not.
    func takeOutput() -> OutputGradient? {
        if let gradient = gated {
            gated = nil
            return .gated(gradient)
        }
        complete()
        defer { matrix = nil }
        return matrix.map { .matrix($0) }
    }

    /// The whole gradient, to be computed by whoever takes it; false where a part of it is there already.
    func adopt(_ gradient: GatedGradient) -> Bool {
        guard matrix == nil, gated == nil else { return false }
        gated = gradient
        return true
    }

    private func computeGated() {
        guard let gradient = gated else { return }
        gated = nil
        adopt(gradient.matrix())
    }

    /// Adds a gradient that nobody else uses any more: its memory becomes the cell's where that is empty.
    func adopt(_ other: Matrix) {
        computeGated()
        guard matrix != nil else {
            matrix = other
            written = [0..<columns]
            return
        }
        let (target, accumulates) = target(0..<columns)
        if accumulates { target.add(other) } else { target.copy(from: other) }
    }
}
