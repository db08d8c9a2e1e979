import CKernels

/// Runs forward passes on the processor: packed weights, sequence state in pages, fp32 between products.
///
/// Used by one thread at a time. Rows never influence each other outside attention, and every kernel accumulates in an
/// order that does not depend on the batch, so a token's result is the same bits in any batch.
public final class CPUExecutor: DraftingExecutor {
    /// The threads it works with.
    public let workers: WorkerPool
    let weights: CPUWeights
    private let activations: ActivationFormat
    let format: StateLayout.AttentionFormat
    let buffers = HostBufferPool()
    private var rotaryTables: [RotaryTable] = []
    private(set) var batch = Batch()
    private(set) var states: [SequenceState] = []
    private(set) var captures: [StateCapture] = []

    /// An executor over these weights.
    public init(
        weights: CPUWeights, activations: ActivationFormat, format: StateLayout.AttentionFormat, workers: WorkerPool
    ) {
        self.weights = weights
        self.activations = activations
        self.format = format
        self.workers = workers
    }

    /// See ``Executor/attendsFromOutputs``.
    public var attendsFromOutputs: Bool { true }

    /// The instruction set in use: results of different sets differ in their last bits.
    public static var instructionSet: String { String(cString: annie_isa_name(annie_isa_current())) }

    /// Runs `body`, a model's forward pass, over a batch; then the states hold the batch's tokens too.
    ///
    /// - Parameters:
    ///   - states: one for each segment, with room reserved for its rows.
    ///   - captures: recurrent state to keep on the way.
    ///   - advances: false for a pass beside the model's own, which leaves the states as long as they are.
    public func run<Output>(
        _ batch: Batch, states: [SequenceState], captures: [StateCapture] = [], advances: Bool = true,
        _ body: (CPUExecutor) -> Output
    ) -> Output {
        precondition(states.count == batch.segments.count, "a segment needs a state")
        self.batch = batch
        self.states = states
        self.captures = captures
        defer {
            self.states = []
            self.captures = []
        }
        let output = body(self)
        guard advances else { return output }
        for (segment, state) in zip(batch.segments, states) { state.advance(by: segment.rows.count) }
        return output
    }

    /// See ``Executor/embed(_:)``.
    public func embed(_ table: Embedding) -> HostTensor {
        let output = buffers.tensor(rows: batch.count, columns: table.columns)
        for (row, token) in batch.tokens.enumerated() {
            weights.embedding.copyRow(Int(token), to: output.pointer + row * output.stride)
        }
        return output
    }

    /// See ``Executor/rmsNorm(_:_:)``.
    public func rmsNorm(_ x: HostTensor, _ norm: Norm) -> HostTensor {
        let output = buffers.tensor(rows: x.rows, columns: x.columns)
        annie_rms_norm(
            workers.handle, output.pointer, output.stride, x.pointer, x.stride, x.rows, x.columns,
            weights.norms[norm.index], norm.offset, norm.epsilon)
        return output
    }

    /// See ``Executor/linear(_:_:)``.
    public func linear(_ x: HostTensor, _ layer: Linear) -> [HostTensor] {
        let packed = weights.linears[layer.index]
        let columns = packed.parts.count == 1 ? packed.parts[0].count : packed.outputColumns
        let output = buffers.tensor(rows: x.rows, columns: columns)
        multiply(x, packed, into: output, accumulate: false)
        return packed.parts.map { output.slice(columns: $0) }
    }

    /// See ``Executor/linear(_:_:addingTo:)``.
    public func linear(_ x: HostTensor, _ layer: Linear, addingTo residual: HostTensor) -> HostTensor {
        multiply(x, weights.linears[layer.index], into: residual, accumulate: true)
        return residual
    }

    private func multiply(_ x: HostTensor, _ packed: PackedLinear, into output: HostTensor, accumulate: Bool) {
        guard x.rows > 0 else { return }
        let rounds = activations == .nvfp4 && packed.format == .nvfp4
        let x = rounds ? rounded(x, scale: packed.inputScale) : x
        packed.withDescriptor(hasRoundedInput: rounds) { descriptor in
            let activations = activations.kernelFormat
            let scratch = buffers.buffer(bytes: annie_linear_scratch_size(descriptor, activations, x.rows))
            annie_linear_run(
                workers.handle, descriptor, activations, x.pointer, x.stride, x.rows, output.pointer, output.stride,
                accumulate, scratch.pointer)
        }
    }

    /// What NVFP4 makes of an input, without the tensor's scale.
    private func rounded(_ x: HostTensor, scale: Float) -> HostTensor {
        let output = buffers.tensor(rows: x.rows, columns: x.columns)
        annie_train_fake_quantize(
            workers.handle, output.pointer, false, x.pointer, x.stride, x.rows, x.columns, scale, ANNIE_NVFP4_MAX, nil)
        return output
    }

    /// See ``Executor/headNorm(_:_:heads:)``.
    public func headNorm(_ x: HostTensor, _ norm: Norm, heads: Int) -> HostTensor {
        annie_head_norm(
            workers.handle, x.pointer, x.stride, x.rows, heads, norm.columns, weights.norms[norm.index], norm.offset,
            norm.epsilon)
        return x
    }

    /// See ``Executor/rotary(_:_:heads:)``.
    public func rotary(_ x: HostTensor, _ embedding: RotaryEmbedding, heads: Int) -> HostTensor {
        let table = rotaryTable(embedding)
        table.reach(Int(batch.positions.max() ?? 0) + 1)
        annie_rotary(
            workers.handle, x.pointer, x.stride, x.rows, heads, embedding.headDim, embedding.rotaryDim,
            batch.positions, table.cosines, table.sines)
        return x
    }

    private func rotaryTable(_ embedding: RotaryEmbedding) -> RotaryTable {
        if let table = rotaryTables.first(where: { $0.embedding == embedding }) { return table }
        let table = RotaryTable(embedding)
        rotaryTables.append(table)
        return table
    }

    /// See ``Executor/swiglu(gate:up:)``.
    public func swiglu(gate: HostTensor, up: HostTensor) -> HostTensor {
        let output = buffers.tensor(rows: gate.rows, columns: gate.columns)
        annie_swiglu(
            workers.handle, output.pointer, output.stride, gate.pointer, up.pointer, gate.stride, gate.rows,
            gate.columns)
        return output
    }

    /// See ``DraftingExecutor/concatenated(_:_:)``.
    public func concatenated(_ first: HostTensor, _ second: HostTensor) -> HostTensor {
        let output = buffers.tensor(rows: first.rows, columns: first.columns + second.columns)
        for row in 0..<first.rows {
            let target = output.pointer + row * output.stride
            target.update(from: first.pointer + row * first.stride, count: first.columns)
            (target + first.columns).update(from: second.pointer + row * second.stride, count: second.columns)
        }
        return output
    }

    /// A tensor of these values, row by row.
    public func tensor(_ values: some Collection<Float>, rows: Int) -> HostTensor {
        let output = buffers.tensor(rows: rows, columns: values.count / max(rows, 1))
        _ = UnsafeMutableBufferPointer(start: output.pointer, count: values.count).update(fromContentsOf: values)
        return output
    }

    /// See ``Executor/outputRows(_:)``.
    public func outputRows(_ x: HostTensor) -> HostTensor {
        let output = buffers.tensor(rows: batch.outputRows.count, columns: x.columns)
        for (index, row) in batch.outputRows.enumerated() {
            (output.pointer + index * output.stride).update(from: x.pointer + row * x.stride, count: x.columns)
        }
        return output
    }
}
