/// The formats whose codes are the 4-bit float E2M1: MXFP4 (a power of two for 32 values) and NVFP4 (an unsigned E4M3
/// scale for 16 values, four sub-blocks to a block).
enum MXFP4Block: GGUFBlock {
    static var type: GGUFTensorType { .mxfp4 }

    /// The exponent byte, then 16 bytes of codes: value j low, value j + 16 high.
    @inline(__always)
    static func decode(_ block: UnsafePointer<UInt8>, scale: Float, into values: UnsafeMutablePointer<Float>) {
        // Half of 2^(e - 127), because the codes are decoded doubled; subnormal below e = 2.
        let exponent = UInt32(block[0])
        let d = Float(bitPattern: exponent < 2 ? 0x0020_0000 << exponent : (exponent - 1) << 23) * scale
        for j in 0..<16 {
            values[j] = doubledE2M1(block[1 + j] & 0xF) * d
            values[j + 16] = doubledE2M1(block[1 + j] >> 4) * d
        }
    }
}

enum NVFP4Block: GGUFBlock {
    static var type: GGUFTensorType { .nvfp4 }

    /// Four scale bytes, then 8 bytes of codes for each sub-block: value j low, value j + 8 high.
    @inline(__always)
    static func decode(_ block: UnsafePointer<UInt8>, scale: Float, into values: UnsafeMutablePointer<Float>) {
        for sub in 0..<4 {
            let d = unsignedE4M3(block[sub]) * scale * 0.5
            let codes = block + 4 + 8 * sub
            let out = values + 16 * sub
            for j in 0..<8 {
                out[j] = doubledE2M1(codes[j] & 0xF) * d
                out[j + 8] = doubledE2M1(codes[j] >> 4) * d
            }
        }
    }
}

/// Twice the value of an E2M1 code (0, 0.5, 1, 1.5, 2, 3, 4, 6 and their negatives), from its bits.
@inline(__always)
private func doubledE2M1(_ code: UInt8) -> Float {
    let magnitude = Int32(code & 7)
    // Codes 0...3 double to themselves; above, each exponent step doubles 2 + mantissa.
    let exponent = max(magnitude >> 1, 1) &- 1
    let significand = magnitude < 2 ? magnitude : 2 | magnitude & 1
    let value = Float(significand << exponent)
    return Float(bitPattern: value.bitPattern | UInt32(code & 8) << 28)
}

/// The value of an E4M3 byte without its sign; NaN (0x7F) reads as zero, as ggml reads it.
@inline(__always)
private func unsignedE4M3(_ byte: UInt8) -> Float {
    let magnitude = UInt32(byte & 0x7F)
    guard byte != 0x7F else { return 0 }
    // Placing exponent and mantissa in a float's leaves a factor of 2^(127 - 7), which also normalises subnormals.
    return Float(bitPattern: magnitude << 20) * Float(bitPattern: 0x7B80_0000)
}
