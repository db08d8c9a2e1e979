/// A type that a setting can have: text in, text out.
package protocol SettingValue: Sendable {
    /// What a good value looks like, for error messages and the table.
    static var expectation: String { get }
    /// The word that stands for the value in `--help`.
    static var placeholder: String { get }
    init?(settingText: String)
    var settingText: String { get }
}

extension SettingValue {
    package static var placeholder: String { expectation }
}

extension String: SettingValue {
    package static var expectation: String { "text" }
    package init?(settingText: String) { self = settingText }
    package var settingText: String { self }
}

extension Int: SettingValue {
    package static var expectation: String { "integer" }
    package init?(settingText: String) { self.init(settingText) }
    package var settingText: String { String(self) }
}

extension Float: SettingValue {
    package static var expectation: String { "number" }
    package init?(settingText: String) {
        guard let value = Float(settingText), value.isFinite else { return nil }
        self = value
    }
    package var settingText: String { self == rounded() ? String(Int(self)) : String(self) }
}

extension Bool: SettingValue {
    package static var expectation: String { "true or false" }
    package static var placeholder: String { "flag" }
    package init?(settingText: String) {
        switch settingText.lowercased() {
        case "true", "yes", "on", "1": self = true
        case "false", "no", "off", "0": self = false
        default: return nil
        }
    }
    package var settingText: String { String(self) }
}

extension [String]: SettingValue {
    package static var expectation: String { "comma-separated list" }
    package static var placeholder: String { "list" }
    package init?(settingText: String) {
        self = settingText.split(separator: ",").map { $0.trimmingSpaces() }.filter { !$0.isEmpty }
    }
    package var settingText: String { joined(separator: ",") }
}

/// A number of bytes, written plainly or with a binary unit: `1073741824`, `512M`, `2GiB`.
package struct ByteSize: SettingValue, Equatable {
    package var bytes: Int

    package static let expectation = "bytes, such as 512M or 2G"
    package static let placeholder = "bytes"

    package init(_ bytes: Int) { self.bytes = bytes }

    package init?(settingText: String) {
        let digits = settingText.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int(digits) else { return nil }
        let shift: Int
        switch settingText.dropFirst(digits.count).trimmingSpaces().uppercased() {
        case "", "B": shift = 0
        case "K", "KB", "KIB": shift = 10
        case "M", "MB", "MIB": shift = 20
        case "G", "GB", "GIB": shift = 30
        case "T", "TB", "TIB": shift = 40
        default: return nil
        }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: 1 << shift)
        guard !overflow else { return nil }
        self.bytes = bytes
    }

    package var settingText: String {
        for (shift, unit) in [(40, "T"), (30, "G"), (20, "M"), (10, "K")]
        where bytes != 0 && bytes % (1 << shift) == 0 {
            return "\(bytes >> shift)\(unit)"
        }
        return String(bytes)
    }
}

/// A setting with a few named values.
package protocol NamedChoice: SettingValue, CaseIterable, RawRepresentable where RawValue == String {}

extension NamedChoice {
    package static var expectation: String { allCases.map(\.rawValue).joined(separator: "|") }
    package init?(settingText: String) { self.init(rawValue: settingText) }
    package var settingText: String { rawValue }
}

extension StringProtocol {
    func trimmingSpaces() -> String {
        let start = drop(while: \.isWhitespace)
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
