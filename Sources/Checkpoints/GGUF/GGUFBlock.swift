/// A block format: how some bytes stand for a fixed number of values.
///
/// The layouts are those of ggml's `ggml-common.h`. Products are rounded in the order ggml writes them, without fused
/// multiply-add, so the values are the same on every machine.
protocol GGUFBlock: SendableMetatype {
    static var type: GGUFTensorType { get }

    /// Decodes one block; `scale` multiplies every value and is 1 for a tensor without a scale of its own.
    static func decode(_ block: UnsafePointer<UInt8>, scale: Float, into values: UnsafeMutablePointer<Float>)
}

extension UnsafePointer<UInt8> {
    @inline(__always)
    func half(at offset: Int) -> Float {
        float32(half: UnsafeRawPointer(self + offset).loadUnaligned(as: UInt16.self))
    }

    @inline(__always)
    func word(at offset: Int) -> UInt32 {
        UnsafeRawPointer(self + offset).loadUnaligned(as: UInt32.self)
    }
}

/// The float of an IEEE half, with integer operations that vectorise: the exponent is rebiased by one exact product,
/// which also normalises subnormals.
@inline(__always)
func float32(half: UInt16) -> Float {
    let bits = UInt32(half)
    let magnitude = bits & 0x7FFF
    let rebiased = Float(bitPattern: magnitude << 13) * Float(bitPattern: 0x7780_0000)
    let infinite = Float(bitPattern: (magnitude << 13) | 0x7F80_0000)
    let value = magnitude >= 0x7C00 ? infinite : rebiased
    return Float(bitPattern: value.bitPattern | (bits & 0x8000) << 16)
}

/// The bf16 nearest to a float, ties to even; NaN stays NaN.
@inline(__always)
func bfloat16(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    let rounded = (bits &+ 0x7FFF &+ ((bits >> 16) & 1)) >> 16
    let quiet = (bits >> 16) | 0x40
    return UInt16(truncatingIfNeeded: (bits & 0x7FFF_FFFF) > 0x7F80_0000 ? quiet : rounded)
}

enum Float32Block: GGUFBlock {
    static var type: GGUFTensorType { .f32 }

    @inline(__always)
    static func decode(_ block: UnsafePointer<UInt8>, scale: Float, into values: UnsafeMutablePointer<Float>) {
        values[0] = Float(bitPattern: block.word(at: 0)) * scale
    }
}

enum Float16Block: GGUFBlock {
    static var type: GGUFTensorType { .f16 }

    @inline(__always)
    static func decode(_ block: UnsafePointer<UInt8>, scale: Float, into values: UnsafeMutablePointer<Float>) {
        values[0] = block.half(at: 0) * scale
    }
}

enum BFloat16Block: GGUFBlock {
    static var type: GGUFTensorType { .bf16 }

    @inline(__always)
    static func decode(_ block: UnsafePointer<UInt8>, scale: Float, into values: UnsafeMutablePointer<Float>) {
        let bits = UnsafeRawPointer(block).loadUnaligned(as: UInt16.self)
        values[0] = Float(bitPattern: UInt32(bits) << 16) * scale
    }
}
