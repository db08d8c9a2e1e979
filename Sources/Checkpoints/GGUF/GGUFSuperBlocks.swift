/// The formats with 256 values to a block, whose smaller blocks have integer scales of their own: Q4_K, Q5_K, Q6_K.
enum Q4_KBlock: GGUFBlock {
    static var type: GGUFTensorType { .q4_K }

    /// d (half), dmin (half), 12 bytes of 6-bit scales and minimums for 8 sub-blocks of 32, 128 bytes of nibbles: each
    /// run of 32 bytes holds one sub-block in its low nibbles and the next in its high ones.
    @inline(__always)
    static func decode(_ block: UnsafePointer<UInt8>, scale: Float, into values: UnsafeMutablePointer<Float>) {
        let d = block.half(at: 0) * scale
        let dmin = block.half(at: 2) * scale
        for pair in 0..<4 {
            let low = subScale(block + 4, 2 * pair)
            let high = subScale(block + 4, 2 * pair + 1)
            let (d1, m1) = (d * low.scale, dmin * low.minimum)
            let (d2, m2) = (d * high.scale, dmin * high.minimum)
            let codes = block + 16 + 32 * pair
            let out = values + 64 * pair
            for j in 0..<32 {
                let byte = Int32(codes[j])
                out[j] = d1 * Float(byte & 0xF) - m1
                out[j + 32] = d2 * Float(byte >> 4) - m2
            }
        }
    }
}

enum Q5_KBlock: GGUFBlock {
    static var type: GGUFTensorType { .q5_K }

    /// As Q4_K, with 32 bytes of fifth bits before the nibbles: bit s of byte j belongs to value j of sub-block s.
    @inline(__always)
    static func decode(_ block: UnsafePointer<UInt8>, scale: Float, into values: UnsafeMutablePointer<Float>) {
        let d = block.half(at: 0) * scale
        let dmin = block.half(at: 2) * scale
        let fifthBits = block + 16
        for pair in 0..<4 {
            let low = subScale(block + 4, 2 * pair)
            let high = subScale(block + 4, 2 * pair + 1)
            let (d1, m1) = (d * low.scale, dmin * low.minimum)
            let (d2, m2) = (d * high.scale, dmin * high.minimum)
            let codes = block + 48 + 32 * pair
            let out = values + 64 * pair
            for j in 0..<32 {
                let byte = Int32(codes[j])
                let bits = Int32(fifthBits[j]) >> Int32(2 * pair)
                out[j] = d1 * Float((byte & 0xF) | (bits & 1) << 4) - m1
                out[j + 32] = d2 * Float((byte >> 4) | (bits >> 1 & 1) << 4) - m2
            }
        }
    }
}

enum Q6_KBlock: GGUFBlock {
    static var type: GGUFTensorType { .q6_K }

    /// 128 bytes of low nibbles, 64 bytes of upper bit pairs, 16 int8 scales for sub-blocks of 16, d (half). Each half
    /// of 128 values interleaves four runs of 32: nibbles low/high of two runs of bytes, bit pairs from one.
    @inline(__always)
    static func decode(_ block: UnsafePointer<UInt8>, scale: Float, into values: UnsafeMutablePointer<Float>) {
        let d = block.half(at: 208) * scale
        for half in 0..<2 {
            let upper = block + 128 + 32 * half
            for run in 0..<4 {
                let lower = block + 64 * half + 32 * (run & 1)
                let (lowerShift, upperShift) = (Int32(4 * (run >> 1)), Int32(2 * run))
                for sub in 0..<2 {
                    let scale = Int8(bitPattern: block[192 + 8 * half + 2 * run + sub])
                    let subScale = d * Float(Int32(scale))
                    let out = values + 128 * half + 32 * run + 16 * sub
                    for j in 0..<16 {
                        let low = Int32(lower[16 * sub + j]) >> lowerShift & 0xF
                        let high = Int32(upper[16 * sub + j]) >> upperShift & 3
                        out[j] = subScale * Float((low | high << 4) &- 32)
                    }
                }
            }
        }
    }
}

/// The 6-bit scale and minimum of sub-block `index` of Q4_K and Q5_K, out of 12 packed bytes: the first four have a byte
/// each; the last four have their low nibbles in the third word and their high bits atop the first eight bytes.
@inline(__always)
private func subScale(_ packed: UnsafePointer<UInt8>, _ index: Int) -> (scale: Float, minimum: Float) {
    if index < 4 {
        return (Float(packed[index] & 63), Float(packed[index + 4] & 63))
    }
    let nibbles = packed[index + 4]
    let scale = nibbles & 0xF | (packed[index - 4] >> 6) << 4
    let minimum = nibbles >> 4 | (packed[index] >> 6) << 4
    return (Float(scale), Float(minimum))
}
