import Compute
import Foundation
import Teaching
import Testing

@Suite struct AdapterTests {
    private func weights(_ directory: URL) throws -> Data {
        try Data(contentsOf: directory.appending(path: "model.safetensors"))
    }

    @Test func theCheckpointMadeFromAnAdapterIsTheOneThatTheRunMade() throws {
        let tiny = try TinyLessons()
        var recipe = tiny.recipe
        recipe.method = .lora
        recipe.lowRank.rank = 4
        recipe.rounding = .weightOnly
        recipe.exclusions = ["*.mlp.down_proj"]
        recipe.learningRate = 0.01
        recipe.epochs = 1
        let workers = WorkerPool(threads: 2)
        let run = try TeachingRun(recipe: recipe, base: tiny.model, workers: workers)
        _ = try run.run()
        try run.export(tools: [], overwrites: false)

        let adapter = try TaughtAdapter(directory: run.folder.appending(path: "adapter"))
        #expect(adapter.rounding == .weightOnly && adapter.exclusions == ["*.mlp.down_proj"])
        let made = tiny.folder.appending(path: "made")
        try adapter.makeCheckpoint(base: tiny.model, output: made, workers: workers)
        #expect(try weights(made) == weights(URL(filePath: recipe.output)))
        #expect(try weights(made) != weights(tiny.model))
    }

    @Test func aRecordThatIsNoneIsRefused() throws {
        let tiny = try TinyLessons()
        try #"{"rounding": "int2"}"#.write(
            to: tiny.model.appending(path: TaughtAdapter.fileName), atomically: true, encoding: .utf8)
        #expect(throws: TeachingError.self) { try TaughtAdapter(directory: tiny.model) }
    }
}
