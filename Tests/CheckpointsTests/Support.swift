import Checkpoints
import Foundation
import JSON
import Testing

/// Files under Tests/Fixtures.
enum Fixtures {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures")

    static func model(_ name: String) -> URL { root.appending(path: "models/\(name)") }
    static func checkpoint(_ name: String) -> URL { root.appending(path: "checkpoints/\(name)") }
}

/// A directory that is removed when the value goes away.
final class TemporaryDirectory {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "annie-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        let path = url.appending(path: name)
        try Data(bytes).write(to: path)
        return path.path
    }

    func file(_ name: String, text: String) throws -> String { try file(name, Array(text.utf8)) }
}

/// The bytes of a safetensors file with this header text and data.
func safetensors(_ header: String, data: [UInt8] = []) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian, Array.init) + Array(header.utf8) + data
}

/// A small generator with a seed, so that a failing case can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// The checkpoint error that the closure throws; records an issue when it throws none.
func checkpointError(_ body: () throws -> Void) -> CheckpointError? {
    do {
        try body()
        Issue.record("nothing was thrown")
    } catch let error as CheckpointError {
        return error
    } catch {
        Issue.record("threw \(error), not a CheckpointError")
    }
    return nil
}
