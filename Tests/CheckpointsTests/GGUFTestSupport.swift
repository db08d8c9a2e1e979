import Checkpoints
import Foundation

/// Files under `Tests/Fixtures/GGUF`, written by gguf-py and ggml's own quantisers.
func ggufFixture(_ name: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/GGUF/\(name)")
}

func floats(_ name: String) throws -> [Float] {
    let data = try Data(contentsOf: ggufFixture(name))
    return data.withUnsafeBytes { bytes in
        (0..<bytes.count / 4).map { Float(bitPattern: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)) }
    }
}

/// A file that exists as long as this value does.
final class TemporaryFile {
    let url = FileManager.default.temporaryDirectory.appending(path: "annie-gguf-\(UUID().uuidString)")

    init(_ bytes: [UInt8]) throws {
        try Data(bytes).write(to: url)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}

/// Writes GGUF bytes field by field, so that a test can write the wrong ones.
struct GGUFBytes {
    var bytes: [UInt8] = []

    /// A header that promises these counts.
    init(version: UInt32 = 3, tensors: UInt64 = 0, keys: UInt64 = 0) {
        bytes = Array("GGUF".utf8)
        append(version)
        append(tensors)
        append(keys)
    }

    mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ text: String) {
        append(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func appendKey(_ key: String, type: UInt32) {
        append(key)
        append(type)
    }

    mutating func appendTensor(_ name: String, _ dimensions: [UInt64], type: UInt32 = 0, offset: UInt64 = 0) {
        append(name)
        append(UInt32(dimensions.count))
        for dimension in dimensions { append(dimension) }
        append(type)
        append(offset)
    }

    /// Pads to the alignment of the data and appends them.
    mutating func appendData(_ data: [UInt8]) {
        while bytes.count % 32 != 0 { bytes.append(0) }
        bytes += data
    }

    func open() throws -> GGUFFile {
        let file = try TemporaryFile(bytes)
        return try withExtendedLifetime(file) { try GGUFFile(contentsOf: file.url) }
    }
}
