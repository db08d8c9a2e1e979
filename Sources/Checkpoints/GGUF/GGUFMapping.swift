import Foundation

/// A whole file in the address space, read-only, unmapped with the last reference.
///
/// `@unchecked`: the bytes are never written through this mapping, and the address does not change.
final class GGUFMapping: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer

    init(_ url: URL) throws(GGUFError) {
        let path = url.path(percentEncoded: false)
        func failure() -> GGUFError { .inaccessible(path: path, reason: String(cString: strerror(errno))) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure() }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .inaccessible(path: path, reason: "it is not a regular file")
        }
        let size = Int(status.st_size)
        guard size > 0 else { throw .notGGUF(path: path) }
        guard let base = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED else {
            throw failure()
        }
        bytes = UnsafeRawBufferPointer(start: base, count: size)
    }

    deinit {
        munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    }
}
