import Compute
import Foundation
import Testing
import Training

/// A directory that goes away with the value.
final class ScratchDirectory {
    let url = FileManager.default.temporaryDirectory.appending(path: "annie-training-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }
}

@Suite struct RunTests {
    static let variants: [@Sendable (inout TrainerOptions) -> Void] = [
        { $0.precision = .bfloat16 },
        {
            $0.fakeQuantization = FakeQuantization()
            $0.optimizer.clipNorm = 0.5
        }, { $0.lora = LoRAOptions() },
        {
            $0.fakeQuantization = FakeQuantization()
            $0.fakeQuantization?.gradient = .learnedScale
            $0.precision = .bfloat16
            $0.optimizer.clipNorm = 0.5
        },
    ]

    @Test(arguments: variants.indices)
    func aResumedRunTakesTheSameSteps(variant: Int) throws {
        let golden = try GoldenTraining("qwen2_tiny")
        let scratch = try ScratchDirectory()
        let place = scratch.url.appending(path: "run")
        let trainer = try golden.trainer(Self.variants[variant])
        _ = try trainer.step([golden.batch])
        trainer.bookmark = ["epoch": 1]
        try trainer.save(to: place)
        try trainer.save(to: place)
        let expected = try (0..<3).map { _ in try trainer.step([golden.batch]) }
        let other = try golden.trainer(Self.variants[variant])
        try other.resume(from: place)
        #expect(other.stepsTaken == 1 && other.bookmark == ["epoch": 1])
        let found = try (0..<3).map { _ in try other.step([golden.batch]) }
        #expect(found.map(\.loss) == expected.map(\.loss))
        #expect(found.map(\.gradientNorm) == expected.map(\.gradientNorm))
    }

    @Test(arguments: variants.indices)
    func anExportGivesMemoryBackAndChangesNothing(variant: Int) throws {
        let golden = try GoldenTraining("llama_tiny")
        let scratch = try ScratchDirectory()
        func losses(exports: Bool) throws -> [Double] {
            let trainer = try golden.trainer(Self.variants[variant])
            return try (0..<3).map { step in
                if exports, step > 0 {
                    #expect(trainer.activationBytes > 0)
                    try trainer.export(to: scratch.url.appending(path: "model"), overwrites: true)
                    #expect(trainer.activationBytes == 0)
                }
                return try trainer.step([golden.batch]).loss
            }
        }
        #expect(try losses(exports: true) == losses(exports: false))
    }

    /// A short batch between long ones would else keep its memory beside theirs.
    @Test func batchesOfManyLengthsTakeNoMoreThanTheLongest() throws {
        let golden = try GoldenTraining("llama_tiny")
        func most(_ lengths: [Int]) throws -> Int {
            let trainer = try golden.trainer { $0.lora = LoRAOptions() }
            for length in lengths {
                let tokens = (0..<length).map { Int32($0 % 97) }
                _ = try trainer.step([
                    TrainingBatch(segments: [.init(tokens: tokens, lossWeights: tokens.map { _ in 1 })])
                ])
            }
            return trainer.mostActivationBytes
        }
        #expect(try Double(most([100, 250, 100, 40, 250, 20, 120, 250])) < 1.1 * Double(most([250, 250])))
    }

    @Test func theSameSeedGivesTheSameRun() throws {
        let golden = try GoldenTraining("llama_tiny")
        let runs = try (0..<2).map { _ in
            let trainer = try golden.trainer { $0.lora = LoRAOptions() }
            return try (0..<3).map { _ in try trainer.step([golden.batch]).loss }
        }
        #expect(runs[0] == runs[1])
    }

    @Test func aCheckpointOfAnotherRunIsRefused() throws {
        let golden = try GoldenTraining("llama_tiny")
        let scratch = try ScratchDirectory()
        let place = scratch.url.appending(path: "run")
        try golden.trainer { $0.lora = LoRAOptions() }.save(to: place)
        let full = try golden.trainer()
        #expect(throws: TrainingError.self) { try full.resume(from: place) }
        #expect(throws: (any Error).self) { try full.resume(from: scratch.url) }
    }

    @Test func aLossThatIsNotANumberStopsTheRunBeforeTheStep() throws {
        let golden = try GoldenTraining("llama_tiny")
        let trainer = try golden.trainer { $0.schedule.peak = 1e30 }
        _ = try trainer.step([golden.batch])
        let before = trainer.values("model.norm.weight")
        #expect(throws: TrainingError.self) {
            for _ in 0..<3 { _ = try trainer.step([golden.batch]) }
        }
        #expect(trainer.stepsTaken <= 3 && before != nil)
    }

    #if os(Linux)
    @Test func aBatchThatMemoryHasNoRoomForIsRefusedBeforeItIsTaken() throws {
        let golden = try GoldenTraining("llama_tiny")
        #expect {
            try Trainer(
                modelDirectory: golden.directory, options: GoldenTraining.options, tokensPerBatch: 1 << 36,
                workers: WorkerPool(threads: 1))
        } throws: { error in
            if case .outOfMemory? = error as? TrainingError { true } else { false }
        }
    }
    #endif

    @Test func schedulesWarmUpAndComeDown() {
        var schedule = LearningRateSchedule()
        schedule.peak = 1
        schedule.warmupSteps = 4
        schedule.totalSteps = 14
        for shape in LearningRateSchedule.Shape.allCases {
            schedule.shape = shape
            #expect(schedule.rate(step: 0) == 0.25 && schedule.rate(step: 3) == 1 && schedule.rate(step: 4) == 1)
        }
        schedule.shape = .linear
        #expect(abs(schedule.rate(step: 9) - 0.5) < 1e-6 && schedule.rate(step: 14) == 0)
        schedule.shape = .cosine
        schedule.floor = 0.1
        #expect(abs(schedule.rate(step: 9) - 0.55) < 1e-6 && abs(schedule.rate(step: 100) - 0.1) < 1e-6)
    }

    @Test func evaluationIsTheLossOfTheNextStep() throws {
        let golden = try GoldenTraining("qwen3_tiny")
        let trainer = try golden.trainer { $0.fakeQuantization = FakeQuantization() }
        try trainer.calibrate([golden.batch])
        let evaluated = try trainer.evaluate([golden.batch])
        #expect(evaluated.lossTokens == 94)
        #expect(try trainer.step([golden.batch]).loss == evaluated.crossEntropy)
    }

    @Test func gradientsAreClippedToTheNorm() throws {
        let golden = try GoldenTraining("llama_tiny")
        // Without momentum's memory the first step of plain and clipped gradients is the same but for epsilon.
        let trainer = try golden.trainer {
            $0.optimizer.clipNorm = 1e-9
            $0.optimizer.weightDecay = 0
        }
        let before = try #require(trainer.values("model.norm.weight"))
        let report = try trainer.step([golden.batch])
        #expect(abs(report.gradientNorm - 20.6357) < 0.001)
        let after = try #require(trainer.values("model.norm.weight"))
        let largest = zip(before, after).reduce(0) { max($0, abs($1.0 - $1.1)) }
        #expect(largest < 1e-4)
    }
}
