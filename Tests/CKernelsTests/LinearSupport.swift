import CKernels

/// A packed matrix with the weights it stands for, and inputs for it.
struct PackedMatrix {
    let format: annie_weight_format
    let rows: Int
    let columns: Int
    let packed: AlignedBuffer
    let tileScales: [Float]
    let bias: [Float]
    /// What the packed bytes decode to, by the plain decoder.
    let weights: [Float]

    init(
        _ format: annie_weight_format, rows: Int, columns: Int, generator: inout SeededGenerator,
        pool: OpaquePointer? = nil
    ) {
        self.format = format
        self.rows = rows
        self.columns = columns
        let source = generator.normals(rows * columns, scale: 0.05)
        packed = AlignedBuffer(annie_packed_size(format, rows, columns))
        var tensorScale: Float = 1
        switch format {
        case ANNIE_WEIGHT_F32: annie_pack_f32(pool, packed.bytes, 0, source, rows, columns)
        case ANNIE_WEIGHT_BF16: annie_pack_bf16(pool, packed.bytes, 0, bf16(source), rows, columns)
        case ANNIE_WEIGHT_INT8: annie_pack_int8_from_bf16(pool, packed.bytes, 0, bf16(source), rows, columns)
        default:
            tensorScale = annie_amax_f32(nil, source, source.count) / 2688
            var codes = [UInt8](repeating: 0, count: rows * columns / 2)
            var scales = [UInt8](repeating: 0, count: rows * columns / 16)
            annie_nvfp4_quantize(nil, &codes, &scales, source, false, rows, columns, tensorScale, ANNIE_NVFP4_MAX)
            annie_pack_nvfp4(pool, packed.bytes, 0, codes, scales, rows, columns)
        }
        let tileScales = [Float](repeating: tensorScale, count: (rows + 15) / 16)
        self.tileScales = tileScales
        bias = generator.normals(rows)
        let packed = packed
        weights = (0..<rows).flatMap { row in
            var decoded = [Float](repeating: 0, count: columns)
            annie_packed_row_f32(&decoded, format, packed.bytes, row, columns, tileScales)
            return decoded
        }
    }

    /// The product by the kernels, over an output that held `residual` if it is accumulated.
    func product(
        _ x: [Float], m: Int, activation: annie_activation_format, withBias: Bool = false, residual: [Float]? = nil,
        pool: OpaquePointer? = nil
    ) -> [Float] {
        var y = residual ?? [Float](repeating: .nan, count: m * rows)
        tileScales.withUnsafeBufferPointer { scales in
            bias.withUnsafeBufferPointer { bias in
                var linear = annie_linear()
                linear.format = format
                linear.packed = UnsafeRawPointer(packed.bytes)
                linear.rows = rows
                linear.columns = columns
                linear.tile_scales = format == ANNIE_WEIGHT_NVFP4 ? scales.baseAddress : nil
                linear.bias = withBias ? bias.baseAddress : nil
                let scratch = AlignedBuffer(annie_linear_scratch_size(&linear, activation, m))
                annie_linear_run(pool, &linear, activation, x, columns, m, &y, rows, residual != nil, scratch.bytes)
            }
        }
        return y
    }

    /// The product of the decoded weights in double precision.
    func reference(_ x: [Float], m: Int) -> [Double] {
        var y = [Double](repeating: 0, count: m * rows)
        for row in 0..<m {
            for output in 0..<rows {
                var sum = 0.0
                for k in 0..<columns { sum += Double(x[row * columns + k]) * Double(weights[output * columns + k]) }
                y[row * rows + output] = sum
            }
        }
        return y
    }
}

let weightFormats = [ANNIE_WEIGHT_F32, ANNIE_WEIGHT_BF16, ANNIE_WEIGHT_INT8, ANNIE_WEIGHT_NVFP4]
let activationFormats = [ANNIE_ACTIVATION_F32, ANNIE_ACTIVATION_BF16, ANNIE_ACTIVATION_INT8]
