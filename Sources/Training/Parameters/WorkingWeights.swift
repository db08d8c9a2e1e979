import CKernels
import Compute

/// What products are computed with.
public enum TrainingPrecision: String, Sendable, CaseIterable {
    /// fp32 throughout: the oracle, and slow.
    case float32
    /// Operands rounded to bf16, sums in fp32; masters, gradients and moments stay fp32.
    case bfloat16

    var kernel: annie_train_precision { self == .bfloat16 ? ANNIE_TRAIN_BF16 : ANNIE_TRAIN_F32 }
}

/// A linear layer's weights as one step multiplies with them: rounded, or fake-quantised, and packed for both directions.
final class WorkingLinear {
    let rows: Int, columns: Int
    private let forwardMemory: MappedMemory
    private let backwardMemory: MappedMemory?
    var bias: UnsafePointer<Float>?
    /// The tensor's scale of fake-quantised weights; the packed values are without it.
    var scale: Float = 1
    /// The scale of fake-quantised inputs.
    var inputScale: Float = 1
    var quantizesInput = false
    var clipsInput = false
    fileprivate(set) var isPacked = false

    var forward: UnsafeMutableRawPointer { forwardMemory.pointer }
    var backward: UnsafeMutableRawPointer? { backwardMemory?.pointer }
    /// The largest input that is not clipped.
    var inputLimit: Float { inputScale * 2688 }

    init(rows: Int, columns: Int, precision: TrainingPrecision, goesBack: Bool) {
        self.rows = rows
        self.columns = columns
        forwardMemory = MappedMemory(byteCount: annie_train_right_size(precision.kernel, columns, rows))
        backwardMemory =
            goesBack ? MappedMemory(byteCount: annie_train_right_size(precision.kernel, rows, columns)) : nil
    }

    /// Gives its memory back until it is packed again.
    func discard() {
        forwardMemory.discard()
        backwardMemory?.discard()
        isPacked = false
    }

    /// Packs `[rows, columns]` values.
    func pack(_ source: annie_train_source, precision: TrainingPrecision, workers: WorkerPool) {
        isPacked = true
        if let backward {
            annie_train_pack_right_both(workers.handle, precision.kernel, backward, forward, source, rows, columns)
        } else {
            annie_train_pack_right_transposed(workers.handle, precision.kernel, forward, source, columns, rows)
        }
    }
}

/// The parameters as one forward and backward pass uses them, made anew from the masters when those have changed.
final class WorkingWeights {
    let precision: TrainingPrecision
    let store: ParameterStore
    let linears: [WorkingLinear]
    private(set) var norms: [UnsafePointer<Float>] = []
    private(set) var arrays: [UnsafePointer<Float>] = []
    /// Where gradients go; nil for weights that are never trained.
    let gradients: (any GradientSink)?
    /// Folded into the weights before they are rounded.
    let adapters: LowRankAdapters?
    let quantization: QuantizationState?
    private let vectors: MappedMemory
    private let workers: WorkerPool
    private let unusedGradient: MappedMemory
    private var isStale = true

    init(
        _ store: ParameterStore, precision: TrainingPrecision, gradients: (any GradientSink)?,
        adapters: LowRankAdapters? = nil, quantization: QuantizationState? = nil, workers: WorkerPool
    ) {
        self.store = store
        self.precision = precision
        self.gradients = gradients
        self.adapters = adapters
        self.quantization = quantization
        self.workers = workers
        linears = store.table.linears.map {
            WorkingLinear(
                rows: $0.rowCount, columns: $0.columns, precision: precision,
                goesBack: gradients != nil && adapters?.options.liesBelow($0) != true)
        }
        // Norms and biases, rounded as they will be stored.
        let vectorCount =
            store.parameters.reduce(0) { $0 + ($1.isVector ? ($1.range.count + 15) / 16 * 16 : 0) }
            + store.table.arrays.reduce(0) { $0 + ($1.count + 15) / 16 * 16 }
        vectors = MappedMemory(byteCount: max(vectorCount, 16) * 4)
        let longest = max(store.table.norms.map(\.columns).max() ?? 1, store.table.arrays.map(\.count).max() ?? 1)
        unusedGradient = MappedMemory(byteCount: longest * 4)
        placeVectors()
    }

    var embedding: UnsafePointer<Float> {
        guard let embedding = store.table.embedding else { preconditionFailure("the model has no embeddings") }
        return UnsafePointer(store.values + store.offset(embedding))
    }

    var roundsEmbedding: Bool { precision == .bfloat16 }

    /// The masters changed.
    func invalidate() { isStale = true }

    /// Scales changed as well: what no step changes is packed anew too.
    func invalidateAll() {
        for linear in linears { linear.isPacked = false }
        isStale = true
    }

    /// Gives back the packed weights' memory; the next pass packs them again.
    func discard() {
        for linear in linears { linear.discard() }
        isStale = true
    }

    private struct VectorSource {
        let source: Int, count: Int
        let target: UnsafeMutablePointer<Float>
        let isExact: Bool
    }

    private var vectorSources: [VectorSource] = []

    private func placeVectors() {
        var next = vectors.floats
        func place(_ offset: Int, _ count: Int, isExact: Bool = false) -> UnsafePointer<Float> {
            defer { next += (count + 15) / 16 * 16 }
            vectorSources.append(VectorSource(source: offset, count: count, target: next, isExact: isExact))
            return UnsafePointer(next)
        }
        norms = store.table.norms.map { place(store.offset($0), $0.columns) }
        arrays = store.table.arrays.map { place(store.offset($0), $0.count, isExact: $0.isExact) }
        for (linear, working) in zip(store.table.linears, linears) where linear.hasBias {
            working.bias = place(store.biasOffset(linear), linear.rowCount)
        }
    }

    /// Brings the working weights up to date with the masters.
    func prepare(_ pool: ActivationPool) {
        guard isStale else { return }
        isStale = false
        for vector in vectorSources {
            if precision == .bfloat16, !vector.isExact {
                annie_train_round_bf16(workers.handle, vector.target, store.values + vector.source, vector.count)
            } else {
                vector.target.update(from: store.values + vector.source, count: vector.count)
            }
        }
        for (linear, working) in zip(store.table.linears, linears) {
            if let quantization, quantization.includes(linear) { settleInput(working, linear, quantization) }
            if working.isPacked, isFixed(linear) { continue }
            withEffectiveValues(linear, pool) { prepare(working, linear, $0, pool) }
        }
    }

    /// Whether nothing that training changes is in these weights: adapters are trained, and this product has none.
    private func isFixed(_ linear: Linear) -> Bool { adapters?.of(linear).isEmpty == true }

    private func settleInput(_ working: WorkingLinear, _ linear: Linear, _ quantization: QuantizationState) {
        working.quantizesInput = quantization.quantizesInputs
        working.inputScale = quantization.quantizesInputs ? quantization.inputScale(linear) : 1
        working.clipsInput = quantization.quantizesInputs && quantization.options.gradient == .clipped
    }

    /// The weights of a product with adapters folded in, fp32: what is rounded in every forward, and what is exported.
    func withEffectiveValues(
        _ linear: Linear, _ pool: ActivationPool, _ body: (UnsafePointer<Float>) -> Void
    ) {
        let values = store.values + store.offset(linear)
        let isKept = store.keepsMatrices || linear.role == .head
        let own = adapters?.of(linear) ?? []
        if isKept, own.isEmpty { return body(UnsafePointer(values)) }
        let folded = pool.matrix(rows: linear.rowCount, columns: linear.columns)
        if isKept {
            folded.pointer.update(from: values, count: linear.rowCount * linear.columns)
        } else {
            store.read(linear, into: folded.pointer)
        }
        for adapter in own {
            adapter.fold(into: folded.pointer + adapter.firstRow * linear.columns, pool: pool, workers: workers)
        }
        withExtendedLifetime(folded) { body(UnsafePointer(folded.pointer)) }
    }

    private func prepare(
        _ working: WorkingLinear, _ linear: Linear, _ values: UnsafePointer<Float>, _ pool: ActivationPool
    ) {
        let (rows, columns) = (working.rows, working.columns)
        guard let quantization, quantization.includes(linear) else {
            working.pack(
                annie_train_source(values: values, is_bf16: false, stride: columns), precision: precision,
                workers: workers)
            return
        }
        working.scale = quantization.settledScale(linear, values: values, workers: workers)
        let isBFloat16 = precision == .bfloat16
        let rounded = pool.buffer(bytes: rows * columns * (isBFloat16 ? 2 : 4))
        annie_train_fake_quantize(
            workers.handle, rounded.pointer, isBFloat16, values, columns, rows, columns, working.scale,
            quantization.learnedScales == nil ? quantization.options.method.kernel : ANNIE_NVFP4_GIVEN,
            quantization.learnedScales?.scales(linear))
        working.pack(
            annie_train_source(values: rounded.pointer, is_bf16: isBFloat16, stride: columns), precision: precision,
            workers: workers)
    }

    func normGradient(_ norm: Norm) -> UnsafeMutablePointer<Float> {
        gradients?.norm(norm) ?? unusedGradient.floats
    }

    func arrayGradient(_ array: ParameterArray) -> UnsafeMutablePointer<Float> {
        gradients?.array(array) ?? unusedGradient.floats
    }
}

/// Where the backward pass puts the gradients of parameters.
protocol GradientSink: AnyObject {
    var trainsEmbedding: Bool { get }
    func trains(_ linear: Linear) -> Bool
    func embedding() -> UnsafeMutablePointer<Float>?
    func norm(_ norm: Norm) -> UnsafeMutablePointer<Float>?
    func array(_ array: ParameterArray) -> UnsafeMutablePointer<Float>?
    func bias(_ linear: Linear) -> UnsafeMutablePointer<Float>?
    func linear(_ linear: Linear) -> LinearGradient
}

/// What is trained of a linear layer's weights.
enum LinearGradient {
    case none
    /// All of them: `[rows, columns]`.
    case dense(UnsafeMutablePointer<Float>, accumulates: Bool)
    /// Only what these add.
    case lowRank([LowRankAdapter])

    var isDense: Bool {
        if case .dense = self { true } else { false }
    }
}

/// Gradients of every parameter.
final class FullGradients: GradientSink {
    private let store: ParameterStore
    let block: TrainableBlock

    init(_ store: ParameterStore, _ block: TrainableBlock) {
        self.store = store
        self.block = block
    }

    var trainsEmbedding: Bool { true }
    func trains(_: Linear) -> Bool { true }

    func embedding() -> UnsafeMutablePointer<Float>? {
        store.table.embedding.map { block.zeroed(store.offset($0), count: $0.rows * $0.columns) }
    }

    func norm(_ norm: Norm) -> UnsafeMutablePointer<Float>? { block.zeroed(store.offset(norm), count: norm.columns) }

    func array(_ array: ParameterArray) -> UnsafeMutablePointer<Float>? {
        block.zeroed(store.offset(array), count: array.count)
    }

    func bias(_ linear: Linear) -> UnsafeMutablePointer<Float>? {
        block.zeroed(store.biasOffset(linear), count: linear.rowCount)
    }

    func linear(_ linear: Linear) -> LinearGradient {
        let (pointer, accumulates) = block.target(store.offset(linear))
        return .dense(pointer, accumulates: accumulates)
    }

    /// Zeroes what this step's backward did not reach.
    func finish() {
        var starts = store.table.linears.map { (store.offset($0), $0.rowCount * $0.columns) }
        starts += store.table.linears.filter(\.hasBias).map { (store.biasOffset($0), $0.rowCount) }
        starts += store.table.norms.map { (store.offset($0), $0.columns) }
        starts += store.table.arrays.map { (store.offset($0), $0.count) }
        if let embedding = store.table.embedding {
            starts.append((store.offset(embedding), embedding.rows * embedding.columns))
        }
        block.finishGradients(starts)
    }
}

extension WorkingLinear {
    /// Some rows of the packed weights, row after row.
    func unpacked(_ range: Range<Int>, precision: TrainingPrecision) -> [Float] {
        let units = annie_train_units(precision.kernel, columns)
        let words = forward.assumingMemoryBound(to: UInt32.self)
        var values: [Float] = []
        for row in range {
            for column in 0..<columns {
                let unit = precision == .bfloat16 ? column / 2 : column
                let word = words[(row / 64 * units + unit) * 64 + row % 64]
                let bits = precision == .float32 ? word : column.isMultiple(of: 2) ? word << 16 : word & 0xFFFF_0000
                values.append(Float(bitPattern: bits))
            }
        }
        return values
    }
}
