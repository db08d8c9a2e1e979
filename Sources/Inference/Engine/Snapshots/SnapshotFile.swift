import Checkpoints
import Compute
import Foundation

/// A snapshot as a safetensors file: tokens, recurrent state and pages, with what they belong to in the metadata.
enum SnapshotFile {
    /// Changes when anything about the contents' meaning does.
    private static let version = "1"

    /// Why a snapshot is not used.
    struct Mismatch: Error, CustomStringConvertible {
        let description: String
    }

    /// Names a snapshot by what it is of.
    static func key(of snapshot: StoredSnapshot, identity: String) -> String {
        var hash = ContentHash()
        hash.add(identity)
        hash.add(snapshot.salt ?? "")
        snapshot.tokens.withUnsafeBytes { hash.add($0) }
        return hash.text
    }

    static func write(_ snapshot: StoredSnapshot, to url: URL, identity: String) throws {
        let (contents, tokens) = (snapshot.contents, snapshot.tokens)
        var metadata = [
            "format": "annie state", "version": version, "identity": identity, "content": contentHash(snapshot),
            "shared": snapshot.isShared ? "yes" : "no",
        ]
        if let salt = snapshot.salt { metadata["salt"] = salt }
        let writer = try SafetensorsWriter(
            url: url,
            tensors: [
                TensorDeclaration("tokens", .int32, [tokens.count]),
                TensorDeclaration("recurrent", .float32, [contents.recurrent.count]),
                TensorDeclaration("pages", .uint8, [contents.pages.count]),
            ], metadata: metadata)
        try tokens.withUnsafeBytes { try writer.append($0, to: "tokens") }
        try contents.recurrent.withUnsafeBytes { try writer.append($0, to: "recurrent") }
        try contents.pages.withUnsafeBytes { try writer.append($0, to: "pages") }
        try writer.finish()
    }

    /// - Throws: ``Mismatch`` for another model, version or layout, `CheckpointError` for a damaged file.
    static func read(_ path: String, identity: String) throws -> StoredSnapshot {
        let file = try SafetensorsFile(path: path)
        guard file.metadata["format"] == "annie state", file.metadata["version"] == version else {
            throw Mismatch(
                description: "found version \(file.metadata["version"] ?? "none"), this program reads \(version)")
        }
        guard file.metadata["identity"] == identity else {
            throw Mismatch(description: "it belongs to another model, or to other settings of this one")
        }
        let tokens: [Int32] = try values(file.tensor("tokens"), .int32)
        let recurrent: [Float] = try values(file.tensor("recurrent"), .float32)
        let pages: [UInt8] = try values(file.tensor("pages"), .uint8)
        let snapshot = StoredSnapshot(
            tokens: tokens, salt: file.metadata["salt"], isShared: file.metadata["shared"] == "yes",
            contents: StateContents(length: tokens.count, recurrent: recurrent, pages: pages))
        guard file.metadata["content"] == contentHash(snapshot) else {
            throw Mismatch(description: "its contents are damaged")
        }
        return snapshot
    }

    private static func values<Element: BitwiseCopyable>(
        _ tensor: TensorView, _ type: TensorDataType
    ) throws -> [Element] {
        guard tensor.dataType == type else {
            throw Mismatch(description: "\(tensor.name) is \(tensor.dataType.rawValue), expected \(type.rawValue)")
        }
        return tensor.withUnsafeBytes { bytes in
            [Element](unsafeUninitializedCapacity: tensor.elementCount) { buffer, count in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
                count = tensor.elementCount
            }
        }
    }

    private static func contentHash(_ snapshot: StoredSnapshot) -> String {
        var hash = ContentHash()
        snapshot.tokens.withUnsafeBytes { hash.add($0) }
        snapshot.contents.recurrent.withUnsafeBytes { hash.add($0) }
        snapshot.contents.pages.withUnsafeBytes { hash.add($0) }
        return hash.text
    }
}
