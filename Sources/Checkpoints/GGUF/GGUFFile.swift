import Foundation

/// A GGUF file, memory-mapped and checked from its first byte to its last tensor's last byte.
///
/// Version 2 and 3, little-endian. The layout is specified in ggml's `docs/gguf.md`. Opening reads the metadata and the
/// tensor table; tensor bytes are read when they are decoded.
public struct GGUFFile: Sendable {
    /// The format version, 2 or 3.
    public let version: UInt32
    /// The key-value pairs before the tensors.
    public let metadata: GGUFMetadata
    /// The tensors in the order of the file's table.
    public let tensors: [GGUFTensor]
    private let positions: [String: Int]
    private let mapping: MappedFile

    /// Opens and checks a file.
    public init(contentsOf url: URL) throws(GGUFError) {
        let path = url.path(percentEncoded: false)
        do { mapping = try MappedFile(path: path) } catch {
            throw .inaccessible(path: path, reason: error.message)
        }
        var cursor = GGUFCursor(mapping.bytes)
        let magic: UInt32 = mapping.bytes.count < 4 ? 0 : try cursor.integer("the magic number")
        guard magic == 0x4655_4747 else { throw .notGGUF(path: path) }
        version = try Self.version(&cursor)
        let tensorCount = try cursor.count("the tensor count", minimumSize: GGUFTensorTable.minimumEntrySize)
        let keyCount = try cursor.count("the metadata count", minimumSize: 13)
        metadata = try Self.metadata(&cursor, count: keyCount)
        let table = try GGUFTensorTable(
            &cursor, count: tensorCount, alignment: try Self.alignment(metadata), fileSize: mapping.bytes.count)
        tensors = table.tensors
        positions = table.positions
    }

    /// The tensor of that name.
    public func tensor(named name: String) -> GGUFTensor? {
        positions[name].map { tensors[$0] }
    }

    /// Calls `body` with the tensor's bytes as they are in the file.
    public func withBytes<R>(of tensor: GGUFTensor, _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try withExtendedLifetime(mapping) {
            try body(UnsafeRawBufferPointer(rebasing: mapping.bytes[tensor.byteRange]))
        }
    }

    private static func version(_ cursor: inout GGUFCursor) throws(GGUFError) -> UInt32 {
        let version: UInt32 = try cursor.integer("the version")
        switch version {
        case 2, 3: return version
        case _ where version.byteSwapped <= 3: throw .unsupportedVersion("version \(version.byteSwapped), big-endian")
        default: throw .unsupportedVersion("version \(version)")
        }
    }

    private static func metadata(_ cursor: inout GGUFCursor, count: Int) throws(GGUFError) -> GGUFMetadata {
        var metadata = GGUFMetadata()
        for index in 0..<count {
            let key = try cursor.string("metadata key \(index)")
            guard metadata[key] == nil else { throw .invalid("the metadata key '\(key)' is there twice") }
            let type = try cursor.valueType("the metadata key '\(key)'")
            metadata[key] = try cursor.value(type, "the metadata key '\(key)'")
        }
        return metadata
    }

    private static func alignment(_ metadata: GGUFMetadata) throws(GGUFError) -> Int {
        guard let alignment = try metadata.integer("general.alignment") else { return 32 }
        guard alignment > 0, alignment <= 1 << 20, alignment & (alignment - 1) == 0 else {
            throw .invalid("general.alignment is \(alignment); expected a power of two")
        }
        return alignment
    }
}
