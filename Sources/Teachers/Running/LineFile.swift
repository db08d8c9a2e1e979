import Foundation
import JSON

/// A file of JSON lines to which lines are added one by one, each on the disk before the next is begun.
final class LineFile {
    let path: String
    private let descriptor: Int32
    private var length: off_t
    /// What a crash left of a last line, which was removed.
    private(set) var removedBytes = 0

    /// Opens or makes the file, and takes away a last line that is not whole.
    ///
    /// - Parameter isExclusive: Whether no other run may have it open.
    init(path: String, isExclusive: Bool = false) throws(GenerationError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .file(path: path, reason: Self.reason) }
        length = 0
        if isExclusive, flock(descriptor, LOCK_EX | LOCK_NB) != 0 { throw .locked(path: path) }
        length = lseek(descriptor, 0, SEEK_END)
        try repair()
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Adds a line; when it cannot be written whole, nothing of it stays.
    func append(_ value: JSONValue) throws(GenerationError) {
        var rest = Array((value.text() + "\n").utf8)[...]
        var place = length
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, place) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let reason = Self.reason
                _ = ftruncate(descriptor, length)
                throw .file(path: path, reason: reason)
            }
            place += off_t(count)
            rest = rest.dropFirst(count)
        }
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw .file(path: path, reason: Self.reason) }
        length = place
    }

    /// Throws away what it holds.
    func clear() throws(GenerationError) {
        guard ftruncate(descriptor, 0) == 0 else { throw .file(path: path, reason: Self.reason) }
        (length, removedBytes) = (0, 0)
    }

    /// Every line with its number.
    ///
    /// - Throws: ``GenerationError/line(path:number:reason:)`` for one that is not JSON.
    func lines() throws(GenerationError) -> [(number: Int, value: JSONValue)] {
        var values: [(Int, JSONValue)] = []
        for (index, line) in try bytes().split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) { continue }
            do { values.append((index + 1, try JSONValue(parsing: line))) } catch {
                throw .line(path: path, number: index + 1, reason: "not JSON")
            }
        }
        return values
    }

    private func bytes() throws(GenerationError) -> Data {
        do { return try Data(contentsOf: URL(filePath: path)) } catch {
            throw .file(path: path, reason: error.localizedDescription)
        }
    }

    private func repair() throws(GenerationError) {
        guard length > 0 else { return }
        let data = try bytes()
        var end = data.count
        var mustEnd = false
        // From the end: a line is whole when it ends and is JSON, and JSON alone is enough when only its end is missing.
        while end > 0 {
            let hasEnd = data[end - 1] == 0x0A
            let stop = hasEnd ? end - 1 : end
            let start = data[..<stop].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
            let line = data[start..<stop]
            let isBlank = line.allSatisfy { $0 == 0x20 || $0 == 0x0D || $0 == 0 }
            if !isBlank, (try? JSONValue(parsing: line)) != nil {
                mustEnd = !hasEnd
                break
            }
            // Only what a crash leaves is taken away: the part of one line, or zeros that the disk never filled.
            guard isBlank || end == data.count else { break }
            end = start
        }
        removedBytes = data.count - end
        if removedBytes > 0, ftruncate(descriptor, off_t(end)) != 0 { throw .file(path: path, reason: Self.reason) }
        length = off_t(end)
        guard mustEnd else { return }
        guard pwrite(descriptor, "\n", 1, length) == 1 else { throw .file(path: path, reason: Self.reason) }
        length += 1
    }

    private static var reason: String { String(cString: strerror(errno)) }
}
