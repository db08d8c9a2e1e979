import Compute
import Foundation
import JSON
import Teaching
import Testing
import Training
import TrainingData

@Suite struct RunTests {
    private let files = FileManager.default

    private func run(
        _ tiny: TinyLessons, resumes: Bool = false, _ change: (inout Recipe) -> Void = { _ in }
    ) throws -> TeachingRun {
        var recipe = tiny.recipe
        change(&recipe)
        return try TeachingRun(recipe: recipe, base: tiny.model, resumes: resumes, workers: WorkerPool(threads: 2))
    }

    // MARK: Before the first step

    static let nonsense: [@Sendable (inout Recipe) -> Void] = [
        { $0.epochs = 0 }, { $0.epochs = -1 }, { $0.batchTokens = 0 }, { $0.learningRate = -1e-4 },
        { $0.learningRate = .nan }, { $0.learningRate = 1e30 },
    ]

    @Test(arguments: nonsense.indices) func numbersThatNothingCanBeTaughtWithAreRefused(index: Int) throws {
        let tiny = try TinyLessons()
        #expect(throws: TeachingError.self) { try run(tiny, Self.nonsense[index]) }
    }

    @Test func aRunThatIsOnlyPlannedLeavesNothingAndTakesNothingAway() throws {
        let tiny = try TinyLessons()
        let planned = try run(tiny)
        #expect(!files.fileExists(atPath: planned.folder.path))
        _ = try planned.run(shouldStop: { true })
        let metrics = planned.folder.appending(path: "metrics.jsonl")
        let written = try Data(contentsOf: metrics)
        _ = try run(tiny)
        #expect(try Data(contentsOf: metrics) == written && !written.isEmpty)
    }

    @Test func anUnfinishedRunIsNotReplacedUnasked() throws {
        let tiny = try TinyLessons()
        let output = tiny.recipe.output
        try TeachingRun.requireFree(output, overwrites: false)
        _ = try run(tiny).run(shouldStop: { true })
        #expect(throws: TeachingError.unfinishedRun(TeachingRun.folder(for: output).path)) {
            try TeachingRun.requireFree(output, overwrites: false)
        }
        try TeachingRun.requireFree(output, resumes: true, overwrites: false)
        try TeachingRun.requireFree(output, overwrites: true)
    }

    @Test(arguments: [".", "..", "/"]) func theFolderOneWorksInIsNeverReplaced(output: String) {
        #expect(throws: TeachingError.self) { try TeachingRun.requireFree(output, overwrites: true) }
    }

    @Test func theBaseModelIsNeverReplaced() throws {
        let tiny = try TinyLessons()
        #expect(throws: TeachingError.self) { try run(tiny) { $0.output = tiny.model.path + "/" } }
    }

    @Test func aTokenizerOfAnotherModelIsRefusedBeforeTheFirstStep() throws {
        let tiny = try TinyLessons(endOfTurn: 600)
        #expect(throws: TeachingError.foreignVocabulary(token: 600, size: 512)) { try run(tiny) }
    }

    @Test func thatAllIsHeldOutIsSaid() throws {
        let tiny = try TinyLessons()
        try #"{"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"yes"}]}"#
            .write(to: tiny.data, atomically: true, encoding: .utf8)
        let errors = (0..<20).compactMap { (seed: UInt64) -> TeachingError? in
            do {
                _ = try run(tiny) { ($0.heldOut, $0.seed) = (0.5, seed) }
                return nil
            } catch { return error as? TeachingError }
        }
        #expect(!errors.isEmpty && errors.count < 20)
        for error in errors {
            #expect(error == .nothingToTeach(files: [tiny.data.path], heldOut: 1, first: nil))
            #expect("\(error)".contains("held out"))
        }
    }

    @Test func patienceNeedsSomethingToMeasure() throws {
        let tiny = try TinyLessons()
        #expect(throws: TeachingError.self) { try run(tiny) { ($0.heldOut, $0.patience) = (0, 2) } }
    }

    // MARK: Going on

    static let others: [@Sendable (inout Recipe) -> Void] = [
        { $0.seed = 2 }, { $0.rounding = .w4a4 }, { $0.method = .lora }, { $0.loss = .allTokens },
        { $0.rounding = .weightOnly },
    ]

    @Test(arguments: others.indices) func aRunGoesOnOnlyAsTheOneItWas(index: Int) throws {
        let tiny = try TinyLessons()
        _ = try run(tiny).run(shouldStop: { true })
        #expect(throws: (any Error).self) { try run(tiny, resumes: true, Self.others[index]) }
        let resumed = try run(tiny, resumes: true) { $0.learningRate /= 2 }
        #expect(resumed.plan.firstStep == 1)
    }

    @Test func aRunDoesNotGoOnOverOtherData() throws {
        let tiny = try TinyLessons()
        _ = try run(tiny).run(shouldStop: { true })
        // As long as what was there, so that the steps are as many.
        try tiny.teach(["one", "six", "three", "four"])
        #expect {
            try run(tiny, resumes: true)
        } throws: { error in
            "\(error)".contains("over other batches")
        }
    }

    // MARK: What is measured

    @Test func theFirstHeldOutLossRoundsInputsAsTheFirstStepDoes() throws {
        let tiny = try TinyLessons()
        let result = try run(tiny) { $0.rounding = .w4a4 }.run(shouldStop: { true })
        let fresh = try run(tiny) { $0.rounding = .w4a4 }
        let planner = BatchPlanner(tokenBudget: fresh.recipe.batchTokens)
        let first = try #require(planner.batches(fresh.lessons.taught, seed: fresh.recipe.seed).first)
        try fresh.trainer.calibrate([TrainingBatch(first)])
        let measured = try fresh.trainer.evaluate(
            planner.batches(fresh.lessons.heldOut, seed: 0).map { TrainingBatch($0) })
        #expect(result.heldOut.first?.loss == measured.crossEntropy)
    }

    @Test func aLossThatIsNotANumberSaysWhereToGoOn() throws {
        let tiny = try TinyLessons()
        let begun = try run(tiny)
        _ = try begun.run(shouldStop: { true })
        try Self.spoil(begun.folder.appending(path: "checkpoint/state.safetensors"), "values.model.norm.weight")
        let resumed = try run(tiny, resumes: true)
        #expect(throws: TeachingError.diverged(step: 2, what: "loss", checkpoint: 1)) { try resumed.run() }
        #expect(try run(tiny, resumes: true).plan.firstStep == 1)
    }

    @Test func aBaseModelThatIsNotSoundIsNotTaught() throws {
        let tiny = try TinyLessons()
        try Self.spoil(tiny.model.appending(path: "model.safetensors"), "model.norm.weight")
        #expect(throws: TeachingError.diverged(step: 0, what: "held-out loss", checkpoint: nil)) {
            try run(tiny).run()
        }
    }

    /// Makes the first value of an fp32 tensor something that is not a number.
    private static func spoil(_ file: URL, _ tensor: String) throws {
        var bytes = try Data(contentsOf: file)
        let length = bytes.prefix(8).enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
        let header = try JSONValue(parsing: bytes[8..<8 + length])
        let offset = try #require(header[tensor]?["data_offsets"]?[0]?.integer)
        let start = 8 + length + offset
        bytes.replaceSubrange(start..<start + 4, with: [0, 0, 0xC0, 0x7F])
        try bytes.write(to: file)
    }
}
