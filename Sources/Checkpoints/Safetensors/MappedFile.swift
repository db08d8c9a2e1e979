import Foundation

/// Bytes that views share and keep alive.
package protocol TensorStorage: AnyObject, Sendable {
    /// All the bytes; valid while the object is alive.
    var bytes: UnsafeRawBufferPointer { get }
    /// What to call them in an error.
    var file: String { get }
}

/// A file mapped read-only into memory, unmapped when the last view of it is gone.
///
/// The file must not be truncated while it is mapped: the operating system would end the process at the next access.
/// A checkpoint is replaced by renaming a new one into its place, which does not touch the mapped bytes.
package final class MappedFile: TensorStorage, @unchecked Sendable {
    package let bytes: UnsafeRawBufferPointer
    package let file: String

    /// Maps a whole file; an empty one has no bytes.
    package init(path: String) throws(CheckpointError) {
        file = path
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            throw CheckpointError(
                code == ENOENT ? .missing : .unreadable, file: path, "cannot open: \(String(cString: strerror(code)))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw CheckpointError(.unreadable, file: path, "found something that is not a regular file")
        }
        guard status.st_size > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        let size = Int(status.st_size)
        guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
            throw CheckpointError(
                .unreadable, file: path, "cannot map \(size) bytes: \(String(cString: strerror(errno)))")
        }
        bytes = UnsafeRawBufferPointer(start: start, count: size)
    }

    deinit {
        guard let start = bytes.baseAddress else { return }
        munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }

    /// Tells the kernel how a range will be read; a hint, so failure does not matter.
    package func advise(_ advice: MemoryAdvice, _ range: Range<Int>) {
        guard let start = bytes.baseAddress, !range.isEmpty else { return }
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let lower = range.lowerBound / page * page
        madvise(UnsafeMutableRawPointer(mutating: start + lower), range.upperBound - lower, advice.flag)
    }
}

/// How mapped bytes are about to be used.
public enum MemoryAdvice: Sendable {
    /// Read them from disk now, in the background.
    case willNeed
    /// They are read once from front to back.
    case sequential
    /// They will not be read again soon.
    case dontNeed
    /// Have them in memory and in the page tables when the call returns, where the system can do that.
    case mapNow

    var flag: Int32 {
        switch self {
        case .willNeed: Int32(MADV_WILLNEED)
        case .sequential: Int32(MADV_SEQUENTIAL)
        case .dontNeed: Int32(MADV_DONTNEED)
        #if os(Linux)
        case .mapNow: 22  // MADV_POPULATE_READ, which older headers lack
        #else
        case .mapNow: Int32(MADV_WILLNEED)
        #endif
        }
    }
}

/// Bytes in memory, for tensors that come from no file.
package final class OwnedBytes: TensorStorage, @unchecked Sendable {
    package let bytes: UnsafeRawBufferPointer
    package let file: String

    package init(_ contents: some Collection<UInt8>, file: String) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(contents.count, 1), alignment: 64)
        buffer.copyBytes(from: contents)
        bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<contents.count])
        self.file = file
    }

    deinit { bytes.baseAddress.map { UnsafeMutableRawPointer(mutating: $0).deallocate() } }
}
