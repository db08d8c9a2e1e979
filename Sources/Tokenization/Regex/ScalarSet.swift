/// A set of Unicode scalars as a pattern writes it: categories and ranges, perhaps negated.
///
/// Membership of ASCII is a bitmap; beyond it, a category bit and then the ranges.
struct ScalarSet: Sendable, Hashable {
    let categories: ScalarCategories
    let ranges: [ClosedRange<UInt32>]
    let isNegated: Bool
    private let lowASCII: UInt64
    private let highASCII: UInt64

    init(categories: ScalarCategories = [], ranges: [ClosedRange<UInt32>] = [], isNegated: Bool = false) {
        self.categories = categories
        self.ranges = ranges
        self.isNegated = isNegated
        var bits: [UInt64] = [0, 0]
        for codePoint in UInt32(0)..<0x80 {
            let number = ScalarCategories.lookUp(codePoint)
            let isMember = categories.rawValue >> number & 1 == 1 || ranges.contains { $0.contains(codePoint) }
            if isMember != isNegated { bits[Int(codePoint >> 6)] |= 1 << UInt64(codePoint & 63) }
        }
        (lowASCII, highASCII) = (bits[0], bits[1])
    }

    init(_ scalar: Unicode.Scalar) { self.init(ranges: [scalar.value...scalar.value]) }

    @inline(__always)
    func contains(ascii byte: UInt8) -> Bool {
        (byte < 64 ? lowASCII : highASCII) >> UInt64(byte & 63) & 1 == 1
    }

    func contains(beyondASCII codePoint: UInt32) -> Bool {
        let bit = categories.rawValue >> ScalarCategories.number(of: codePoint) & 1
        return (bit == 1 || (!ranges.isEmpty && ranges.contains { $0.contains(codePoint) })) != isNegated
    }

    /// Whether some scalar beyond ASCII may be a member; never false when one is.
    var mayContainBeyondASCII: Bool {
        isNegated || !categories.isEmpty || ranges.contains { $0.upperBound >= 0x80 }
    }

    /// Where the scalar at `position` ends, when it is a member; nil when it is not or the text ends there.
    ///
    /// `text` must be valid UTF-8 and `position` a scalar's start.
    @inline(__always)
    func end(ofMemberAt position: Int, in text: UnsafeBufferPointer<UInt8>) -> Int? {
        guard position < text.count else { return nil }
        let byte = text[position]
        if byte < 0x80 { return contains(ascii: byte) ? position + 1 : nil }
        let (codePoint, length) = decodeScalar(text, at: position)
        return contains(beyondASCII: codePoint) ? position + length : nil
    }

    /// The set with every scalar's other cases, for `(?i)`.
    func addingCases() -> ScalarSet {
        var widened = ranges
        // Folding a long range one scalar at a time would let a pattern of a few bytes cost a second.
        for range in ranges where range.count <= 0x400 {
            for codePoint in range { widened += Self.otherCases(of: codePoint).map { $0...$0 } }
        }
        return ScalarSet(categories: categories, ranges: widened, isNegated: isNegated)
    }

    private static func otherCases(of codePoint: UInt32) -> [UInt32] {
        guard let scalar = Unicode.Scalar(codePoint) else { return [] }
        let mappings = [scalar.properties.lowercaseMapping, scalar.properties.uppercaseMapping]
        var cases = mappings.compactMap { mapping in
            let scalars = mapping.unicodeScalars
            return scalars.count == 1 ? scalars.first?.value : nil
        }
        // Simple case folding also joins these three to Latin letters: long s, the Kelvin sign and the Ångström sign.
        switch codePoint | 0x20 {
        case 0x73: cases.append(0x17F)
        case 0x6B: cases.append(0x212A)
        case 0xE5: cases.append(0x212B)
        default: break
        }
        return cases
    }
}

/// The scalar at `position` of valid UTF-8, and its length in bytes.
@inline(__always)
func decodeScalar(_ text: UnsafeBufferPointer<UInt8>, at position: Int) -> (codePoint: UInt32, length: Int) {
    let lead = UInt32(text[position])
    let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    // A buffer that was cut inside a scalar must not be read past its end.
    guard position + length <= text.count else { return (0xFFFD, text.count - position) }
    var codePoint = length == 1 ? lead : lead & (0xFF >> UInt32(length + 1))
    for offset in 1..<max(length, 1) { codePoint = codePoint << 6 | UInt32(text[position + offset] & 0x3F) }
    return (codePoint, length)
}
