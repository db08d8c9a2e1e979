import Checkpoints
import Foundation
import Locking
import Testing

@Suite struct StagedDirectoryTests {
    let directory: TemporaryDirectory
    let destination: URL
    init() throws {
        directory = try TemporaryDirectory()
        destination = directory.url.appending(path: "model")
    }

    private func write(_ text: String, commits: Bool = true) throws {
        let staged = try StagedDirectory(for: destination, overwrites: true)
        try staged.write(text, to: "a.txt")
        if commits { try staged.commit() }
    }

    private var text: String? { try? String(contentsOf: destination.appending(path: "a.txt"), encoding: .utf8) }

    @Test func itAppearsWhenItIsCommittedAndLeavesNothingElse() throws {
        try write("first", commits: false)
        #expect(text == nil)
        try write("first")
        try write("second", commits: false)
        #expect(text == "first")
        try write("second")
        #expect(text == "second")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path) == ["model"])
    }

    @Test func whatExistsIsKeptUnlessItMayBeReplaced() throws {
        try write("first")
        #expect(throws: CheckpointError.self) { try StagedDirectory(for: destination, overwrites: false) }
        #expect(text == "first")
    }

    #if os(Linux)
    /// Between two renames somebody would find nothing.
    @Test func aReaderFindsTheOneOrTheOther() throws {
        try write("0")
        let isDone = Locked(false)
        let file = destination.appending(path: "a.txt").path
        let misses = Locked(0)
        let reader = Thread {
            while !isDone.withLock({ $0 }) {
                if access(file, F_OK) != 0 { misses.withLock { $0 += 1 } }
            }
        }
        reader.start()
        for round in 1...300 { try write("\(round)") }
        isDone.withLock { $0 = true }
        #expect(misses.withLock { $0 } == 0)
    }
    #endif
}
