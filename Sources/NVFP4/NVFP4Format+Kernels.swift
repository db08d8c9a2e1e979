import CKernels

/// The type of the values on the unquantised side of a conversion.
public enum NVFP4ElementType: Sendable {
    case float32
    case bfloat16

    /// Bytes of one value.
    public var size: Int { self == .float32 ? 4 : 2 }
}

extension NVFP4Format {
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
        guard let codes = codes.baseAddress, let scales = scales.baseAddress else { return }
        annie_nvfp4_quantize(
            nil, codes.assumingMemoryBound(to: UInt8.self), scales.assumingMemoryBound(to: UInt8.self),
            source.baseAddress, type == .bfloat16, rows, columns, tensorScale, method.kernelMethod)
    }

    /// Quantises rows x columns values with block scales that were settled before: only codes are chosen.
    ///
    /// - Parameters:
    ///   - source: rows x columns finite values, of any alignment.
    ///   - blockScales: rows x columns / 16 e4m3 bytes of numbers above 0.
    ///   - codes: receives rows x columns / 2 bytes, the even column in the low nibble.
    /// - Precondition: columns is a multiple of 16, the buffers have exactly these sizes, the scale is above 0.
    public static func quantize(
        _ source: UnsafeRawBufferPointer, _ type: NVFP4ElementType, rows: Int, columns: Int, tensorScale: Float,
        blockScales: UnsafeRawBufferPointer, codes: UnsafeMutableRawBufferPointer
    ) {
        precondition(columns.isMultiple(of: blockSize) && source.count == rows * columns * type.size)
        precondition(codes.count == rows * columns / 2 && blockScales.count == rows * columns / blockSize)
        precondition(tensorScale > 0)
        guard let codes = codes.baseAddress, let scales = blockScales.baseAddress else { return }
        // With this method the kernel only reads them.
        annie_nvfp4_quantize(
            nil, codes.assumingMemoryBound(to: UInt8.self),
            UnsafeMutablePointer(mutating: scales.assumingMemoryBound(to: UInt8.self)), source.baseAddress,
            type == .bfloat16, rows, columns, tensorScale, ANNIE_NVFP4_GIVEN)
    }

    /// The values that codes and scales stand for, bit for bit as ModelOpt 0.47 does it; bf16 is rounded last.
    ///
    /// - Precondition: columns is a multiple of 16 and the buffers have exactly the sizes that quantising needs.
    public static func dequantize(
        codes: UnsafeRawBufferPointer, scales: UnsafeRawBufferPointer, rows: Int, columns: Int, tensorScale: Float,
        into values: UnsafeMutableRawBufferPointer, _ type: NVFP4ElementType
    ) {
        precondition(columns.isMultiple(of: blockSize) && values.count == rows * columns * type.size)
        precondition(codes.count == rows * columns / 2 && scales.count == rows * columns / blockSize)
        guard let output = values.baseAddress, let codes = codes.baseAddress, let scales = scales.baseAddress else {
            return
        }
        annie_nvfp4_dequantize(
            nil, output, type == .bfloat16, codes.assumingMemoryBound(to: UInt8.self),
            scales.assumingMemoryBound(to: UInt8.self), rows, columns, tensorScale)
        clearSignsOfZeros(values, type)
    }

    /// The largest magnitude; 0 for no values, NaN if any is NaN.
    public static func amax(_ values: UnsafeRawBufferPointer, _ type: NVFP4ElementType) -> Float {
        guard let start = values.baseAddress else { return 0 }
        switch type {
        case .float32: return annie_amax_f32(nil, start.assumingMemoryBound(to: Float.self), values.count / 4)
        case .bfloat16: return annie_amax_bf16(nil, start.assumingMemoryBound(to: UInt16.self), values.count / 2)
        }
    }

    /// ModelOpt reads code 8 as 0, where the arithmetic gives -0.
    private static func clearSignsOfZeros(_ values: UnsafeMutableRawBufferPointer, _ type: NVFP4ElementType) {
        switch type {
        case .float32:
            let bits = values.assumingMemoryBound(to: UInt32.self)
            for index in bits.indices { bits[index] = bits[index] == 0x8000_0000 ? 0 : bits[index] }
        case .bfloat16:
            let bits = values.assumingMemoryBound(to: UInt16.self)
            for index in bits.indices { bits[index] = bits[index] == 0x8000 ? 0 : bits[index] }
        }
    }
}

extension NVFP4Method {
    fileprivate var kernelMethod: annie_nvfp4_method {
        switch self {
        case .max: ANNIE_NVFP4_MAX
        case .mse: ANNIE_NVFP4_MSE
        case .fourOverSix: ANNIE_NVFP4_FOUR_OVER_SIX
        }
    }
}
