import CKernels
import Compute
import Foundation

/// Low-rank adaptation (LoRA, https://arxiv.org/abs/2106.09685): what is trained beside frozen weights.
public struct LoRAOptions: Sendable, Equatable {
    /// The rank of what is added to each matrix.
    public var rank = 16
    /// The sum is scaled by `alpha / rank`.
    public var alpha: Float = 32
    /// The last parts of the names of the layers that get an adapter.
    public var targets: [String] = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]

    /// The first layer that gets adapters. What is below is left as it is, and the backward pass ends there.
    public var firstLayer = 0

    /// Rank 16 on every layer of attention and feed-forward.
    public init() {}

    /// What the product of the two matrices is multiplied with.
    public var scale: Float { alpha / Float(rank) }

    /// Whether a matrix of this name gets an adapter.
    func includes(_ name: String) -> Bool {
        targets.contains { name == $0 || name.hasSuffix(".\($0)") }
            && (Self.layer(of: name) ?? firstLayer) >= firstLayer
    }

    /// Whether a product lies below all adapters, so that no gradient gets there.
    func liesBelow(_ linear: Linear) -> Bool {
        linear.role == .body && (Self.layer(of: linear.parts[0].name) ?? firstLayer) < firstLayer
    }

    /// The number of the layer, from 0, that a matrix belongs to, such as 3 in `model.layers.3.mlp.up_proj`.
    static func layer(of name: String) -> Int? {
        let parts = name.split(separator: ".")
        return parts.firstIndex(of: "layers").flatMap { $0 + 1 < parts.count ? Int(parts[$0 + 1]) : nil }
    }
}

/// `W + scale * B A` of one matrix: A is `[rank, columns]`, B is `[rows, rank]`.
final class LowRankAdapter {
    /// The matrix it belongs to, such as `model.layers.0.self_attn.q_proj`.
    let module: String
    /// Its first row in its product.
    let firstRow: Int
    let rows: Int, columns: Int, rank: Int
    let scale: Float
    let aOffset: Int, bOffset: Int
    unowned let block: TrainableBlock

    init(
        module: String, firstRow: Int, rows: Int, columns: Int, options: LoRAOptions, aOffset: Int, bOffset: Int,
        block: TrainableBlock
    ) {
        self.module = module
        self.firstRow = firstRow
        self.rows = rows
        self.columns = columns
        rank = options.rank
        scale = options.scale
        self.aOffset = aOffset
        self.bOffset = bOffset
        self.block = block
    }

    var a: annie_train_source {
        annie_train_source(values: block.values + aOffset, is_bf16: false, stride: columns)
    }

    var b: annie_train_source {
        annie_train_source(values: block.values + bOffset, is_bf16: false, stride: rank)
    }

    /// values[rows, columns] += scale * B A, in fp32: the same function folds in every forward and for the export.
    func fold(into values: UnsafeMutablePointer<Float>, pool: ActivationPool, workers: WorkerPool) {
        let left = pool.buffer(bytes: annie_train_left_size(ANNIE_TRAIN_F32, rows, rank))
        annie_train_pack_left(workers.handle, ANNIE_TRAIN_F32, left.pointer, b, rows, rank)
        let right = pool.buffer(bytes: annie_train_right_size(ANNIE_TRAIN_F32, rank, columns))
        annie_train_pack_right(workers.handle, ANNIE_TRAIN_F32, right.pointer, a, rank, columns)
        annie_train_multiply(
            workers.handle, ANNIE_TRAIN_F32, left.pointer, rows, right.pointer, rank, columns, scale, true, values,
            columns)
    }
}

/// The adapters of a model, and where their gradients go.
final class LowRankAdapters: GradientSink {
    let options: LoRAOptions
    let block: TrainableBlock
    private var byLinear: [Int: [LowRankAdapter]] = [:]

    /// A is drawn from a seeded uniform distribution as PEFT does (Kaiming, a = sqrt 5), B is zero: training starts at
    /// the base model.
    ///
    /// - Throws: ``TrainingError`` when no layer is meant.
    init(_ table: ParameterTable, options: LoRAOptions, seed: UInt64) throws(TrainingError) {
        guard options.rank > 0, options.alpha.isFinite else {
            throw .badOptions("a LoRA rank of \(options.rank) and alpha of \(options.alpha): expected a rank above 0")
        }
        self.options = options
        var parameters: [ParameterStore.Parameter] = []
        var places: [(linear: Linear, part: Linear.Part, firstRow: Int, a: Int, b: Int)] = []
        var offset = 0
        func take(_ name: String, _ shape: [Int]) -> Int {
            defer { offset = (offset + shape[0] * shape[1] + 15) / 16 * 16 }
            parameters.append(.init(name: name, shape: shape, range: offset..<offset + shape[0] * shape[1]))
            return offset
        }
        for linear in table.linears where linear.role == .body {
            var firstRow = 0
            for part in linear.parts {
                if options.includes(part.name) {
                    let a = take("\(part.name).lora_A.weight", [options.rank, linear.columns])
                    let b = take("\(part.name).lora_B.weight", [part.rows, options.rank])
                    places.append((linear, part, firstRow, a, b))
                }
                firstRow += part.rows
            }
        }
        guard !places.isEmpty else {
            throw .badOptions(
                "no layer from number \(options.firstLayer) on has a name that ends in one of "
                    + options.targets.joined(separator: ", "))
        }
        let memory = MappedMemory(byteCount: offset * 4)
        block = TrainableBlock(memory: memory, parameters: parameters)
        var generator = SeededGenerator(seed: seed)
        for place in places {
            let adapter = LowRankAdapter(
                module: place.part.name, firstRow: place.firstRow, rows: place.part.rows,
                columns: place.linear.columns, options: options, aOffset: place.a, bOffset: place.b, block: block)
            let bound = 1 / Float(place.linear.columns).squareRoot()
            for index in 0..<options.rank * place.linear.columns {
                block.values[place.a + index] = (2 * generator.uniform() - 1) * bound
            }
            byLinear[place.linear.index, default: []].append(adapter)
        }
    }

    func of(_ linear: Linear) -> [LowRankAdapter] { byLinear[linear.index] ?? [] }

    /// The last layer that has adapters.
    var lastLayer: Int { byLinear.values.joined().compactMap { LoRAOptions.layer(of: $0.module) }.max() ?? 0 }

    // MARK: GradientSink

    var trainsEmbedding: Bool { false }
    func trains(_ linear: Linear) -> Bool { byLinear[linear.index] != nil }
    func embedding() -> UnsafeMutablePointer<Float>? { nil }
    func norm(_: Norm) -> UnsafeMutablePointer<Float>? { nil }
    func array(_: ParameterArray) -> UnsafeMutablePointer<Float>? { nil }
    func bias(_: Linear) -> UnsafeMutablePointer<Float>? { nil }

    func linear(_ linear: Linear) -> LinearGradient {
        byLinear[linear.index].map { .lowRank($0) } ?? .none
    }

    func finish() { block.finishGradients(block.parameters.map { ($0.range.lowerBound, $0.range.count) }) }
}

/// SplitMix64 (https://doi.org/10.1145/2714064.2660195): the same numbers from the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// In 0 ..< 1.
    mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }
}
