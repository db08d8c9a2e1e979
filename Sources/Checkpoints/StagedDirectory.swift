import Foundation

/// A directory that appears under its name only when it is complete.
///
/// It is filled beside its destination under a temporary name, and removed if it is not committed.
package final class StagedDirectory {
    /// Where to write.
    package let url: URL
    private let destination: URL
    private let overwrites: Bool
    private var isCommitted = false

    /// Makes the temporary directory.
    ///
    /// - Throws: ``CheckpointError`` when the destination exists and may not be replaced, or nothing can be made there.
    package init(for destination: URL, overwrites: Bool) throws(CheckpointError) {
        let destination = destination.standardizedFileURL
        guard overwrites || !FileManager.default.fileExists(atPath: destination.path) else {
            throw CheckpointError(
                .unwritable, file: destination.path, "exists; choose another name, or replace it with --overwrite")
        }
        self.destination = destination
        self.overwrites = overwrites
        url = destination.deletingLastPathComponent()
            .appendingPathComponent(".\(destination.lastPathComponent).partial-\(getpid())")
        try Self.explain(url) {
            try? FileManager.default.removeItem(at: url)
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        }
    }

    deinit {
        guard !isCommitted else { return }
        try? FileManager.default.removeItem(at: url)
    }

    /// Writes a small file.
    package func write(_ text: String, to name: String) throws(CheckpointError) {
        let file = url.appendingPathComponent(name)
        try Self.explain(file) { try Data(text.utf8).write(to: file) }
    }

    /// Copies a file, following a link (the Hugging Face cache is made of them).
    package func copy(_ source: URL) throws(CheckpointError) {
        let target = url.appendingPathComponent(source.lastPathComponent)
        try Self.explain(target) {
            try FileManager.default.copyItem(at: source.resolvingSymlinksInPath(), to: target)
        }
    }

    /// Gives the directory its name; an old one goes away only after that. Where the system can exchange two names at once
    /// (Linux, on most file systems), there is no moment without either.
    package func commit() throws(CheckpointError) {
        let old = url.appendingPathExtension("old")
        try Self.explain(destination) {
            let replaces = overwrites && FileManager.default.fileExists(atPath: destination.path)
            if replaces, Self.exchange(url, destination) {
                isCommitted = true
                try? FileManager.default.removeItem(at: url)
                return
            }
            if replaces { try FileManager.default.moveItem(at: destination, to: old) }
            do {
                try FileManager.default.moveItem(at: url, to: destination)
            } catch {
                if replaces { try? FileManager.default.moveItem(at: old, to: destination) }
                throw error
            }
            isCommitted = true
            if replaces { try? FileManager.default.removeItem(at: old) }
        }
    }

    /// Gives each of two directories the other's name, at once; false where the system cannot.
    private static func exchange(_ one: URL, _ other: URL) -> Bool {
        #if canImport(Glibc)
        // Not declared without _GNU_SOURCE, and not there before glibc 2.28.
        typealias Rename = @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
        guard let symbol = dlsym(nil, "renameat2") else { return false }
        let rename = unsafeBitCast(symbol, to: Rename.self)
        return rename(AT_FDCWD, one.path, AT_FDCWD, other.path, 2 /* RENAME_EXCHANGE */) == 0
        #elseif canImport(Darwin)
        return renamex_np(one.path, other.path, UInt32(RENAME_SWAP)) == 0
        #else
        return false
        #endif
    }

    private static func explain(_ url: URL, _ body: () throws -> Void) throws(CheckpointError) {
        do { try body() } catch {
            throw CheckpointError(.unwritable, file: url.path, "cannot write: \(error.localizedDescription)")
        }
    }
}
