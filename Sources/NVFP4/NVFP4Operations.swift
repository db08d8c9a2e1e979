/// The values on the unquantised side of a conversion.
public enum NVFP4ElementType: Sendable {
    case float32
    case bfloat16

    /// Bytes of one value.
    public var size: Int { self == .float32 ? 4 : 2 }
}

extension NVFP4 {
    /// Quantises rows x columns values, bit for bit as ModelOpt 0.47 does for ``NVFP4Method/max``.
    ///
    /// - Parameters:
    ///   - source: rows x columns finite values, of any alignment.
    ///   - codes: receives rows x columns / 2 bytes, the even column in the low nibble.
    ///   - scales: receives rows x columns / 16 e4m3 bytes.
    /// - Precondition: columns is a multiple of 16, the buffers have exactly these sizes, the scale is above 0.
    public static func quantize(
        _ source: UnsafeRawBufferPointer, _ type: NVFP4ElementType, rows: Int, columns: Int, tensorScale: Float,
        method: NVFP4Method, codes: UnsafeMutableRawBufferPointer, scales: UnsafeMutableRawBufferPointer
    ) {
        precondition(columns.isMultiple(of: blockSize) && source.count == rows * columns * type.size)
        precondition(codes.count == rows * columns / 2 && scales.count == rows * columns / blockSize)
        precondition(tensorScale > 0)
        guard !source.isEmpty else { return }
        let result = NVFP4Reference.quantize(
            floats(source, type), columns: columns, tensorScale: tensorScale, method: method)
        codes.copyBytes(from: result.codes)
        scales.copyBytes(from: result.scales)
    }

    /// The values that codes and scales stand for; bf16 is rounded last.
    ///
    /// - Precondition: the buffers have exactly the sizes that ``quantize(_:_:rows:columns:tensorScale:method:codes:scales:)``
    ///   names.
    public static func dequantize(
        codes: UnsafeRawBufferPointer, scales: UnsafeRawBufferPointer, rows: Int, columns: Int, tensorScale: Float,
        into values: UnsafeMutableRawBufferPointer, _ type: NVFP4ElementType
    ) {
        precondition(columns.isMultiple(of: blockSize) && values.count == rows * columns * type.size)
        precondition(codes.count == rows * columns / 2 && scales.count == rows * columns / blockSize)
        guard !values.isEmpty else { return }
        let result = NVFP4Reference.dequantize(codes: Array(codes), scales: Array(scales)) { $0 * tensorScale }
        result.withUnsafeBytes { values.copyMemory(from: $0) }
    }

    private static func floats(_ source: UnsafeRawBufferPointer, _ type: NVFP4ElementType) -> [Float] {
        (0..<source.count / type.size).map { index in
            switch type {
            case .float32: source.loadUnaligned(fromByteOffset: index * 4, as: Float.self)
            case .bfloat16:
                Float(bitPattern: UInt32(source.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self)) << 16)
            }
        }
    }
}
