import Foundation

extension ModelStore {
    /// Notes that a checkpoint is in use which was made here of an adapter, and removes those that were made of earlier
    /// adapters and have not been used for some time.
    ///
    /// Removed is only what is named `NAME-` and twelve hexadecimal digits, is a folder here and no link, and holds the
    /// record of the prompt that taught checkpoints have. What another program has open stays readable to it.
    ///
    /// - Parameters:
    ///   - current: The checkpoint in use.
    ///   - seconds: Time without use after which another one goes: copies of the project may take turns.
    public func keepTaught(_ current: URL, of name: String, unusedFor seconds: Double = 86_400, now: Date = Date()) {
        let files = FileManager.default
        try? files.setAttributes([.modificationDate: now], ofItemAtPath: current.path)
        let keys: Set<URLResourceKey> = [.isDirectoryKey, .isSymbolicLinkKey, .contentModificationDateKey]
        let found = try? files.contentsOfDirectory(at: locations.models, includingPropertiesForKeys: Array(keys))
        for directory in found ?? [] where directory.lastPathComponent != current.lastPathComponent {
            guard Self.isTaught(directory.lastPathComponent, of: name),
                let values = try? directory.resourceValues(forKeys: keys), values.isDirectory == true,
                values.isSymbolicLink != true, let used = values.contentModificationDate,
                now.timeIntervalSince(used) > seconds,
                files.fileExists(atPath: directory.appending(path: "annie_prompt.json").path)
            else { continue }
            // Out of sight first, so that nobody finds half of it.
            let hidden = locations.models.appending(
                path: ".\(directory.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier)")
            guard (try? files.moveItem(at: directory, to: hidden)) != nil else { continue }
            try? files.removeItem(at: hidden)
        }
    }

    private static func isTaught(_ text: String, of name: String) -> Bool {
        guard text.hasPrefix(name + "-") else { return false }
        let digits = text.dropFirst(name.count + 1)
        return digits.count == 12 && digits.allSatisfy { "0123456789abcdef".contains($0) }
    }
}
