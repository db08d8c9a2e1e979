import Checkpoints
import Compute
import Foundation
import Models
import Testing

/// Weights that one start packs and the next one maps.
@Suite struct PackedWeightsTests {
    private struct Place {
        let url = FileManager.default.temporaryDirectory.appending(path: "annie-packed-\(UUID().uuidString)")
        var model: URL { url.appending(path: "model") }
        var packed: URL { url.appending(path: "packed") }

        init() throws {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            let source = Qwen35Tests.checkpoints.appending(path: "qwen3_5_tiny_nvfp4")
            try FileManager.default.copyItem(at: source, to: model)
        }

        func load(_ change: (inout LoadingOptions) -> Void = { _ in }) throws -> LoadedModel {
            try Qwen35Tests.load(model) {
                $0.packedDirectory = packed
                $0.smallestKept = 0
                change(&$0)
            }
        }

        /// The file that a thread of the last start writes.
        func waitForFile() throws -> URL {
            for _ in 0..<500 {
                let files =
                    (try? FileManager.default.contentsOfDirectory(at: packed, includingPropertiesForKeys: nil)) ?? []
                if let file = files.first(where: { $0.pathExtension == "packed" }) { return file }
                usleep(20_000)
            }
            throw CocoaError(.fileNoSuchFile)
        }
    }

    private static let inputs = (0..<60).map { Int32($0 * 7 % 500) }
    private func logits(_ model: LoadedModel) -> [Float] { DirectRunner(model).logits(Self.inputs, chunks: [60]) }

    @Test func theSecondStartMapsThemAndComputesTheSameBits() throws {
        let place = try Place()
        defer { try? FileManager.default.removeItem(at: place.url) }
        let first = try place.load()
        #expect(!first.report.isMapped)
        _ = try place.waitForFile()
        let second = try place.load()
        #expect(second.report.isMapped)
        #expect(second.report.weightBytes == first.report.weightBytes)
        #expect(logits(second) == logits(first))
        // Other formats have a file of their own.
        #expect(!(try place.load { $0.dataType = .float32 }).report.isMapped)
    }

    @Test func anotherStateOfTheCheckpointIsPackedAnew() throws {
        let place = try Place()
        defer { try? FileManager.default.removeItem(at: place.url) }
        _ = try place.load()
        _ = try place.waitForFile()
        let file = place.model.appending(path: "model.safetensors")
        try FileManager.default.setAttributes([.modificationDate: Date.distantPast], ofItemAtPath: file.path)
        #expect(!(try place.load()).report.isMapped)
    }

    /// Each in a place of its own: a start that finds a damaged file writes it anew, beside the test.
    @Test(arguments: [0, 100, -64])
    func aDamagedFileIsPackedAnew(keptBytes: Int) throws {
        let place = try Place()
        defer { try? FileManager.default.removeItem(at: place.url) }
        let expected = logits(try place.load())
        let file = try place.waitForFile()
        let bytes = try Data(contentsOf: file)
        try bytes.prefix(keptBytes < 0 ? bytes.count + keptBytes : keptBytes).write(to: file)
        let model = try place.load()
        #expect(!model.report.isMapped)
        #expect(logits(model) == expected)
    }

    @Test func withoutAPlaceToWriteTheModelRunsAsWell() throws {
        let place = try Place()
        defer { try? FileManager.default.removeItem(at: place.url) }
        // A file where the directory would be.
        try Data().write(to: place.packed)
        let model = try place.load()
        #expect(!model.report.isMapped && logits(model).allSatisfy { $0.isFinite })
    }

    @Test func smallModelsAreNotKept() throws {
        let place = try Place()
        defer { try? FileManager.default.removeItem(at: place.url) }
        _ = try place.load { $0.smallestKept = 1 << 30 }
        usleep(100_000)
        #expect(!FileManager.default.fileExists(atPath: place.packed.path))
    }
}
