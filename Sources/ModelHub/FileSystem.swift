import Foundation

/// The few file operations of a pull, with errors a person can act on.
enum FileSystem {
    /// Makes a directory and those above it.
    static func makeDirectory(_ directory: URL) throws(ModelHubError) {
        do { try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true) } catch {
            throw .unwritable(path: directory.path, reason: error.localizedDescription)
        }
        guard access(directory.path, W_OK) == 0 else {
            throw .unwritable(path: directory.path, reason: String(cString: strerror(errno)))
        }
    }

    /// The bytes of a file, or of all files below a directory; 0 when there is nothing.
    static func size(of item: URL) -> Int {
        var status = stat()
        guard stat(item.path, &status) == 0 else { return 0 }
        guard status.st_mode & S_IFMT == S_IFDIR else { return Int(status.st_size) }
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: item.path)) ?? []
        return names.reduce(0) { total, name in
            var status = stat()
            guard stat(item.appending(path: name).path, &status) == 0, status.st_mode & S_IFMT == S_IFREG
            else { return total }
            return total + Int(status.st_size)
        }
    }

    /// Refuses to start what cannot be finished.
    static func requireSpace(_ needed: Int, at directory: URL) throws(ModelHubError) {
        var status = statvfs()
        guard statvfs(directory.path, &status) == 0 else { return }
        let (bytes, overflow) = Int(status.f_bavail).multipliedReportingOverflow(by: Int(status.f_frsize))
        guard overflow || bytes >= needed else {
            throw .notEnoughSpace(path: directory.path, needed: needed, available: bytes)
        }
    }

    /// Renames, so that the target is there whole or not at all, also across file systems.
    static func move(_ item: URL, to target: URL) throws(ModelHubError) {
        if rename(item.path, target.path) == 0 { return }
        guard errno == EXDEV else {
            throw .unwritable(path: target.path, reason: String(cString: strerror(errno)))
        }
        let incoming = target.deletingLastPathComponent()
            .appending(path: ".\(target.lastPathComponent).incoming-\(getpid())")
        do {
            try FileManager.default.copyItem(at: item, to: incoming)
        } catch {
            try? FileManager.default.removeItem(at: incoming)
            throw .unwritable(path: incoming.path, reason: error.localizedDescription)
        }
        guard rename(incoming.path, target.path) == 0 else {
            let reason = String(cString: strerror(errno))
            try? FileManager.default.removeItem(at: incoming)
            throw .unwritable(path: target.path, reason: reason)
        }
        try? FileManager.default.removeItem(at: item)
    }
}

/// Keeps two processes from fetching the same model at once; released when the process ends, however it ends.
struct FileLock {
    private let descriptor: Int32

    init(_ file: URL, name: String) throws(ModelHubError) {
        descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .unwritable(path: file.path, reason: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .busy(name: name)
        }
    }

    func release() { close(descriptor) }
}
