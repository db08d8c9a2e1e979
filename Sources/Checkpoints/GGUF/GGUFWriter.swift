import Foundation

/// Writes a GGUF file (version 3): metadata and tensor table first, then each tensor's bytes in order, in constant memory.
///
/// The file appears under its name only when ``finish()`` has seen every byte.
final class GGUFWriter {
    /// A tensor that is going to be written.
    struct Declaration: Equatable {
        let name: String
        let type: GGUFTensorType
        /// Slowest dimension first.
        let shape: [Int]

        var byteCount: Int { shape.reduce(1, *) / type.blockElements * type.blockBytes }
    }

    private static let alignment = 32
    private let url: URL
    private let temporary: String
    private var descriptor: Int32
    private var pending: ArraySlice<Declaration>
    /// Bytes of the current tensor that are still to come.
    private var missing = 0

    init(url: URL, metadata: GGUFMetadata, tensors: [Declaration]) throws(GGUFError) {
        self.url = url
        temporary = url.path + ".partial-\(getpid())"
        pending = tensors[...]
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure(temporary) }
        try write(Self.header(metadata, tensors))
    }

    deinit { abandon() }

    /// Writes the next tensor, which must be `declaration`, or a further part of it.
    func append(_ bytes: UnsafeRawBufferPointer, to declaration: Declaration) throws(GGUFError) {
        if missing == 0 {
            precondition(pending.first == declaration, "tensors are written in the order of their declaration")
            missing = declaration.byteCount
        }
        precondition(bytes.count <= missing, "more bytes than '\(declaration.name)' has")
        try write(bytes)
        missing -= bytes.count
        guard missing == 0 else { return }
        pending.removeFirst()
        try write([UInt8](repeating: 0, count: Self.padding(declaration.byteCount)))
    }

    /// Brings the bytes to the disk and gives the file its name.
    func finish() throws(GGUFError) {
        precondition(pending.isEmpty, "'\(pending.first?.name ?? "")' was not written")
        guard fsync(descriptor) == 0, rename(temporary, url.path) == 0 else { throw Self.failure(url.path) }
        close(descriptor)
        descriptor = -1
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws(GGUFError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let chunk = UnsafeRawBufferPointer(rebasing: rest)
            let count = Foundation.write(descriptor, chunk.baseAddress, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure(temporary) }
            rest = rest.dropFirst(count)
        }
    }

    private func write(_ bytes: [UInt8]) throws(GGUFError) {
        try bytes.withUnsafeBufferPointer { bytes throws(GGUFError) in try write(UnsafeRawBufferPointer(bytes)) }
    }

    private func abandon() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        unlink(temporary)
    }

    private static func failure(_ path: String) -> GGUFError {
        .inaccessible(path: path, reason: String(cString: strerror(errno)))
    }

    private static func padding(_ count: Int) -> Int { (alignment - count % alignment) % alignment }

    private static func header(_ metadata: GGUFMetadata, _ tensors: [Declaration]) -> [UInt8] {
        var encoder = GGUFEncoder()
        encoder.append(UInt32(0x4655_4747))
        encoder.append(UInt32(3))
        encoder.append(UInt64(tensors.count))
        encoder.append(UInt64(metadata.keys.count))
        for key in metadata.keys {
            guard let value = metadata[key] else { continue }
            encoder.append(key)
            encoder.append(value.type.rawValue)
            encoder.append(value)
        }
        var offset = 0
        for tensor in tensors {
            encoder.append(tensor.name)
            encoder.append(UInt32(tensor.shape.count))
            for size in tensor.shape.reversed() { encoder.append(UInt64(size)) }
            encoder.append(tensor.type.rawValue)
            encoder.append(UInt64(offset))
            offset += tensor.byteCount + padding(tensor.byteCount)
        }
        encoder.bytes += [UInt8](repeating: 0, count: padding(encoder.bytes.count))
        return encoder.bytes
    }
}

/// The little-endian encoding of GGUF's values.
private struct GGUFEncoder {
    var bytes: [UInt8] = []

    mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ text: String) {
        append(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func append(_ value: GGUFValue) {
        switch value {
        case .uint8(let value): append(value)
        case .int8(let value): append(value)
        case .uint16(let value): append(value)
        case .int16(let value): append(value)
        case .uint32(let value): append(value)
        case .int32(let value): append(value)
        case .uint64(let value): append(value)
        case .int64(let value): append(value)
        case .float32(let value): append(value.bitPattern)
        case .float64(let value): append(value.bitPattern)
        case .bool(let value): append(value ? 1 as UInt8 : 0)
        case .string(let value): append(value)
        case .array(let type, let elements):
            append(type.rawValue)
            append(UInt64(elements.count))
            for element in elements { append(element) }
        }
    }
}
