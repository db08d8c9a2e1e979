import NVFP4

/// Symmetric int8 with a bf16 scale per row and 64 columns, by the same arithmetic as the kernels' packing.
enum Int8Blocks {
    static let size = LinearWeights.int8BlockSize

    /// Blocks of a row; the last one may be short.
    static func count(_ columns: Int) -> Int { (columns + size - 1) / size }

    /// Quantises a matrix: values row after row, scales as the bits of bf16.
    static func quantize(
        _ view: TensorView, values: UnsafeMutableRawBufferPointer, scales: UnsafeMutableRawBufferPointer
    ) -> NVFP4ErrorStatistics {
        let (rows, columns) = (view.shape[0], view.shape[1])
        var statistics = NVFP4ErrorStatistics()
        withUnsafeTemporaryAllocation(of: Float.self, capacity: view.elementCount * 2) { buffer in
            let original = UnsafeMutableBufferPointer(rebasing: buffer[..<view.elementCount])
            let quantized = UnsafeMutableBufferPointer(rebasing: buffer[view.elementCount...])
            view.copyFloats(into: original)
            for row in 0..<rows {
                for block in 0..<count(columns) {
                    let start = row * columns + block * size
                    let range = start..<start + min(size, columns - block * size)
                    let bits = quantize(
                        original, range, values: values, dequantized: quantized)
                    scales.storeBytes(
                        of: bits.littleEndian, toByteOffset: (row * count(columns) + block) * 2, as: UInt16.self)
                }
            }
            statistics.add(original: UnsafeBufferPointer(original), quantized: UnsafeBufferPointer(quantized))
        }
        return statistics
    }

    /// One block; returns its scale. A block of zeros has scale 0.
    private static func quantize(
        _ source: UnsafeMutableBufferPointer<Float>, _ range: Range<Int>, values: UnsafeMutableRawBufferPointer,
        dequantized: UnsafeMutableBufferPointer<Float>
    ) -> UInt16 {
        var amax: Float = 0
        for index in range { amax = max(amax, source[index].magnitude) }
        let bits = bfloat16(amax / 127)
        let scale = Float(bitPattern: UInt32(bits) << 16)
        let step = scale > 0 ? scale : 1
        for index in range {
            let value = min(max(source[index] / step, -127), 127).rounded(.toNearestOrEven)
            values[index] = UInt8(bitPattern: Int8(value))
            dequantized[index] = value * scale
        }
        return bits
    }

    /// The nearest bf16, ties to even.
    static func bfloat16(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        return UInt16((bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
    }
}
