/// Python's arithmetic and number texts.
enum PythonNumber {
    /// Python's `repr` of a float: the shortest digits that read back, with an exponent below 1e-4 and from 1e16.
    static func text(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        var (digits, point) = shortestDigits(value.magnitude)
        let sign = value.sign == .minus ? "-" : ""
        guard point > -4, point <= 16 else {
            let exponent = point - 1
            let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
            let width = abs(exponent) < 10 ? "0" : ""
            return "\(sign)\(digits.prefix(1))\(fraction)e\(exponent < 0 ? "-" : "+")\(width)\(abs(exponent))"
        }
        if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
        if digits.count < point { digits += String(repeating: "0", count: point - digits.count) }
        let fraction = digits.dropFirst(point)
        return sign + digits.prefix(point) + "." + (fraction.isEmpty ? "0" : fraction)
    }

    /// The digits without leading or trailing zeros, and where the decimal point stands among them.
    private static func shortestDigits(_ value: Double) -> (digits: String, point: Int) {
        guard value != 0 else { return ("0", 1) }
        let parts = value.description.split(separator: "e")
        let mantissa = parts[0].split(separator: ".")
        let whole = mantissa[0]
        let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        var digits = String(whole) + (mantissa.count > 1 ? mantissa[1] : "")
        let leading = digits.prefix { $0 == "0" }.count
        digits.removeFirst(leading)
        while digits.hasSuffix("0") { digits.removeLast() }
        return (digits, whole.count - leading + exponent)
    }

    /// Python's `float(text)`.
    static func number(_ text: String) -> Double? {
        let trimmed = PythonString.stripped(text).lowercased()
        let unsigned = trimmed.hasPrefix("-") || trimmed.hasPrefix("+") ? String(trimmed.dropFirst()) : trimmed
        switch unsigned {
        case "inf", "infinity": return trimmed.hasPrefix("-") ? -.infinity : .infinity
        case "nan": return .nan
        default:
            let allowed = unsigned.unicodeScalars.allSatisfy { "0123456789.e+-_".unicodeScalars.contains($0) }
            guard allowed, hasValidUnderscores(unsigned) else { return nil }
            var plain = trimmed.filter { $0 != "_" }
            if plain.hasSuffix(".") { plain.append("0") }
            plain = plain.replacing(".e", with: ".0e")
            return Double(plain)
        }
    }

    /// Python's `int(text, base)`; nil when the text is no such number.
    static func integer(_ text: String, base: Int = 10) -> Int? {
        var digits = PythonString.stripped(text).lowercased()
        let isNegative = digits.hasPrefix("-")
        if isNegative || digits.hasPrefix("+") { digits.removeFirst() }
        var base = base
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) {
            guard base == radix || base == 0 else { continue }
            digits.removeFirst(2)
            if digits.hasPrefix("_") { digits.removeFirst() }
            base = radix
        }
        if base == 0 { base = 10 }
        guard (2...36).contains(base), hasValidUnderscores(digits), digits.allSatisfy(\.isASCII),
            digits.first?.isLetter == true || digits.first?.isNumber == true
        else { return nil }
        return Int((isNegative ? "-" : "") + digits.filter { $0 != "_" }, radix: base)
    }

    private static func hasValidUnderscores(_ text: String) -> Bool {
        guard text.contains("_") else { return true }
        return !text.hasPrefix("_") && !text.hasSuffix("_") && !text.contains("__")
    }

    /// Python's `//`: towards minus infinity.
    static func floorDivide(_ left: Int, _ right: Int) -> Int? {
        let (quotient, overflow) = left.dividedReportingOverflow(by: right)
        guard !overflow else { return nil }
        return left % right != 0 && (left < 0) != (right < 0) ? quotient - 1 : quotient
    }

    /// Python's `%`: the sign of the divisor.
    static func modulo(_ left: Int, _ right: Int) -> Int {
        let (remainder, overflow) = left.remainderReportingOverflow(dividingBy: right)
        guard !overflow else { return 0 }
        return remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder
    }

    static func modulo(_ left: Double, _ right: Double) -> Double {
        let remainder = left.truncatingRemainder(dividingBy: right)
        return remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder
    }

    /// Integer power, or nil when it does not fit.
    static func power(_ base: Int, _ exponent: Int) -> Int? {
        var result = 1
        var factor = base
        var rest = exponent
        while rest > 0 {
            if rest & 1 == 1 {
                let (product, overflow) = result.multipliedReportingOverflow(by: factor)
                guard !overflow else { return nil }
                result = product
            }
            rest >>= 1
            guard rest > 0 else { break }
            let (square, overflow) = factor.multipliedReportingOverflow(by: factor)
            guard !overflow else { return nil }
            factor = square
        }
        return result
    }
}
