import Foundation

/// Writes a safetensors file piece by piece: what is in it is declared first, then bytes are appended to each tensor in any
/// order, in constant memory.
///
/// The file appears under its name only when ``finish()`` has seen every byte and the disk has them; until then it has a
/// temporary name beside it, and it is removed if the writer goes away early.
public final class SafetensorsWriter {
    /// Where the file will be.
    public let url: URL
    /// Bytes the file will have.
    public let size: Int
    private let temporary: String
    private var descriptor: Int32
    private let layout: SafetensorsLayout
    private let declared: [String: TensorDeclaration]
    private var written: [String: Int] = [:]
    private let writeBytes: WriteBytes

    /// `pwrite`, or what a test puts in its place to have a full disk.
    package typealias WriteBytes = (Int32, UnsafeRawPointer, Int, off_t) -> Int

    /// Creates the file, with its space reserved where the file system can do that.
    ///
    /// - Parameters:
    ///   - url: the file to make; replaced at the end if it exists.
    ///   - tensors: what will be in it; names are different.
    ///   - metadata: strings for `__metadata__`; `format: pt` is what Python's loaders look for.
    ///   - alignment: the data begins at a multiple of it; a multiple of 8.
    public convenience init(
        url: URL, tensors: [TensorDeclaration], metadata: [String: String] = ["format": "pt"], alignment: Int = 8
    ) throws(CheckpointError) {
        try self.init(
            url: url, tensors: tensors, metadata: metadata, alignment: alignment,
            writeBytes: { pwrite($0, $1, $2, $3) })
    }

    package init(
        url: URL, tensors: [TensorDeclaration], metadata: [String: String], alignment: Int = 8,
        writeBytes: @escaping WriteBytes
    ) throws(CheckpointError) {
        var declared: [String: TensorDeclaration] = [:]
        for tensor in tensors where declared.updateValue(tensor, forKey: tensor.name) != nil {
            throw CheckpointError(.malformed, file: url.path, tensor: tensor.name, "declared twice")
        }
        self.url = url
        self.declared = declared
        self.writeBytes = writeBytes
        layout = SafetensorsLayout(tensors, metadata: metadata, alignment: alignment)
        size = layout.size
        temporary = url.path + ".partial-\(getpid())"
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw CheckpointError(.unwritable, file: temporary, "cannot create it: \(Self.reason(errno))")
        }
        try reserve()
        try layout.header.withUnsafeBufferPointer { bytes throws(CheckpointError) in
            try write(UnsafeRawBufferPointer(bytes), at: 0)
        }
    }

    deinit { abandon() }

    /// Appends bytes to a tensor.
    public func append(_ bytes: UnsafeRawBufferPointer, to name: String) throws(CheckpointError) {
        guard let tensor = declared[name], let start = layout.offsets[name] else {
            throw CheckpointError(.malformed, file: url.path, tensor: name, "was not declared")
        }
        let position = written[name, default: 0]
        guard position + bytes.count <= tensor.byteCount else {
            throw CheckpointError(
                .malformed, file: url.path, tensor: name,
                "declared with \(tensor.byteCount) bytes, got \(position + bytes.count)")
        }
        try write(bytes, at: start + position)
        written[name] = position + bytes.count
    }

    /// Appends a whole array of bytes to a tensor.
    public func append(_ bytes: [UInt8], to name: String) throws(CheckpointError) {
        try bytes.withUnsafeBufferPointer { bytes throws(CheckpointError) in
            try append(UnsafeRawBufferPointer(bytes), to: name)
        }
    }

    /// Checks that every tensor is complete, brings the bytes to the disk, and gives the file its name.
    public func finish() throws(CheckpointError) {
        for (name, tensor) in declared.sorted(by: { $0.key < $1.key }) {
            let count = written[name, default: 0]
            guard count == tensor.byteCount else {
                abandon()
                throw CheckpointError(
                    .malformed, file: url.path, tensor: name, "declared with \(tensor.byteCount) bytes, got \(count)")
            }
        }
        guard fsync(descriptor) == 0, rename(temporary, url.path) == 0 else {
            let reason = Self.reason(errno)
            abandon()
            throw CheckpointError(.unwritable, file: url.path, "cannot bring it to the disk: \(reason)")
        }
        close(descriptor)
        descriptor = -1
    }

    // MARK: Bytes

    /// A full disk is better found before an hour of work than after it.
    private func reserve() throws(CheckpointError) {
        #if os(Linux)
        let code = posix_fallocate(descriptor, 0, off_t(size))
        if code == ENOSPC || code == EFBIG { throw failure(ENOSPC) }
        #endif
    }

    private func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(CheckpointError) {
        var done = 0
        while done < bytes.count, let start = bytes.baseAddress {
            let count = writeBytes(descriptor, start + done, bytes.count - done, off_t(offset + done))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure(count == 0 ? ENOSPC : errno) }
            done += count
        }
    }

    /// Removes the temporary file and says why.
    private func failure(_ code: Int32) -> CheckpointError {
        abandon()
        let advice = code == ENOSPC ? "; \(size) bytes are needed, free some space or choose another directory" : ""
        return CheckpointError(.unwritable, file: url.path, "cannot write: \(Self.reason(code))\(advice)")
    }

    private func abandon() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        descriptor = -1
        unlink(temporary)
    }

    private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
