import Calibration
import Checkpoints
import Compute
import Foundation
import JSON
import Models
import NVFP4
import Testing

@Suite struct ScalingTests {
    let scratch: ScratchDirectory
    init() throws { scratch = try ScratchDirectory() }

    private func inputs(_ model: TinyModel, directory: URL? = nil) throws -> CalibrationRun.Inputs {
        try CalibrationRun(directory: directory ?? model.directory, isExact: true, workers: TinyModel.workers)
            .measure(model.sequences)
    }

    @Test(arguments: ["llama_tiny", "qwen2_tiny", "qwen3_tiny"])
    func theScaledModelSaysTheSame(name: String) throws {
        let model = try TinyModel(name)
        let scaled = scratch.url.appending(path: "scaled")
        _ = try ActivationAwareScaling(
            source: model.directory, inputs: try inputs(model), workers: TinyModel.workers
        ).run(to: scaled)
        let before = try TinyModel.logits(model.directory, model.sequences[0])
        let after = try TinyModel.logits(scaled, model.sequences[0])
        #expect(TinyModel.distance(after, before) < 1e-5)
        // It is not the same because nothing was scaled.
        let name = "model.layers.0.mlp.down_proj.weight"
        #expect(
            try Checkpoint(directory: scaled).tensor(name).floats()
                != Checkpoint(directory: model.directory).tensor(name).floats())
    }

    @Test func noProductIsWorseThanWithoutScalesAndMostAreBetter() throws {
        let model = try TinyModel("qwen3_tiny")
        let (gains, _) = try ActivationAwareScaling(
            source: model.directory, inputs: try inputs(model), workers: TinyModel.workers
        ).run(to: scratch.url.appending(path: "scaled"))
        #expect(gains.count == 4 * 4)
        #expect(gains.allSatisfy { $0.error <= $0.unscaledError })
        #expect(gains.count { $0.error < $0.unscaledError } > gains.count / 2)
    }

    @Test func theQuantisedFileHasLessOutputErrorThanMax() throws {
        let model = try TinyModel("llama_tiny")
        let measured = try inputs(model)
        let maximum = scratch.url.appending(path: "max"), aware = scratch.url.appending(path: "awq")
        let scaled = scratch.url.appending(path: "scaled")
        _ = try Quantizer(source: model.directory, options: QuantizationOptions()).run(to: maximum)
        _ = try ActivationAwareQuantizer(
            source: model.directory, options: QuantizationOptions(), inputs: measured, workers: TinyModel.workers
        ).run(to: aware)
        _ = try ActivationAwareScaling(source: model.directory, inputs: measured, workers: TinyModel.workers)
            .run(to: scaled)
        // What the layers really get in the scaled model, and what the files really hold.
        let scaledInputs = try inputs(model, directory: scaled)
        var errors = (maximum: 0.0, aware: 0.0)
        for module in ["self_attn.q_proj", "self_attn.o_proj", "mlp.gate_proj", "mlp.down_proj"] {
            let name = "model.layers.1.\(module)"
            let (x, xScaled) = (measured.statistics[name]!, scaledInputs.statistics[name]!)
            let truth = TinyModel.product(x.sample, try weights(model.directory, name, x.columns), x.columns)
            let plain = TinyModel.product(x.sample, try weights(maximum, name, x.columns), x.columns)
            let found = TinyModel.product(xScaled.sample, try weights(aware, name, x.columns), x.columns)
            errors.maximum += TinyModel.squares(plain, truth)
            errors.aware += TinyModel.squares(found, truth)
        }
        #expect(errors.aware < errors.maximum)
    }

    private func weights(_ directory: URL, _ module: String, _ columns: Int) throws -> [Float] {
        let checkpoint = try Checkpoint(directory: directory)
        return try checkpoint.linear(
            module, rows: try checkpoint.tensor("\(module).weight").shape[0], columns: columns
        ).floats()
    }

    @Test func theResultIsPlainNVFP4() throws {
        let model = try TinyModel("qwen2_tiny")
        let aware = scratch.url.appending(path: "awq")
        _ = try ActivationAwareQuantizer(
            source: model.directory, options: QuantizationOptions(), inputs: try inputs(model),
            workers: TinyModel.workers
        ).run(to: aware)
        let inspection = try Inspector(directory: aware).inspect()
        #expect(inspection.problems == [] && inspection.warnings == [])
        #expect(inspection.quantization == "NVFP4 (modelopt 0.47.0)")
        #expect(try !Checkpoint(directory: aware).names.contains { $0.contains("pre_quant_scale") })
    }

    @Test func featuresThatMatterGetFinerRounding() throws {
        // One input feature is a hundred times as large as the others: AWQ's case.
        let directory = scratch.url.appending(path: "outlier")
        let model = try TinyModel("llama_tiny")
        let norm = "model.layers.0.input_layernorm.weight"
        try CheckpointRewrite(
            Checkpoint(directory: model.directory), types: [norm: .float32], overwrites: false
        ).run(to: directory) { tensor in
            var values = try tensor.floats()
            values[5] *= 100
            return values
        }
        let (gains, _) = try ActivationAwareScaling(
            source: directory, inputs: try inputs(model, directory: directory), workers: TinyModel.workers
        ).run(to: scratch.url.appending(path: "scaled"))
        let gain = try #require(gains.first { $0.module == "model.layers.0.self_attn.q_proj" })
        #expect(gain.error < 0.5 * gain.unscaledError)
    }

    @Test func aModelOfAnotherBuildIsRefused() throws {
        let model = try TinyModel("qwen3_5_tiny")
        #expect(throws: CalibrationError.unsupported(modelType: "qwen3_5_text")) {
            try ActivationAwareScaling(
                source: model.directory, inputs: CalibrationRun.Inputs(), workers: TinyModel.workers)
        }
    }
}
