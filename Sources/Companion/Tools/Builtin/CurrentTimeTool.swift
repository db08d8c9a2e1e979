import Foundation
import JSON

/// `current_time`: the date and time, here or elsewhere.
public struct CurrentTimeTool: Tool {
    /// A tool that asks the context's clock.
    public init() {}

    /// What the model is told.
    public let definition = ToolDefinition(
        name: "current_time",
        description: "Tell the current date and time, for the user or for another place.",
        parameters: ToolSchema.object([
            ("time_zone", ToolSchema.string("A zone such as Europe/Berlin; leave it out for the user's own"))
        ]))
    /// It only reads.
    public let hasSideEffects = false
    /// No waiting is involved.
    public let timeLimit = Duration.seconds(2)

    /// `Saturday, 3 May 2026, 14:05 (Europe/Berlin, UTC+02:00)`
    public func run(arguments: JSONObject, context: ToolContext) async throws -> String {
        var zone = context.timeZone
        if let name = arguments["time_zone"]?.string?.trimmingCharacters(in: .whitespaces), !name.isEmpty {
            guard let found = Self.zone(named: name) else {
                throw ToolError("there is no time zone of that name; use one such as Europe/Berlin or Asia/Tokyo")
            }
            zone = found
        }
        let now = context.now()
        let parts = ToolDate.parts(now, in: zone)
        let time = String(format: "%02d:%02d", parts.hour ?? 0, parts.minute ?? 0)
        return "\(ToolDate.weekday(parts)), \(ToolDate.day(now, in: zone)), \(time) "
            + "(\(zone.identifier), \(Self.offset(of: zone, at: now)))"
    }

    /// By its name, or by the city that its name ends with: models say `Tokyo`.
    private static func zone(named name: String) -> TimeZone? {
        let wanted = name.lowercased().replacing(" ", with: "_")
        if ["utc", "gmt", "z"].contains(wanted) { return .gmt }
        let known = TimeZone.knownTimeZoneIdentifiers
        let match =
            known.first { $0.lowercased() == wanted } ?? known.first { $0.lowercased().hasSuffix("/" + wanted) }
        if let match { return TimeZone(identifier: match) }
        // Newer names, such as Asia/Kolkata, are known without being listed.
        let isPlain = name.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || "/_+- ".unicodeScalars.contains($0))
        }
        return isPlain ? TimeZone(identifier: name.replacing(" ", with: "_")) : nil
    }

    private static func offset(of zone: TimeZone, at date: Date) -> String {
        let minutes = zone.secondsFromGMT(for: date) / 60
        let sign = minutes < 0 ? "-" : "+"
        return "UTC" + sign + String(format: "%02d:%02d", abs(minutes) / 60, abs(minutes) % 60)
    }
}

/// Dates as they are said, in English whatever the machine's language.
enum ToolDate {
    static func parts(_ date: Date, in zone: TimeZone) -> DateComponents {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        return calendar.dateComponents([.year, .month, .day, .hour, .minute, .weekday], from: date)
    }

    /// `3 May 2026`
    static func day(_ date: Date, in zone: TimeZone) -> String {
        let parts = parts(date, in: zone)
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ]
        let month = min(max(parts.month ?? 1, 1), 12)
        return "\(parts.day ?? 1) \(months[month - 1]) \(parts.year ?? 1970)"
    }

    static func weekday(_ parts: DateComponents) -> String {
        let days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
        return days[min(max(parts.weekday ?? 1, 1), 7) - 1]
    }
}
