import Compute
import Foundation
import Teaching
import Testing

@Suite struct AdapterTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "annie-adapter-\(UUID().uuidString)")

    private func weights(_ directory: URL) throws -> Data {
        try Data(contentsOf: directory.appending(path: "model.safetensors"))
    }

    @Test func theCheckpointMadeFromAnAdapterIsTheOneThatTheRunMade() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        var (recipe, model) = try TinyLesson.recipe(in: folder)
        recipe.method = .lora
        recipe.lowRank.rank = 4
        recipe.rounding = .weightOnly
        recipe.exclusions = ["*.mlp.down_proj"]
        recipe.learningRate = 0.01
        recipe.epochs = 1
        let workers = WorkerPool(threads: 2)
        let run = try TeachingRun(recipe: recipe, base: model, workers: workers)
        _ = try run.run()
        try run.export(tools: [], overwrites: false)

        let adapter = try TaughtAdapter(directory: run.folder.appending(path: "adapter"))
        #expect(adapter.rounding == .weightOnly && adapter.exclusions == ["*.mlp.down_proj"])
        let made = folder.appending(path: "made")
        try adapter.makeCheckpoint(base: model, output: made, workers: workers)
        #expect(try weights(made) == weights(URL(filePath: recipe.output)))
        #expect(try weights(made) != weights(model))
    }

    @Test func aRecordThatIsNoneIsRefused() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try #"{"rounding": "int2"}"#.write(
            to: folder.appending(path: TaughtAdapter.fileName), atomically: true, encoding: .utf8)
        #expect(throws: TeachingError.self) { try TaughtAdapter(directory: folder) }
    }
}
