import Foundation

/// C's mathematics, so that the files that use it need not import Foundation.
enum PythonMath {
    static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

    /// Python's `round(value, digits)`: the nearest decimal, ties decided by the exact binary value.
    static func round(_ value: Double, digits: Int) -> Double {
        guard value.isFinite, digits < 300 else { return value }
        if digits >= 0 { return Double(String(format: "%.\(digits)f", value)) ?? value }
        guard digits > -300 else { return value.sign == .minus ? -0.0 : 0 }
        let scale = pow(10, Double(-digits))
        return (value / scale).rounded(.toNearestOrEven) * scale
    }

    /// C's `printf` of a double: `conversion` is one of e, E, f, F, g and G.
    static func formatted(_ value: Double, conversion: Character, precision: Int, alternate: Bool) -> String {
        guard value.isFinite else {
            let text = PythonNumber.text(value)
            return conversion.isUppercase ? text.uppercased() : text
        }
        return String(format: "%\(alternate ? "#" : "").\(precision)\(conversion)", value)
    }
}
