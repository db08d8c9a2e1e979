import Compute

/// Random weights, the same for the same seed and tensor name whatever else is made.
struct RandomWeights {
    private var state: UInt64

    init(seed: UInt64, name: String) {
        state = seed
        // FNV-1a over the name.
        for byte in name.utf8 { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    }

    /// Steele, Lea and Flood's SplitMix64.
    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    /// Random bytes: as NVFP4 codes, magnitudes of 2.9 in the mean square.
    mutating func fillCodes(_ bytes: UnsafeMutableRawBufferPointer) {
        var offset = 0
        while offset + 8 <= bytes.count {
            bytes.storeBytes(of: next(), toByteOffset: offset, as: UInt64.self)
            offset += 8
        }
        while offset < bytes.count {
            bytes[offset] = UInt8(truncatingIfNeeded: next())
            offset += 1
        }
    }

    /// e4m3 bytes from 128 to 240.
    mutating func fillScales(_ bytes: UnsafeMutableRawBufferPointer) {
        fillCodes(bytes)
        for index in bytes.indices { bytes[index] = 0x70 | (bytes[index] & 7) }
    }

    /// The mean square root of a weight with random codes, a random scale and a tensor scale of 1.
    static let nvfp4Magnitude: Float = 2.926 * 184

    /// bf16 values of a triangular distribution with that standard deviation.
    mutating func fillBFloat16(_ values: UnsafeMutableBufferPointer<UInt16>, deviation: Float) {
        // The sum of two uniform numbers of 16 bits has a deviation of 65536 / sqrt(6).
        let factor = deviation * 2.449489743 / 65536
        for index in values.indices {
            let bits = next()
            let sum = Float(UInt32(bits & 0xFFFF) + UInt32(bits >> 16 & 0xFFFF)) - 65535
            values[index] = UInt16(truncatingIfNeeded: (sum * factor).bitPattern >> 16)
        }
    }

    /// A number from 0 to 1.
    mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }
}
