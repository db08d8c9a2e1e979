import Foundation
import JSON
import Logging

/// Writes each log line as one JSON object, for machines that collect logs.
///
/// ```json
/// {"time":"2026-01-31T12:00:00.123Z","level":"info","logger":"annie","message":"Request","status":"200"}
/// ```
public struct JSONLogHandler: LogHandler {
    /// Lines below this are not written.
    public var logLevel = Logger.Level.info
    /// Written with every line.
    public var metadata = Logger.Metadata()
    /// Asked for more at every line.
    public var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let write: @Sendable (String) -> Void

    /// A handler that writes to standard error, or to wherever `write` takes its lines.
    public init(label: String, write: @escaping @Sendable (String) -> Void = JSONLogHandler.writeToStandardError) {
        self.label = label
        self.write = write
    }

    /// One item of what is written with every line.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes a line.
    public func log(event: LogEvent) {
        var line = JSONObject([
            ("time", .string(Self.timestamp(Date()))), ("level", .string(event.level.rawValue)),
            ("logger", .string(label)), ("message", .string(event.message.description)),
        ])
        var merged = metadata
        merged.merge(metadataProvider?.get() ?? [:]) { $1 }
        merged.merge(event.metadata ?? [:]) { $1 }
        for (key, value) in merged.sorted(by: { $0.key < $1.key }) {
            // The line's own names come first; metadata that shares one is kept beside it.
            line[line[key] == nil ? key : "metadata.\(key)"] = Self.json(value)
        }
        if let error = event.error { line["error"] = .string(String(describing: error)) }
        write(JSONValue.object(line).text(.compact) + "\n")
    }

    /// Writes a line to standard error in one call, so that lines of several threads do not mix.
    public static func writeToStandardError(_ line: String) {
        FileHandle.standardError.write(Data(line.utf8))
    }

    private static func timestamp(_ date: Date) -> String {
        date.formatted(
            .iso8601.year().month().day().time(includingFractionalSeconds: true).timeZone(separator: .omitted))
    }

    private static func json(_ value: Logger.MetadataValue) -> JSONValue {
        switch value {
        case .string(let text): .string(text)
        case .stringConvertible(let integer as Int): .integer(integer)
        case .stringConvertible(let number as Double): .number(number)
        case .stringConvertible(let other): .string(other.description)
        case .array(let values): .array(values.map(json))
        case .dictionary(let values):
            .object(JSONObject(values.sorted { $0.key < $1.key }.map { ($0.key, json($0.value)) }))
        }
    }
}
