import CKernels
import Foundation

/// One matrix as a checkpoint holds it: row-major, borrowed memory.
public enum WeightSource {
    /// fp32 `[rows, columns]`.
    case float32(UnsafePointer<Float>)
    /// bf16 `[rows, columns]`.
    case bfloat16(UnsafePointer<UInt16>)
    /// int8 `[rows, columns]` with a bf16 scale for each row and 64 columns.
    case int8(UnsafePointer<Int8>, scales: UnsafePointer<UInt16>)
    /// NVFP4: codes `[rows, columns / 2]`, e4m3 scales `[rows, columns / 16]`, and the tensor's scale.
    case nvfp4(codes: UnsafePointer<UInt8>, scales: UnsafePointer<UInt8>, tensorScale: Float)
}

/// The form a layer's weights are computed in.
public enum WeightFormat: Sendable, Equatable {
    case float32, bfloat16, int8, nvfp4

    var kernelFormat: annie_weight_format {
        switch self {
        case .float32: ANNIE_WEIGHT_F32
        case .bfloat16: ANNIE_WEIGHT_BF16
        case .int8: ANNIE_WEIGHT_INT8
        case .nvfp4: ANNIE_WEIGHT_NVFP4
        }
    }
}

/// What a product's input is rounded to.
public enum ActivationFormat: String, Sendable, Equatable, CaseIterable {
    /// Not at all: the oracle.
    case float32
    /// bf16, accumulated in fp32.
    case bfloat16
    /// int8 with a scale for each row and 64 columns; for weights of 8 bits or fewer, bf16 for others.
    case int8
    /// NVFP4 with the checkpoint's input scales, as tensor cores multiply W4A4 checkpoints; for weights in NVFP4, bf16 for
    /// others. To measure what such an engine would say: it is slower than the others here.
    case nvfp4

    var kernelFormat: annie_activation_format {
        switch self {
        case .float32: ANNIE_ACTIVATION_F32
        case .bfloat16: ANNIE_ACTIVATION_BF16
        case .int8: ANNIE_ACTIVATION_INT8
        // The rounded values without their tensor scale are bf16 numbers.
        case .nvfp4: ANNIE_ACTIVATION_BF16
        }
    }
}

/// A linear layer's weights, packed once into the tiles the kernels read; parts stand one after the other.
public final class PackedLinear: @unchecked Sendable {
    // Immutable after init, so it can be shared.
    /// The form the weights are computed in.
    public let format: WeightFormat
    let columns: Int
    /// Output columns of each part; parts start at whole tiles, so there may be padding between them.
    let parts: [Range<Int>]
    /// The scale of inputs that are rounded to NVFP4.
    let inputScale: Float
    private let packed: UnsafeRawPointer
    /// Keeps the packed bytes where they are.
    private let memory: any Sendable
    private let tileScales: UnsafeMutablePointer<Float>
    /// The same times the input scale, for inputs that come without it.
    private let roundedTileScales: UnsafeMutablePointer<Float>
    private let bias: UnsafeMutablePointer<Float>?
    /// Bytes that a product reads.
    public let byteCount: Int
    private static let tileRows = 16

    /// Packs the parts of a layer.
    ///
    /// - Parameters:
    ///   - biases: fp32, one array for each part, or nil.
    ///   - inputScale: amax / 2688 of the input, for ``ActivationFormat/nvfp4``.
    public init(
        parts sources: [(rows: Int, source: WeightSource)], columns: Int, format: WeightFormat, biases: [[Float]]?,
        inputScale: Float = 1, memory: WeightMemory, pool: WorkerPool
    ) throws(PackingError) {
        self.inputScale = inputScale
        parts = Self.ranges(of: sources.map(\.rows))
        self.format = format
        self.columns = columns
        let rows = Self.paddedRows(parts)
        byteCount = annie_packed_size(format.kernelFormat, rows, columns)
        let (packed, owner) = memory.allocate(byteCount)
        self.packed = UnsafeRawPointer(packed)
        self.memory = owner
        let tiles = rows / Self.tileRows
        tileScales = Self.scales(tiles)
        roundedTileScales = Self.scales(tiles)
        bias = Self.bias(biases, parts)
        for (range, part) in zip(parts, sources) {
            try pack(part.source, into: packed, tile: range.lowerBound / Self.tileRows, rows: part.rows, pool: pool)
        }
        for tile in 0..<tiles { roundedTileScales[tile] = tileScales[tile] * inputScale }
    }

    /// A layer that was packed before, where its bytes lie; nil when there are not as many of them as it must have.
    ///
    /// - Parameters:
    ///   - packed: what ``packedBytes`` gave, at an address that is a multiple of 64.
    ///   - stored: what ``scaleBytes`` gave.
    ///   - owner: what keeps `packed` alive.
    public init?(
        rows: [Int], columns: Int, format: WeightFormat, biases: [[Float]]?, inputScale: Float = 1,
        packed: UnsafeRawBufferPointer, tileScales stored: UnsafeRawBufferPointer, owner: any Sendable
    ) {
        parts = Self.ranges(of: rows)
        self.format = format
        self.columns = columns
        let rows = Self.paddedRows(parts)
        let tiles = rows / Self.tileRows
        byteCount = annie_packed_size(format.kernelFormat, rows, columns)
        guard let base = packed.baseAddress, packed.count == byteCount, Int(bitPattern: base).isMultiple(of: 64),
            stored.count == tiles * MemoryLayout<Float>.size
        else { return nil }
        self.packed = base
        memory = owner
        self.inputScale = inputScale
        tileScales = Self.scales(tiles)
        roundedTileScales = Self.scales(tiles)
        UnsafeMutableRawBufferPointer(start: tileScales, count: stored.count).copyMemory(from: stored)
        bias = Self.bias(biases, parts)
        for tile in 0..<tiles { roundedTileScales[tile] = tileScales[tile] * inputScale }
    }

    /// The weights as they are computed with, for keeping them; valid while the layer is.
    public var packedBytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: packed, count: byteCount) }

    /// The scales that go with ``packedBytes``; valid while the layer is.
    public var scaleBytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: tileScales, count: Self.paddedRows(parts) / Self.tileRows * MemoryLayout<Float>.size)
    }

    /// Bytes of ``scaleBytes`` for a layer of parts with these rows.
    public static func scaleByteCount(rows: [Int]) -> Int {
        paddedRows(ranges(of: rows)) / tileRows * MemoryLayout<Float>.size
    }

    private static func ranges(of rows: [Int]) -> [Range<Int>] {
        var start = 0
        return rows.map { rows in
            defer { start = (start + rows + tileRows - 1) / tileRows * tileRows }
            return start..<start + rows
        }
    }

    private static func paddedRows(_ parts: [Range<Int>]) -> Int {
        parts.last.map { ($0.upperBound + tileRows - 1) / tileRows * tileRows } ?? 0
    }

    /// A scale of 1 for each tile.
    private static func scales(_ tiles: Int) -> UnsafeMutablePointer<Float> {
        let scales = UnsafeMutablePointer<Float>.allocate(capacity: max(tiles, 1))
        scales.initialize(repeating: 1, count: max(tiles, 1))
        return scales
    }

    private static func bias(_ biases: [[Float]]?, _ parts: [Range<Int>]) -> UnsafeMutablePointer<Float>? {
        guard let biases else { return nil }
        let rows = paddedRows(parts)
        let bias = UnsafeMutablePointer<Float>.allocate(capacity: rows)
        bias.initialize(repeating: 0, count: rows)
        for (range, values) in zip(parts, biases) {
            for (row, value) in zip(range, values) { bias[row] = value }
        }
        return bias
    }

    private func pack(
        _ source: WeightSource, into packed: UnsafeMutableRawPointer, tile: Int, rows: Int, pool: WorkerPool
    ) throws(PackingError) {
        switch (source, format) {
        case (.float32(let values), .float32): annie_pack_f32(pool.handle, packed, tile, values, rows, columns)
        case (.bfloat16(let values), .bfloat16): annie_pack_bf16(pool.handle, packed, tile, values, rows, columns)
        case (.bfloat16(let values), .int8): annie_pack_int8_from_bf16(pool.handle, packed, tile, values, rows, columns)
        case (.int8(let values, let scales), .int8):
            annie_pack_int8(pool.handle, packed, tile, values, scales, rows, columns)
        case (.nvfp4(let codes, let scales, let tensorScale), .nvfp4):
            annie_pack_nvfp4(pool.handle, packed, tile, codes, scales, rows, columns)
            for index in tile..<tile + (rows + Self.tileRows - 1) / Self.tileRows { tileScales[index] = tensorScale }
        case (.bfloat16(let values), .float32):
            let floats = UnsafeMutablePointer<Float>.allocate(capacity: rows * columns)
            defer { floats.deallocate() }
            annie_f32_from_bf16_array(floats, values, rows * columns)
            annie_pack_f32(pool.handle, packed, tile, floats, rows, columns)
        case (.float32(let values), .bfloat16), (.float32(let values), .int8):
            let halves = UnsafeMutablePointer<UInt16>.allocate(capacity: rows * columns)
            defer { halves.deallocate() }
            annie_bf16_from_f32_array(halves, values, rows * columns)
            try pack(.bfloat16(halves), into: packed, tile: tile, rows: rows, pool: pool)
        default: throw PackingError(format: format)
        }
    }

    /// Output columns of the product, padding included.
    var outputColumns: Int { Self.paddedRows(parts) }

    /// - Parameter hasRoundedInput: the input is in NVFP4 and comes without its tensor scale.
    func withDescriptor<Result>(
        hasRoundedInput: Bool = false, _ body: (UnsafePointer<annie_linear>) -> Result
    ) -> Result {
        let scales = hasRoundedInput ? roundedTileScales : tileScales
        let rows = parts.count == 1 ? parts[0].count : outputColumns
        var descriptor = annie_linear(
            format: format.kernelFormat, packed: packed, rows: rows, columns: columns,
            tile_scales: format == .nvfp4 ? UnsafePointer(scales) : nil, bias: bias.map { UnsafePointer($0) })
        return withUnsafePointer(to: &descriptor, body)
    }

    deinit {
        tileScales.deallocate()
        roundedTileScales.deallocate()
        bias?.deallocate()
    }
}

/// A weight that cannot be brought into the form asked for.
public struct PackingError: Error, CustomStringConvertible {
    /// The form the weights are computed in.
    public let format: WeightFormat
    /// What was asked for.
    public var description: String { "these weights cannot be computed as \(format)" }
}
