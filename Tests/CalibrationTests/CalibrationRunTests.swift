import Calibration
import Checkpoints
import Compute
import Foundation
import Models
import NVFP4
import Testing
import Training

@Suite struct CalibrationRunTests {
    let scratch: ScratchDirectory
    init() throws { scratch = try ScratchDirectory() }

    @Test func everyLinearIsMeasuredOnEveryToken() throws {
        let model = try TinyModel("llama_tiny")
        var run = try CalibrationRun(directory: model.directory, workers: TinyModel.workers)
        run.sampledRows = 4
        let inputs = try run.measure(model.sequences)
        #expect(inputs.statistics.count == 28)
        #expect(inputs.tokens == model.sequences.reduce(0) { $0 + $1.count })
        #expect(inputs.statistics.values.allSatisfy { $0.count == inputs.tokens && $0.sampledRows >= 4 })
        #expect(inputs.statistics.values.allSatisfy { zip($0.mean, $0.amax).allSatisfy { $0 <= $1 } })
        let q = inputs.largest["model.layers.0.self_attn.q_proj"]
        #expect(q != nil && q == inputs.largest["model.layers.0.self_attn.v_proj"])
    }

    @Test func whatIsMeasuredBecomesTheInputScale() throws {
        let model = try TinyModel("llama_tiny")
        let inputs = try CalibrationRun(directory: model.directory, workers: TinyModel.workers)
            .measure(model.sequences)
        var options = QuantizationOptions()
        options.inputAmax = inputs.largest
        let output = scratch.url.appending(path: "out")
        _ = try Quantizer(source: model.directory, options: options).run(to: output)
        let name = "model.layers.1.mlp.down_proj"
        let scale = try Checkpoint(directory: output).tensor("\(name).input_scale").scalar()
        #expect(scale == NVFP4Format.tensorScale(amax: try #require(inputs.largest[name])))
    }

    @Test func textOfAnotherVocabularyAndNoTextAreRefused() throws {
        let run = try CalibrationRun(directory: try TinyModel("llama_tiny").directory, workers: TinyModel.workers)
        #expect(throws: CalibrationError.nothingToRead) { try run.measure([[]]) }
        #expect(throws: CalibrationError.foreignTokens) { try run.measure([[1, 1 << 30]]) }
    }

    @Test func inputsInFourBitsAreThoseOfTraining() throws {
        let model = try TinyModel("llama_tiny")
        var options = TrainerOptions()
        options.fakeQuantization = FakeQuantization()
        // A value that lies on the edge between two codes falls to either side when anything else is rounded too.
        options.precision = .float32
        let trainer = try Trainer(modelDirectory: model.directory, options: options, workers: TinyModel.workers)
        let tokens = model.sequences[0]
        try trainer.calibrate([
            TrainingBatch(segments: [.init(tokens: tokens, lossWeights: tokens.map { _ in 1 })])
        ])
        let expected = try trainer.logits(tokens, rows: Array(tokens.indices))
        let output = scratch.url.appending(path: "out")
        try trainer.export(to: output)
        let served = try TinyModel.logits(output, tokens) {
            $0.dataType = .bfloat16
            $0.activations = .nvfp4
            $0.stateFormat = .float32
        }
        let unrounded = try TinyModel.logits(output, tokens) { $0.dataType = .float32 }
        #expect(TinyModel.distance(served, expected) < 0.05)
        #expect(TinyModel.distance(unrounded, expected) > 5 * TinyModel.distance(served, expected))
    }
}
