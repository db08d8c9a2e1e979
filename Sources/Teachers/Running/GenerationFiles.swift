import Foundation

/// Where a run keeps what it writes.
struct GenerationFiles {
    let samples: LineFile
    let rejected: LineFile
    let journal: LineFile

    /// The files that lie beside `path`: what was refused, and what was asked and paid.
    static func beside(_ path: String) -> (rejected: String, journal: String) {
        let stem = path.hasSuffix(".jsonl") ? String(path.dropLast(6)) : path
        return (stem + ".rejected.jsonl", stem + ".journal.jsonl")
    }

    /// Opens them, to go on where they end.
    ///
    /// - Parameter overwrites: Whether what is there is thrown away.
    init(path: String, overwrites: Bool) throws(GenerationError) {
        let beside = Self.beside(path)
        let manager = FileManager.default
        var isFolder: ObjCBool = false
        if manager.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            throw .file(path: path, reason: "it is a directory; name a file")
        }
        let size = (try? manager.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
        if !overwrites, size > 0, !manager.fileExists(atPath: beside.journal) { throw .taken(path: path) }
        // First the journal, whose lock says that no other run writes any of them.
        journal = try LineFile(path: beside.journal, isExclusive: true)
        if overwrites { try journal.clear() }
        samples = try LineFile(path: path)
        rejected = try LineFile(path: beside.rejected)
        guard overwrites else { return }
        try samples.clear()
        try rejected.clear()
    }

    /// Bytes of lines that a crash had left unfinished.
    var removedBytes: Int { samples.removedBytes + rejected.removedBytes + journal.removedBytes }
}
