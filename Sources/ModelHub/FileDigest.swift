import Crypto
import Foundation

/// Digests of whole files, computed in pieces so that a file of any size takes little memory.
enum FileDigest {
    /// The SHA-256 of a file, in lower-case hexadecimal.
    static func sha256(_ file: URL) throws -> String {
        try digest(file, SHA256())
    }

    /// The SHA-1 that git gives a file's content: the digest of `blob SIZE\0` and the bytes.
    static func gitBlob(_ file: URL) throws -> String {
        let size = try FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int ?? 0
        var hash = Insecure.SHA1()
        hash.update(data: Data("blob \(size)\0".utf8))
        return try digest(file, hash)
    }

    private static func digest(_ file: URL, _ initial: some HashFunction) throws -> String {
        let handle = try FileHandle(forReadingFrom: file)
        defer { try? handle.close() }
        var hash = initial
        while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { hash.update(data: piece) }
        return hash.finalize().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
