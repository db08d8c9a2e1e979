import Checkpoints
import Foundation
import Models
import NVFP4
import Testing
import Training

@Suite struct LearnedScaleTests {
    private static let module = "model.layers.0.self_attn.q_proj"
    private static let range = module + ".weight_range"

    private func trainer(
        _ golden: GoldenTraining, _ gradient: FakeQuantization.StraightThrough = .learnedScale,
        _ change: (inout TrainerOptions) -> Void = { _ in }
    ) throws -> Trainer {
        try golden.trainer {
            $0.fakeQuantization = FakeQuantization()
            $0.fakeQuantization?.gradient = gradient
            change(&$0)
        }
    }

    @Test(arguments: ["llama_tiny", "qwen3_5_tiny"], TrainingPrecision.allCases)
    func theFirstForwardIsThatOfTheIdentity(name: String, precision: TrainingPrecision) throws {
        let golden = try GoldenTraining(name)
        let trainers = try [FakeQuantization.StraightThrough.identity, .learnedScale].map {
            try trainer(golden, $0) { $0.precision = precision }
        }
        let losses = try trainers.map { try $0.gradients(of: [golden.batch]) }
        #expect(losses[0] == losses[1])
        if name == "llama_tiny" {
            let weights = trainers.map { $0.workingWeights(Self.module) }
            #expect(weights[0]?.values == weights[1]?.values && weights[0]?.scale == weights[1]?.scale)
        }
    }

    @Test func gradientsAreThoseOfLearnedStepSizes() throws {
        let golden = try GoldenTraining("llama_tiny")
        let (identity, learned) = (try trainer(golden, .identity), try trainer(golden))
        for trainer in [identity, learned] { _ = try trainer.gradients(of: [golden.batch]) }
        let weights = try #require(identity.values(Self.module + ".weight"))
        let rounded = try #require(identity.gradient(Self.module + ".weight"))
        let tensorScale = try #require(identity.workingWeights(Self.module)).scale
        let scales = NVFP4Reference.quantize(weights, columns: 16, tensorScale: tensorScale, method: .max).scales
        var (passed, ranges, saturated) = (rounded, [Double](), 0)
        for (block, scale) in scales.enumerated() {
            var sum = 0.0
            for index in block * 16..<block * 16 + 16 {
                let v = weights[index] / (E4M3.decode(scale) * tensorScale)
                let code = NVFP4Reference.value(NVFP4Reference.code(v))
                sum += Double(rounded[index]) * Double(abs(v) > 6 ? (v > 0 ? 6 : -6) : code - v)
                if abs(v) > 6 { (passed[index], saturated) = (0, saturated + 1) }
            }
            ranges.append(sum / 6 / 96.0.squareRoot())
        }
        // Where e4m3 rounds a scale down, the largest weight of the block saturates.
        #expect(saturated > scales.count / 4)
        #expect(try #require(learned.gradient(Self.module + ".weight")) == passed)
        #expect(relativeError(try #require(learned.gradient(Self.range)), ranges) < 1e-5)
    }

    @Test(arguments: ["llama_tiny", "qwen3_5_tiny"], TrainingPrecision.allCases)
    func trainingBringsTheLossDownAndMovesTheScales(name: String, precision: TrainingPrecision) throws {
        let golden = try GoldenTraining(name)
        let module = name == "llama_tiny" ? Self.module : "model.layers.0.mlp.down_proj"
        let trainer = try trainer(golden) { $0.precision = precision }
        try trainer.calibrate([golden.batch])
        let before = try trainer.evaluate([golden.batch]).crossEntropy
        let first = try #require(trainer.values(module + ".weight_range"))
        for _ in 0..<12 { _ = try trainer.step([golden.batch]) }
        #expect(try trainer.evaluate([golden.batch]).crossEntropy < before / 2)
        let last = try #require(trainer.values(module + ".weight_range"))
        let moved = zip(first, last).filter { abs($0 - $1) > 1e-3 }.count
        #expect(moved > first.count / 2)
        #expect(last.allSatisfy { $0 > 0 })
    }

    @Test func rangesDoNotDecayAndHaveTheirOwnRate() throws {
        let golden = try GoldenTraining("llama_tiny")
        func ranges(_ change: (inout TrainerOptions) -> Void) throws -> [Float] {
            let trainer = try trainer(golden, .learnedScale, change)
            _ = try trainer.step([golden.batch])
            return try #require(trainer.values(Self.range))
        }
        let still = try ranges { $0.fakeQuantization?.scaleRate = 0 }
        let plain = try ranges { _ in }
        #expect(try ranges { $0.optimizer.weightDecay = 0.9 } == plain)
        let decayed = try ranges {
            $0.fakeQuantization?.scaleRate = 0
            $0.optimizer.weightDecay = 0.9
        }
        #expect(decayed == still)
        let fast = try ranges { $0.fakeQuantization?.scaleRate = 3 }
        let distances = [plain, fast].map { zip($0, still).map { $0 - $1 } }
        #expect(relativeError(distances[1], distances[0].map { $0 * 3 }) < 1e-3)
        // Adam's first step is the learning rate, whichever way.
        #expect(distances[0].filter { abs(abs($0) - 1e-3) < 1e-5 }.count > plain.count * 9 / 10)
    }

    @Test func theGradientsNormCountsTheScales() throws {
        let golden = try GoldenTraining("llama_tiny")
        let (counting, same) = (try trainer(golden), try trainer(golden))
        _ = try same.gradients(of: [golden.batch])
        let names = try Checkpoint(directory: golden.directory).names
        func squares(_ names: [String]) -> Double {
            names.compactMap { same.gradient($0) }.joined().reduce(0) { $0 + Double($1) * Double($1) }
        }
        let (weights, ranges) = (squares(names), squares(names.map { $0 + "_range" }))
        #expect(ranges > weights * 1e-6)
        let norm = try counting.step([golden.batch]).gradientNorm
        #expect(abs(norm * norm - weights - ranges) < 1e-5 * ranges + 1e-9 * weights)
    }

    @Test func memoryIsEstimatedWithTheScales() throws {
        let golden = try GoldenTraining("llama_tiny")
        let bytes = try [FakeQuantization.StraightThrough.identity, .learnedScale].map {
            try trainer(golden, $0).memoryEstimate(tokensPerBatch: 0).parameterBytes
        }
        // A value, a gradient, two moments and a scale for 16 weights of 16 bytes.
        #expect(bytes[1] > bytes[0] && bytes[1] < bytes[0] * 17 / 16)
    }

    @Test func whatCannotGoTogetherIsRefusedWithTheReason() throws {
        let golden = try GoldenTraining("llama_tiny")
        func refusal(_ change: (inout TrainerOptions) -> Void) -> String? {
            let error = #expect(throws: TrainingError.self) { _ = try trainer(golden, .learnedScale, change) }
            return error?.description
        }
        #expect(refusal { $0.lora = LoRAOptions() }?.contains("learned-scale needs the gradients of whole") == true)
        for method in [NVFP4Method.mse, .fourOverSix] {
            let message = refusal { $0.fakeQuantization?.method = method }
            #expect(message?.contains("\(method.rawValue) searches for its own; use the method max") == true)
        }
        #expect(refusal { $0.fakeQuantization?.scaleRate = -1 }?.contains("expected 0 or more") == true)
    }

    @Test func aCheckpointWithoutScalesIsRefused() throws {
        let golden = try GoldenTraining("llama_tiny")
        let scratch = try ScratchDirectory()
        let place = scratch.url.appending(path: "run")
        try trainer(golden, .identity).save(to: place)
        #expect(throws: TrainingError.self) { try trainer(golden).resume(from: place) }
    }
}
