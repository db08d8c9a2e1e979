import Checkpoints
import Compute
import Foundation
import Locking
import Logging

/// A sequence's state on its way to the disk or from it.
struct StoredSnapshot: Sendable, Equatable {
    let tokens: [Int32]
    let salt: String?
    /// Whether several conversations begin with it.
    let isShared: Bool
    let contents: StateContents
}

/// Snapshots of sequence state in a directory, so that a session goes on after a restart without reading its history
/// again.
///
/// A snapshot belongs to one model, one arithmetic and one layout of state; others are left alone.
final class SnapshotStore: Sendable {
    private let directory: URL
    private let identity: String
    private let byteLimit: Int
    private let queue = DispatchQueue(label: "annie.snapshots", qos: .utility)
    /// The conversations' snapshots that are on the disk, by file name: a longer one of the same replaces them.
    private let turns = Locked<[String: [Int32]]>([:])
    private let logger = Logger(label: "annie.snapshots")
    private static let suffix = "state.safetensors"

    /// - Parameter identity: names model, arithmetic and layout; a snapshot of another identity is ignored.
    init(directory: URL, identity: String, byteLimit: Int) {
        self.directory = directory
        self.identity = identity
        self.byteLimit = byteLimit
    }

    // MARK: Reading

    /// The snapshots of this model, latest first.
    func load() -> some Sequence<StoredSnapshot> {
        files().lazy.compactMap { [self] file in
            do {
                let snapshot = try SnapshotFile.read(file.url.path, identity: identity)
                if !snapshot.isShared { turns.withLock { $0[file.url.lastPathComponent] = snapshot.tokens } }
                return snapshot
            } catch {
                logger.notice(
                    "ignored a state snapshot", metadata: ["file": "\(file.url.path)", "reason": "\(error)"])
                return nil
            }
        }
    }

    private func files() -> [(url: URL, date: Date, size: Int)] {
        let keys: Set<URLResourceKey> = [.contentModificationDateKey, .fileSizeKey]
        let urls = try? FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: Array(keys))
        return (urls ?? []).filter { $0.lastPathComponent.hasSuffix(Self.suffix) }.compactMap { url in
            guard let values = try? url.resourceValues(forKeys: keys) else { return nil }
            return (url, values.contentModificationDate ?? .distantPast, values.fileSize ?? 0)
        }.sorted { $0.date > $1.date }
    }

    // MARK: Writing

    /// Writes a snapshot on a thread of its own.
    func save(_ snapshot: StoredSnapshot) {
        queue.async { [self] in
            do {
                try write(snapshot)
            } catch {
                logger.warning("could not write a state snapshot", metadata: ["reason": "\(error)"])
            }
        }
    }

    /// Waits until everything is written.
    func flush() { queue.sync {} }

    private func write(_ snapshot: StoredSnapshot) throws {
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let name = "\(SnapshotFile.key(of: snapshot, identity: identity)).\(Self.suffix)"
        try SnapshotFile.write(snapshot, to: directory.appending(path: name), identity: identity)
        if !snapshot.isShared { replaceShorterTurns(of: snapshot.tokens, by: name) }
        var total = 0
        for file in files() {
            total += file.size
            if total > byteLimit, file.url.lastPathComponent != name { remove(file.url.lastPathComponent) }
        }
    }

    /// The end of a conversation's latest turn is enough.
    private func replaceShorterTurns(of tokens: [Int32], by name: String) {
        let shorter = turns.withLock { turns in
            let names = turns.filter { $0.key != name && tokens.starts(with: $0.value) }.map(\.key)
            for name in names { turns[name] = nil }
            turns[name] = tokens
            return names
        }
        shorter.forEach(remove)
    }

    private func remove(_ name: String) {
        turns.withLock { $0[name] = nil }
        try? FileManager.default.removeItem(at: directory.appending(path: name))
    }
}
