/// The 8-bit format of block scales: sign, four exponent bits (bias 7), three mantissa bits; no infinity, NaN is 0x7F.
package enum E4M3 {
    /// The value of a byte.
    package static func decode(_ byte: UInt8) -> Float {
        let sign: Float = byte & 0x80 == 0 ? 1 : -1
        let exponent = Int(byte >> 3 & 0xF)
        let mantissa = Float(byte & 7)
        if byte & 0x7F == 0x7F { return .nan }
        if exponent == 0 { return sign * mantissa * 0x1p-9 }
        return sign * Float(sign: .plus, exponent: exponent - 7, significand: 1 + mantissa / 8)
    }

    /// The nearest byte, ties to even; magnitudes above 448 become 448.
    package static func encode(_ value: Float) -> UInt8 {
        let sign: UInt8 = value.sign == .minus ? 0x80 : 0
        let magnitude = value.magnitude
        if magnitude.isNaN { return sign | 0x7F }
        if magnitude >= 448 { return sign | 0x7E }
        // Subnormals are multiples of 2^-9; eight of them are the smallest normal number, whose byte is 8.
        if magnitude < 0x1p-6 { return sign | UInt8((magnitude * 0x1p9).rounded(.toNearestOrEven)) }
        let dropped: UInt32 = 20
        var bits = magnitude.bitPattern
        bits += (1 << (dropped - 1) - 1) + (bits >> dropped & 1)
        let exponent = (bits >> 23) + 7 - 127
        return sign | UInt8(exponent << 3 | (bits >> dropped & 7))
    }
}
