import Foundation
import ModelHub
import Testing

@Suite("Checkpoints that were made of an adapter")
struct TaughtModelTests {
    /// A store with folders of these names, each last used so many days ago.
    private func withStore(_ days: [String: Double], _ body: (ModelStore, URL) throws -> Void) throws {
        let home = FileManager.default.temporaryDirectory.appending(path: "annie-taught-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: home) }
        let store = ModelStore(locations: ModelLocations(cache: home))
        for (name, unused) in days {
            let directory = store.locations.directory(of: name)
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            try Data("{}".utf8).write(to: directory.appending(path: "annie_prompt.json"))
            try age(directory, unused)
        }
        try body(store, store.locations.models)
    }

    private func age(_ directory: URL, _ days: Double) throws {
        let date = Date(timeIntervalSinceNow: -86_400 * days)
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: directory.path)
    }

    private func names(_ folder: URL) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    }

    @Test("the current one and those of today stay, and older ones go")
    func removesOutdated() throws {
        try withStore(["annie-aaaaaaaaaaaa": 9, "annie-bbbbbbbbbbbb": 0.5, "annie-cccccccccccc": 2]) { store, folder in
            store.keepTaught(store.locations.directory(of: "annie-aaaaaaaaaaaa"), of: "annie")
            #expect(names(folder) == ["annie-aaaaaaaaaaaa", "annie-bbbbbbbbbbbb"])
            // It was used just now, and so outlives a turn of another.
            store.keepTaught(store.locations.directory(of: "annie-bbbbbbbbbbbb"), of: "annie")
            #expect(names(folder) == ["annie-aaaaaaaaaaaa", "annie-bbbbbbbbbbbb"])
        }
    }

    @Test("what was not made here stays, however old")
    func keepsOthers() throws {
        let others = ["annie", "annie-mine", "annie-AAAAAAAAAAAA", "annie-aaaaaaaaaaaa2", "other-aaaaaaaaaaaa"]
        try withStore(Dictionary(uniqueKeysWithValues: (others + ["annie-dddddddddddd"]).map { ($0, 99) })) {
            store, folder in
            // A model that somebody put there under such a name, and a link to one.
            let bare = folder.appending(path: "annie-dddddddddddd")
            try FileManager.default.removeItem(at: bare.appending(path: "annie_prompt.json"))
            try age(bare, 99)
            let link = folder.appending(path: "annie-eeeeeeeeeeee")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: folder.appending(path: "annie"))
            let before = names(folder)
            store.keepTaught(folder.appending(path: "annie-ffffffffffff"), of: "annie")
            #expect(names(folder) == before)
        }
    }
}
