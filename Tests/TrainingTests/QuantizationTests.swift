import Checkpoints
import Compute
import Foundation
import Models
import NVFP4
import Testing
import Training

@Suite struct QuantizationTests {
    static let methods = NVFP4Method.allCases
    /// Steps, then the export.
    private func exported(
        _ name: String, to directory: URL, _ change: (inout TrainerOptions) -> Void
    ) throws -> (trainer: Trainer, golden: GoldenTraining) {
        let golden = try GoldenTraining(name)
        let trainer = try golden.trainer {
            $0.fakeQuantization = FakeQuantization()
            change(&$0)
        }
        for _ in 0..<2 { _ = try trainer.step([golden.batch]) }
        try trainer.export(to: directory)
        return (trainer, golden)
    }

    /// The exported weights, dequantised, are those the trainer multiplies with.
    private func expectParity(_ trainer: Trainer, _ directory: URL) throws {
        let checkpoint = try Checkpoint(directory: directory)
        let suffix = ".weight_scale_2"
        let modules = checkpoint.names.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }
        #expect(modules.count >= 4)
        for module in modules {
            let codes = try checkpoint.tensor("\(module).weight")
            let scales = try checkpoint.tensor("\(module).weight_scale")
            let working = try #require(trainer.workingWeights(module))
            let (rows, columns) = (codes.shape[0], codes.shape[1] * 2)
            var values = [Float](repeating: 0, count: rows * columns)
            values.withUnsafeMutableBytes { values in
                NVFP4Format.dequantize(
                    codes: codes.bytes, scales: scales.bytes, rows: rows, columns: columns, tensorScale: 1,
                    into: values, .float32)
            }
            #expect(values.map(\.bitPattern) == working.values.map(\.bitPattern), "\(module)")
            #expect(try checkpoint.tensor("\(module).weight_scale_2").scalar() == working.scale, "\(module)")
            if trainer.options.fakeQuantization?.quantizesInputs == true {
                #expect(try checkpoint.tensor("\(module).input_scale").scalar() == working.inputScale, "\(module)")
            }
        }
    }

    @Test(arguments: ["qwen3_5_tiny", "qwen3_5_tiny_tied"], TrainingPrecision.allCases)
    func theExportOfTheHybridIsWhatTrainingMultipliedWith(name: String, precision: TrainingPrecision) throws {
        let scratch = try ScratchDirectory()
        let place = scratch.url.appending(path: "nvfp4")
        let (trainer, _) = try exported(name, to: place) { $0.precision = precision }
        try expectParity(trainer, place)
    }

    @Test(arguments: methods, TrainingPrecision.allCases)
    func theExportIsWhatTrainingMultipliedWith(method: NVFP4Method, precision: TrainingPrecision) throws {
        let scratch = try ScratchDirectory()
        let place = scratch.url.appending(path: "nvfp4")
        let (trainer, _) = try exported("qwen2_tiny", to: place) {
            $0.precision = precision
            $0.fakeQuantization?.method = method
        }
        try expectParity(trainer, place)
    }

    @Test(arguments: ["qwen2_tiny", "qwen3_5_tiny_tied"], TrainingPrecision.allCases)
    func theExportWithLearnedScalesIsWhatTrainingMultipliedWith(name: String, precision: TrainingPrecision) throws {
        let scratch = try ScratchDirectory()
        let place = scratch.url.appending(path: "nvfp4")
        let (trainer, _) = try exported(name, to: place) {
            $0.precision = precision
            $0.schedule.peak = 0.01
            $0.fakeQuantization?.gradient = .learnedScale
        }
        try expectParity(trainer, place)
        // Not by chance: the method would choose other scales for these weights.
        let chosen = scratch.url.appending(path: "chosen")
        let masters = scratch.url.appending(path: "masters")
        try trainer.exportMasters(to: masters)
        _ = try Quantizer(source: masters, options: QuantizationOptions()).run(to: chosen)
        let module = "model.layers.1.mlp.down_proj.weight_scale"
        let scales = try [place, chosen].map { directory in
            try Checkpoint(directory: directory).tensor(module).withUnsafeBytes { Array($0) }
        }
        #expect(scales[0] != scales[1])
    }

    @Test(arguments: ["llama_tiny", "qwen3_5_tiny", "qwen3_5_tiny_tied"])
    func theExportOfFoldedAdaptersIsWhatTrainingMultipliedWith(name: String) throws {
        let scratch = try ScratchDirectory()
        let place = scratch.url.appending(path: "nvfp4")
        let (trainer, golden) = try exported(name, to: place) {
            $0.lora = LoRAOptions()
            $0.precision = .bfloat16
        }
        try expectParity(trainer, place)
        // The adapter alone gives the same model again.
        let adapter = scratch.url.appending(path: "adapter")
        try trainer.exportAdapter(to: adapter)
        let other = try golden.trainer {
            $0.fakeQuantization = FakeQuantization()
            $0.lora = try? LoRAOptions(adapterDirectory: adapter)
            $0.precision = .bfloat16
            $0.seed = 99
        }
        try other.loadAdapter(from: adapter)
        try expectParity(other, place)
    }

    @Test(arguments: FakeQuantization.Growth.allCases, [FakeQuantization.StraightThrough.clipped, .learnedScale])
    func weightsThatOutgrowTheirScaleAreExportedAsTrained(
        growth: FakeQuantization.Growth, gradient: FakeQuantization.StraightThrough
    ) throws {
        let scratch = try ScratchDirectory()
        let place = scratch.url.appending(path: "nvfp4")
        let (trainer, _) = try exported("llama_tiny", to: place) {
            $0.schedule.peak = 0.3
            $0.fakeQuantization?.growth = growth
            $0.fakeQuantization?.gradient = gradient
        }
        try expectParity(trainer, place)
    }

    @Test(arguments: GoldenTraining.names)
    func theEngineAnswersAsTheTrainerDoes(name: String) throws {
        let scratch = try ScratchDirectory()
        let place = scratch.url.appending(path: "nvfp4")
        let (trainer, golden) = try exported(name, to: place) { $0.fakeQuantization?.quantizesInputs = false }
        var loading = LoadingOptions()
        loading.dataType = .float32
        let model = try LoadedModel(directory: place, options: loading, workers: WorkerPool(threads: 2))
        let executor = CPUExecutor(
            weights: model.weights, activations: model.activations, format: model.stateFormat, workers: model.workers)
        let state = SequenceState(
            pool: PagePool(layout: model.definition.stateLayout(format: model.stateFormat), byteLimit: 1 << 26))
        var tokens = Array(golden.tokens.prefix(20))
        var next = tokens[...]
        for _ in 0..<24 {
            try #require(state.reserve(next.count))
            var batch = Batch()
            batch.append(next, at: state.length, output: .last)
            let output = executor.run(batch, states: [state]) { model.definition.logits(on: $0) }
            let served = Array(output.row(0))
            let trained = try trainer.logits(tokens, rows: [tokens.count - 1])
            #expect(relativeError(trained, served) < 1e-4)
            let choice = try #require(served.indices.max { served[$0] < served[$1] })
            #expect(trained.indices.max { trained[$0] < trained[$1] } == choice)
            tokens.append(Int32(choice))
            next = tokens.suffix(1)
        }
    }

    @Test func quantisedInputsChangeTheLossAndTrainingBringsItDown() throws {
        let golden = try GoldenTraining("llama_tiny")
        let losses = try [false, true].map { inputs in
            let trainer = try golden.trainer {
                $0.fakeQuantization = FakeQuantization()
                $0.fakeQuantization?.quantizesInputs = inputs
            }
            return try (0..<6).map { _ in try trainer.step([golden.batch]).loss }
        }
        #expect(losses[0][0] != losses[1][0])
        for run in losses { #expect(run[5] < run[0] / 2) }
    }

    @Test func aQuantisedBaseIsRefusedWithTheReason() throws {
        let scratch = try ScratchDirectory()
        let place = scratch.url.appending(path: "nvfp4")
        _ = try exported("llama_tiny", to: place) { _ in }
        var options = GoldenTraining.options
        options.lora = LoRAOptions()
        let error = #expect(throws: TrainingError.self) {
            _ = try Trainer(modelDirectory: place, options: options, workers: WorkerPool(threads: 1))
        }
        #expect(error?.description.contains("cannot be merged") == true)
    }

    @Test func anUnquantisedExportServesTheTrainedModel() throws {
        let golden = try GoldenTraining("qwen3_tiny")
        let scratch = try ScratchDirectory()
        let place = scratch.url.appending(path: "trained")
        let trainer = try golden.trainer()
        _ = try trainer.step([golden.batch])
        try trainer.export(to: place)
        let again = try Trainer(
            modelDirectory: place, options: GoldenTraining.options, workers: WorkerPool(threads: 2))
        #expect(try again.evaluate([golden.batch]) == trainer.evaluate([golden.batch]))
        #expect(throws: CheckpointError.self) { try trainer.export(to: place) }
    }
}
