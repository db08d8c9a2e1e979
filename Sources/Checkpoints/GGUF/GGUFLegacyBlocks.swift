/// The formats with one half-precision scale for 32 values: Q4_0, Q4_1, Q5_0, Q5_1, Q8_0.
///
/// Byte j of the codes holds value j in its low nibble and value j + 16 in its high one.
enum Q4_0Block: GGUFBlock {
    static var type: GGUFTensorType { .q4_0 }

    @inline(__always)
    static func decode(_ block: UnsafePointer<UInt8>, scale: Float, into values: UnsafeMutablePointer<Float>) {
        let d = block.half(at: 0) * scale
        for j in 0..<16 {
            let codes = Int32(block[2 + j])
            values[j] = Float((codes & 0xF) &- 8) * d
            values[j + 16] = Float((codes >> 4) &- 8) * d
        }
    }
}

enum Q4_1Block: GGUFBlock {
    static var type: GGUFTensorType { .q4_1 }

    @inline(__always)
    static func decode(_ block: UnsafePointer<UInt8>, scale: Float, into values: UnsafeMutablePointer<Float>) {
        let d = block.half(at: 0) * scale
        let minimum = block.half(at: 2) * scale
        for j in 0..<16 {
            let codes = Int32(block[4 + j])
            values[j] = Float(codes & 0xF) * d + minimum
            values[j + 16] = Float(codes >> 4) * d + minimum
        }
    }
}

enum Q5_0Block: GGUFBlock {
    static var type: GGUFTensorType { .q5_0 }

    @inline(__always)
    static func decode(_ block: UnsafePointer<UInt8>, scale: Float, into values: UnsafeMutablePointer<Float>) {
        let d = block.half(at: 0) * scale
        let fifthBits = block.word(at: 2)
        for j in 0..<16 {
            let codes = UInt32(block[6 + j])
            let low = (codes & 0xF) | (fifthBits >> UInt32(j) & 1) << 4
            let high = (codes >> 4) | (fifthBits >> UInt32(j + 16) & 1) << 4
            values[j] = Float(Int32(bitPattern: low) &- 16) * d
            values[j + 16] = Float(Int32(bitPattern: high) &- 16) * d
        }
    }
}

enum Q5_1Block: GGUFBlock {
    static var type: GGUFTensorType { .q5_1 }

    @inline(__always)
    static func decode(_ block: UnsafePointer<UInt8>, scale: Float, into values: UnsafeMutablePointer<Float>) {
        let d = block.half(at: 0) * scale
        let minimum = block.half(at: 2) * scale
        let fifthBits = block.word(at: 4)
        for j in 0..<16 {
            let codes = UInt32(block[8 + j])
            let low = (codes & 0xF) | (fifthBits >> UInt32(j) & 1) << 4
            let high = (codes >> 4) | (fifthBits >> UInt32(j + 16) & 1) << 4
            values[j] = Float(Int32(bitPattern: low)) * d + minimum
            values[j + 16] = Float(Int32(bitPattern: high)) * d + minimum
        }
    }
}

enum Q8_0Block: GGUFBlock {
    static var type: GGUFTensorType { .q8_0 }

    @inline(__always)
    static func decode(_ block: UnsafePointer<UInt8>, scale: Float, into values: UnsafeMutablePointer<Float>) {
        let d = block.half(at: 0) * scale
        for j in 0..<32 {
            values[j] = Float(Int32(Int8(bitPattern: block[2 + j]))) * d
        }
    }
}
