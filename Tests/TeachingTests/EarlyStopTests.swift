import Compute
import Foundation
import Teaching
import Testing
import Training
import TrainingData

@Suite struct EarlyStopTests {
    @Test func anEarlyStopMakesTheModelWithTheLowestHeldOutLoss() throws {
        let tiny = try TinyLessons()
        var recipe = tiny.recipe
        recipe.patience = 3
        // So large a step that the loss falls at first and then jumps about.
        recipe.learningRate = 0.05
        let run = try TeachingRun(recipe: recipe, base: tiny.model, workers: WorkerPool(threads: 2))
        let result = try run.run()
        let losses = result.heldOut.map(\.loss)
        let best = try #require(losses.min())
        #expect(result.end == .stoppedEarly && losses.last != best)
        let measured = try run.trainer.evaluate(
            BatchPlanner(tokenBudget: recipe.batchTokens).batches(run.lessons.heldOut, seed: 0).map {
                TrainingBatch($0)
            })
        #expect(abs(measured.crossEntropy - best) < 1e-6)
        #expect(result.steps == result.losses.count)
    }

    @Test func withoutPatienceTheLastStepIsWhatCounts() throws {
        let tiny = try TinyLessons()
        var recipe = tiny.recipe
        recipe.learningRate = 0.05
        recipe.epochs = 2
        let run = try TeachingRun(recipe: recipe, base: tiny.model, workers: WorkerPool(threads: 2))
        let result = try run.run()
        #expect(result.end == .finished && run.trainer.stepsTaken == result.steps)
        #expect(!FileManager.default.fileExists(atPath: run.folder.appending(path: "best").path))
        run.removeCheckpoints()
        #expect(!FileManager.default.fileExists(atPath: run.folder.appending(path: "checkpoint").path))
    }
}
