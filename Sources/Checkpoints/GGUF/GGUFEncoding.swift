/// The encodings that export needs.
package enum GGUFEncoding {
    /// ModelOpt's NVFP4 as llama.cpp's blocks of 64: four scale bytes, then for each 16 values 8 bytes of which byte j
    /// holds value j in its low nibble and value j + 8 in its high one.
    ///
    /// ModelOpt has the even value in the low nibble and its right neighbour in the high one. Neither codes nor scales
    /// change; the sign bit of a scale is dropped, since the block's scales are unsigned.
    ///
    /// - Parameters:
    ///   - codes: rows x columns / 2.
    ///   - scales: rows x columns / 16, E4M3.
    ///   - order: which source row each row comes from.
    ///   - groups: which source group of 16 columns each group comes from.
    static func nvfp4(
        codes: UnsafeRawBufferPointer, scales: UnsafeRawBufferPointer, columns: Int, order: [Int], groups: [Int]
    ) -> [UInt8] {
        let (codeStride, scaleStride) = (columns / 2, columns / 16)
        var blocks = [UInt8](repeating: 0, count: order.count * columns / 64 * 36)
        blocks.withUnsafeMutableBufferPointer { blocks in
            var out = 0
            for row in order {
                for block in 0..<columns / 64 {
                    for sub in 0..<4 {
                        let group = groups[block * 4 + sub]
                        blocks[out + sub] = scales[row * scaleStride + group] & 0x7F
                        let source = row * codeStride + group * 8
                        for j in 0..<8 {
                            blocks[out + 4 + sub * 8 + j] =
                                code(codes, source, j) | code(codes, source, j + 8) << 4
                        }
                    }
                    out += 36
                }
            }
        }
        return blocks
    }

    /// Code `index` of a run in ModelOpt's order.
    @inline(__always)
    private static func code(_ codes: UnsafeRawBufferPointer, _ start: Int, _ index: Int) -> UInt8 {
        codes[start + index / 2] >> UInt8(index % 2 * 4) & 0xF
    }

    /// Q8_0: blocks of 32 with a half-precision scale, amax / 127, rounded half away from zero as ggml does.
    ///
    /// - Precondition: the count is a multiple of 32.
    package static func q8_0(_ values: [Float]) -> [UInt8] {
        var blocks: [UInt8] = []
        blocks.reserveCapacity(values.count / 32 * 34)
        for start in stride(from: 0, to: values.count, by: 32) {
            let block = values[start..<start + 32]
            let scale = block.reduce(0) { max($0, $1.magnitude) } / 127
            let inverse = scale == 0 ? 0 : 1 / scale
            withUnsafeBytes(of: Float16(scale).bitPattern.littleEndian) { blocks.append(contentsOf: $0) }
            for value in block {
                let quotient = (value * inverse).rounded(.toNearestOrAwayFromZero)
                blocks.append(UInt8(bitPattern: Int8(max(-127, min(127, quotient)))))
            }
        }
        return blocks
    }
}
