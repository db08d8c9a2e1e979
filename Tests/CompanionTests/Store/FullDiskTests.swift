#if canImport(Glibc)
import Companion
import Foundation
import Glibc
import Testing

/// A file system of half a megabyte, where this process may mount one.
private struct SmallDisk {
    let folder: URL

    init?() {
        folder = FileManager.default.temporaryDirectory.appending(path: "annie-disk-\(UUID().uuidString)")
        guard (try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)) != nil else {
            return nil
        }
        guard mount("tmpfs", folder.path, "tmpfs", 0, "size=512k") == 0 else {
            try? FileManager.default.removeItem(at: folder)
            return nil
        }
    }

    func remove() {
        umount2(folder.path, Int32(MNT_DETACH))
        try? FileManager.default.removeItem(at: folder)
    }

    static var isPossible: Bool {
        let disk = SmallDisk()
        disk?.remove()
        return disk != nil
    }
}

@Test(.enabled(if: SmallDisk.isPossible, "needs the right to mount a file system"))
func aFullDiskLosesNothingAndIsUsableOnceThereIsRoom() throws {
    let disk = try #require(SmallDisk())
    defer { disk.remove() }
    let ballast = disk.folder.appending(path: "ballast")
    try Data(count: 200_000).write(to: ballast)
    let path = disk.folder.appending(path: "annie.db").path
    let store = try CompanionStore(path: path)
    _ = try store.createSession(id: "a", persona: "annie")
    var written = 0
    #expect(throws: StoreError.diskFull(path: path)) {
        for _ in 0..<500 {
            let turn = ChatMessage(.user, String(repeating: "word ", count: 400))
            _ = try store.append([turn], to: "a", isInterrupted: false)
            written += 1
        }
    }
    #expect(written > 0)
    #expect(try store.transcript(of: "a").count == written)

    try FileManager.default.removeItem(at: ballast)
    _ = try store.append([ChatMessage(.user, "there is room again")], to: "a", isInterrupted: false)
    #expect(try CompanionStore(path: path).transcript(of: "a").count == written + 1)
}
#endif
