import CKernels
import Compute

/// Runs a model's forward pass as the other executors do, and keeps what the backward pass needs.
///
/// Each operation computes its value and, while recording, puts a closure on the tape that takes the gradient of its
/// output and adds to those of its inputs. The closure holds exactly what it needs, so everything else is freed as the
/// forward pass goes on. Used by one thread at a time.
public final class TapeExecutor: Executor {
    let workers: WorkerPool
    let weights: WorkingWeights
    let pool: ActivationPool
    var layout: RowLayout
    private(set) var isRecording: Bool
    /// Set by the first operation that has something to train: what comes before it needs no gradient.
    private(set) var hasReachedTrained = false
    private var tape: [() -> Void] = []
    private let rotaryTables = RotaryTables()
    /// Set while a checkpointed segment is computed again and its last product is not needed.
    var skipsProduct = false
    private var checkpoints: CheckpointRecorder?
    /// Told the input of every linear layer, for calibration.
    var inputObserver: ((Linear, Matrix) -> Void)?

    init(
        weights: WorkingWeights, layout: RowLayout, workers: WorkerPool, pool: ActivationPool, records: Bool,
        checkpoints: Bool = false
    ) {
        self.weights = weights
        self.layout = layout
        self.workers = workers
        self.pool = pool
        isRecording = records && !checkpoints
        hasReachedTrained = weights.gradients?.trainsEmbedding == true
        if records && checkpoints { self.checkpoints = CheckpointRecorder() }
    }

    // MARK: Tape

    /// Puts an operation's backward on the tape, where it leads to something that is trained.
    func onBackward(_ body: @escaping () -> Void) { if isRecording, hasReachedTrained { tape.append(body) } }

    /// The forward pass is at this product, from which on everything is recorded if it is trained. Returns whether its
    /// gradient is wanted before it: whether something was trained there already.
    func reached(_ layer: Linear) -> Bool {
        defer { if weights.gradients?.trains(layer) == true { hasReachedTrained = true } }
        return hasReachedTrained
    }

    /// Goes back over the tape; each closure is freed when it has run.
    func backward() {
        while let step = tape.popLast() { step() }
    }

    /// A new matrix with a gradient of its own.
    func tensor(_ value: Matrix) -> TapeTensor {
        TapeTensor(value, GradientCell(rows: value.rows, columns: value.columns, pool: pool).whole)
    }

    /// Runs an operation; with gradient checkpointing also remembers how to run it again.
    private func perform(
        _ inputs: [TapeTensor], endsSegment: Bool = false, _ operation: @escaping CheckpointRecorder.Operation
    ) -> [TapeTensor] {
        let outputs = operation(self, inputs)
        checkpoints?.add(inputs: inputs, outputs: outputs, operation)
        if endsSegment, let closed = checkpoints?.close(outputs[0]), hasReachedTrained {
            tape.append { [unowned self] in closed.backward(on: self) }
        }
        return outputs
    }

    /// Records the operations since the last checkpoint, whose values the loss needs, and returns the last tensor anew.
    func recordTail(_ last: TapeTensor) -> TapeTensor {
        guard let tail = checkpoints?.tail() else { return last }
        checkpoints = nil
        isRecording = true
        return tail.replay(on: self).last ?? last
    }

    /// Runs operations with recording on and goes back over them at once.
    func recordingAlone(_ body: () -> Void) {
        let outer = tape
        tape = []
        isRecording = true
        body()
        backward()
        isRecording = false
        tape = outer
    }

    // MARK: Operations

    /// See `Executor/embed(_:)`.
    public func embed(_ table: Embedding) -> TapeTensor {
        perform([], endsSegment: true) { executor, _ in [executor.embedding(table)] }[0]
    }

    /// See `Executor/rmsNorm(_:_:)`.
    public func rmsNorm(_ x: TapeTensor, _ norm: Norm) -> TapeTensor {
        perform([x]) { [$0.normalized($1[0], norm)] }[0]
    }

    /// See `Executor/linear(_:_:)`.
    public func linear(_ x: TapeTensor, _ layer: Linear) -> [TapeTensor] {
        perform([x]) { layer.role == .head ? [$0.deferred($1[0], layer)] : $0.multiplied($1[0], layer) }
    }

    /// See `Executor/linear(_:_:addingTo:)`.
    public func linear(_ x: TapeTensor, _ layer: Linear, addingTo residual: TapeTensor) -> TapeTensor {
        perform([x, residual], endsSegment: true) { [$0.multiplied($1[0], layer, addingTo: $1[1])] }[0]
    }

    /// See `Executor/headNorm(_:_:heads:)`.
    public func headNorm(_ x: TapeTensor, _ norm: Norm, heads: Int) -> TapeTensor {
        perform([x]) { [$0.headNormalized($1[0], norm, heads: heads)] }[0]
    }

    /// See `Executor/rotary(_:_:heads:)`.
    public func rotary(_ x: TapeTensor, _ embedding: RotaryEmbedding, heads: Int) -> TapeTensor {
        perform([x]) { [$0.rotated($1[0], $0.rotaryTables.table(embedding), heads: heads)] }[0]
    }

    /// See `Executor/attention(q:k:v:_:)`.
    public func attention(q: TapeTensor, k: TapeTensor, v: TapeTensor, _ attention: AttentionShape) -> TapeTensor {
        perform([q, k, v]) { [$0.attended(q: $1[0], k: $1[1], v: $1[2], attention)] }[0]
    }

    /// See `Executor/swiglu(gate:up:)`.
    public func swiglu(gate: TapeTensor, up: TapeTensor) -> TapeTensor {
        perform([gate, up]) { [$0.gated($1[0], $1[1])] }[0]
    }

    /// See `Executor/splitHeads(_:heads:)`.
    public func splitHeads(_ x: TapeTensor, heads: Int) -> (first: TapeTensor, second: TapeTensor) {
        let parts = perform([x]) { $0.split($1[0], heads: heads) }
        return (parts[0], parts[1])
    }

    /// See `Executor/sigmoidGate(_:gate:)`.
    public func sigmoidGate(_ x: TapeTensor, gate: TapeTensor) -> TapeTensor {
        perform([x, gate]) { [$0.sigmoidGated($1[0], $1[1])] }[0]
    }

    /// See `Executor/causalConvolution(_:_:)`.
    public func causalConvolution(_ x: TapeTensor, _ convolution: CausalConvolution) -> TapeTensor {
        perform([x]) { [$0.convolved($1[0], convolution)] }[0]
    }

    /// See `Executor/gatedDelta(qkv:update:decay:_:)`.
    public func gatedDelta(qkv: TapeTensor, update: TapeTensor, decay: TapeTensor, _ delta: GatedDelta) -> TapeTensor {
        perform([qkv, update, decay]) { [$0.deltaRead(qkv: $1[0], update: $1[1], decay: $1[2], delta)] }[0]
    }

    /// See `Executor/gatedHeadNorm(_:gate:_:heads:)`.
    public func gatedHeadNorm(_ x: TapeTensor, gate: TapeTensor, _ norm: Norm, heads: Int) -> TapeTensor {
        perform([x, gate]) { [$0.gatedNormalized($1[0], $1[1], norm, heads: heads)] }[0]
    }

    /// See `Executor/outputRows(_:)`.
    public func outputRows(_ x: TapeTensor) -> TapeTensor {
        perform([x]) { [$0.selected($1[0])] }[0]
    }
}
