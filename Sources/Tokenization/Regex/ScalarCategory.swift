/// A set of Unicode general categories, one bit each.
///
/// Control characters that are white space have a bit of their own, so that `\s` too is a set of whole categories:
/// the property White_Space is exactly the three separator categories and those six controls.
struct ScalarCategories: OptionSet, Sendable, Hashable {
    let rawValue: UInt32

    private static func bit(_ position: UInt32) -> ScalarCategories { ScalarCategories(rawValue: 1 << position) }

    /// The bit numbers, in the order of `number(of:)`.
    private static let names = [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
        "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn",
    ]
    private static let controlSpaceNumber: UInt32 = 30

    static let all = ScalarCategories(rawValue: (1 << 31) - 1)
    static let letter = bit(0).union(bit(1)).union(bit(2)).union(bit(3)).union(bit(4))
    static let mark = bit(5).union(bit(6)).union(bit(7))
    static let number = bit(8).union(bit(9)).union(bit(10))
    static let decimalDigit = bit(8)
    static let otherNumber = bit(10)
    static let whitespace = bit(22).union(bit(23)).union(bit(24)).union(bit(controlSpaceNumber))
    /// `\w`, as Oniguruma has it.
    static let word = letter.union(mark).union(number).union(bit(11))

    /// The categories of a property name, `L` or `Lu`; nil for a name that is not a general category.
    init?(property name: String) {
        var bits: UInt32 = 0
        for (number, category) in Self.names.enumerated() where category == name || category.prefix(1) == name {
            bits |= 1 << UInt32(number)
        }
        guard bits != 0 else { return nil }
        if name == "C" || name == "Cc" { bits |= 1 << Self.controlSpaceNumber }
        self.init(rawValue: bits)
    }

    init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The bit number of a code point.
    @inline(__always)
    static func number(of codePoint: UInt32) -> UInt32 {
        codePoint < 0x10000 ? UInt32(basicPlane[Int(codePoint)]) : lookUp(codePoint)
    }

    /// The bit numbers of the first 65,536 code points: 64 KB, made once, when the first text beyond ASCII comes.
    private static let basicPlane: [UInt8] = (UInt32(0)..<0x10000).map { UInt8(lookUp($0)) }

    /// The bit number of a code point, from the standard library's tables.
    static func lookUp(_ codePoint: UInt32) -> UInt32 {
        switch codePoint {
        case 0x09...0x0D, 0x85: return controlSpaceNumber
        default: break
        }
        guard let scalar = Unicode.Scalar(codePoint) else { return 27 }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter: 0
        case .lowercaseLetter: 1
        case .titlecaseLetter: 2
        case .modifierLetter: 3
        case .otherLetter: 4
        case .nonspacingMark: 5
        case .spacingMark: 6
        case .enclosingMark: 7
        case .decimalNumber: 8
        case .letterNumber: 9
        case .otherNumber: 10
        case .connectorPunctuation: 11
        case .dashPunctuation: 12
        case .openPunctuation: 13
        case .closePunctuation: 14
        case .initialPunctuation: 15
        case .finalPunctuation: 16
        case .otherPunctuation: 17
        case .mathSymbol: 18
        case .currencySymbol: 19
        case .modifierSymbol: 20
        case .otherSymbol: 21
        case .spaceSeparator: 22
        case .lineSeparator: 23
        case .paragraphSeparator: 24
        case .control: 25
        case .format: 26
        case .surrogate: 27
        case .privateUse: 28
        case .unassigned: 29
        @unknown default: 29
        }
    }
}
