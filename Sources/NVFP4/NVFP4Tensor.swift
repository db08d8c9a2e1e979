/// A matrix in NVFP4, as ModelOpt lays it out: value = e2m1(code) * (f32(e4m3 scale) * tensorScale).
public struct NVFP4Tensor: Sendable, Equatable {
    /// Output features.
    public let rows: Int
    /// Input features; a multiple of 16.
    public let columns: Int
    /// rows x columns / 2 bytes, the even column in the low nibble.
    public let codes: [UInt8]
    /// rows x columns / 16 e4m3 bytes.
    public let scales: [UInt8]
    /// The scale of the whole tensor.
    public let tensorScale: Float

    /// A matrix from its parts.
    ///
    /// - Precondition: the counts are those of the shape.
    public init(rows: Int, columns: Int, codes: [UInt8], scales: [UInt8], tensorScale: Float) {
        precondition(columns.isMultiple(of: NVFP4Format.blockSize), "columns must be a multiple of 16")
        precondition(codes.count == rows * columns / 2 && scales.count == rows * columns / NVFP4Format.blockSize)
        self.rows = rows
        self.columns = columns
        self.codes = codes
        self.scales = scales
        self.tensorScale = tensorScale
    }

    /// Quantises a matrix of floats.
    ///
    /// - Parameters:
    ///   - values: rows x columns, row after row; finite.
    ///   - tensorScale: that of a fused group, or nil for the matrix's own, its largest magnitude / 2688.
    ///   - method: how block scales are chosen.
    /// - Precondition: columns is a multiple of 16.
    public init(
        quantizing values: [Float], rows: Int, columns: Int, tensorScale: Float? = nil, method: NVFP4Method = .max
    ) {
        precondition(values.count == rows * columns, "the values do not fill the shape")
        precondition(columns.isMultiple(of: NVFP4Format.blockSize), "columns must be a multiple of 16")
        let tensorScale = tensorScale ?? NVFP4Format.tensorScale(amax: values.reduce(0) { Swift.max($0, $1.magnitude) })
        var codes = [UInt8](repeating: 0, count: values.count / 2)
        var scales = [UInt8](repeating: 0, count: values.count / NVFP4Format.blockSize)
        values.withUnsafeBytes { source in
            codes.withUnsafeMutableBytes { codes in
                scales.withUnsafeMutableBytes { scales in
                    NVFP4Format.quantize(
                        source, .float32, rows: rows, columns: columns, tensorScale: tensorScale, method: method,
                        codes: codes, scales: scales)
                }
            }
        }
        self.init(rows: rows, columns: columns, codes: codes, scales: scales, tensorScale: tensorScale)
    }

    /// The values it stands for, rows x columns.
    public func dequantized() -> [Float] {
        [Float](unsafeUninitializedCapacity: rows * columns) { output, initialized in
            codes.withUnsafeBytes { codes in
                scales.withUnsafeBytes { scales in
                    NVFP4Format.dequantize(
                        codes: codes, scales: scales, rows: rows, columns: columns, tensorScale: tensorScale,
                        into: UnsafeMutableRawBufferPointer(output), .float32)
                }
            }
            initialized = rows * columns
        }
    }
}
