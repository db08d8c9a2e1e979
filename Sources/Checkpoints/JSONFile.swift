import Foundation
import JSON

/// Reading and writing of the small JSON files beside the weights.
package enum JSONFile {
    /// No configuration is near this size; a larger file is something else.
    static let maximumSize = 200_000_000

    /// Parses a file that must exist.
    package static func read(_ url: URL) throws(CheckpointError) -> JSONValue {
        let file = try MappedFile(path: url.path)
        guard file.bytes.count <= maximumSize else {
            throw CheckpointError(.malformed, file: url.path, "found \(file.bytes.count) bytes, too many for JSON")
        }
        defer { withExtendedLifetime(file) {} }
        do throws(JSONError) { return try JSONValue(parsing: file.bytes) } catch {
            throw CheckpointError(.malformed, file: url.path, "\(error)")
        }
    }

    /// Parses a file that may be absent.
    package static func readIfPresent(_ url: URL) throws(CheckpointError) -> JSONValue? {
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        return try read(url)
    }
}
