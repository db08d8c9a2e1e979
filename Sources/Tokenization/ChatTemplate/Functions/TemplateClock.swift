import Foundation

/// What time it is for `strftime_now`.
package struct TemplateClock: Sendable {
    private let seconds: @Sendable () -> Int
    private let usesUTC: Bool

    /// The system's clock in its own time zone.
    package static let system = TemplateClock(seconds: { Int(Date().timeIntervalSince1970) }, usesUTC: false)

    /// Always that second, in UTC, for tests.
    package static func fixed(secondsSince1970: Int) -> TemplateClock {
        TemplateClock(seconds: { secondsSince1970 }, usesUTC: true)
    }

    /// The time as C's `strftime` writes it.
    func text(format: String) -> String {
        // An empty result and a full buffer look the same to strftime; a character in front tells them apart.
        var time = time_t(seconds())
        var parts = tm()
        if usesUTC { gmtime_r(&time, &parts) } else { localtime_r(&time, &parts) }
        var capacity = 256
        while capacity <= 1 << 16 {
            var buffer = [CChar](repeating: 0, count: capacity)
            let count = strftime(&buffer, capacity, " " + format, &parts)
            if count > 0 {
                return String(decoding: buffer[1..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            }
            capacity *= 4
        }
        return ""
    }
}
