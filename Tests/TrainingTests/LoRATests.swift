import Compute
import Foundation
import Testing
import Training

@Suite struct LoRATests {
    /// a[rows, depth] * b[depth, columns].
    private func product(_ a: [Float], _ b: [Float], depth: Int) -> [Double] {
        let (rows, columns) = (a.count / depth, b.count / depth)
        return (0..<rows * columns).map { index in
            (0..<depth).reduce(0) {
                $0 + Double(a[index / columns * depth + $1]) * Double(b[$1 * columns + index % columns])
            }
        }
    }

    private func transposed(_ values: [Float], rows: Int) -> [Float] {
        let columns = values.count / rows
        return (0..<values.count).map { values[$0 % rows * columns + $0 / rows] }
    }

    @Test func gradientsOfAdaptersAreThoseOfTheFoldedMatrix() throws {
        let golden = try GoldenTraining("qwen3_tiny")
        let scratch = try ScratchDirectory()
        let trainer = try golden.trainer {
            $0.lora = LoRAOptions()
            $0.lora?.rank = 4
            $0.lora?.alpha = 12
            $0.schedule.peak = 0.05
        }
        _ = try trainer.step([golden.batch])
        let merged = scratch.url.appending(path: "merged")
        try trainer.export(to: merged)
        let full = try Trainer(
            modelDirectory: merged, options: GoldenTraining.options, workers: WorkerPool(threads: 2))
        #expect(abs(try full.gradients(of: [golden.batch]) - trainer.gradients(of: [golden.batch])) < 1e-4)
        for name in Self.modules {
            let dw = try #require(full.gradient("\(name).weight"))
            let a = try #require(trainer.values("\(name).lora_A.weight"))
            let b = try #require(trainer.values("\(name).lora_B.weight"))
            let dB = product(dw, transposed(a, rows: 4), depth: a.count / 4).map { $0 * 3 }
            let dA = product(transposed(b, rows: b.count / 4), dw, depth: b.count / 4).map { $0 * 3 }
            #expect(relativeError(try #require(trainer.gradient("\(name).lora_B.weight")), dB) < 1e-4, "\(name)")
            #expect(relativeError(try #require(trainer.gradient("\(name).lora_A.weight")), dA) < 1e-4, "\(name)")
        }
    }

    private static let modules =
        ["q", "k", "v", "o"].map { "model.layers.1.self_attn.\($0)_proj" }
        + ["gate", "up", "down"].map { "model.layers.0.mlp.\($0)_proj" }

    /// Products in bf16, on some parts of a product alone, over several batches: as in fp32 but for rounding.
    @Test(arguments: ["llama_tiny", "qwen2_tiny", "qwen3_5_tiny"], [false, true])
    func gradientsInBF16AreThoseInFP32(name: String, onSomeParts: Bool) throws {
        let golden = try GoldenTraining(name)
        let scratch = try ScratchDirectory()
        let place = scratch.url.appending(path: "adapter")
        func trainer(_ precision: TrainingPrecision) throws -> Trainer {
            try golden.trainer {
                $0.lora = LoRAOptions()
                $0.lora?.rank = 5
                if onSomeParts { $0.lora?.targets = ["k_proj", "v_proj", "up_proj", "in_proj_z", "out_proj"] }
                $0.precision = precision
                $0.schedule.peak = 0.02
            }
        }
        let exact = try trainer(.float32)
        _ = try exact.step([golden.batch])
        try exact.exportAdapter(to: place, baseModel: "base")
        let rounded = try trainer(.bfloat16)
        try rounded.loadAdapter(from: place)
        let short = TrainingBatch(
            segments: [.init(tokens: Array(golden.tokens.prefix(7)), lossWeights: Array(repeating: 1, count: 7))])
        _ = try exact.gradients(of: [golden.batch, short])
        _ = try rounded.gradients(of: [golden.batch, short])
        #expect(!exact.trainedNames.isEmpty)
        for name in exact.trainedNames {
            let expected = try #require(exact.gradient(name))
            #expect(expected.contains { $0 != 0 }, "\(name)")
            // Up to a tenth is rounding; a gradient of other columns or rows is off by about one.
            #expect(relativeError(try #require(rounded.gradient(name)), expected) < 0.2, "\(name)")
        }
    }

    private func trainer(_ golden: GoldenTraining, from layer: Int, recomputes: Bool = false) throws -> Trainer {
        try golden.trainer {
            $0.lora = LoRAOptions()
            $0.lora?.firstLayer = layer
            $0.checkpointsActivations = recomputes
        }
    }

    /// What lies below the first adapter needs no gradient, and those above have theirs all the same.
    @Test(arguments: [false, true])
    func adaptersFromALayerOnHaveTheirGradients(recomputes: Bool) throws {
        let golden = try GoldenTraining("qwen3_tiny")
        let (trainer, full) = (try trainer(golden, from: 1, recomputes: recomputes), try golden.trainer())
        #expect(abs(try full.gradients(of: [golden.batch]) - trainer.gradients(of: [golden.batch])) < 1e-5)
        #expect(trainer.values("model.layers.0.mlp.up_proj.lora_B.weight") == nil)
        for name in ["self_attn.q_proj", "self_attn.v_proj", "self_attn.o_proj", "mlp.up_proj", "mlp.down_proj"] {
            let module = "model.layers.1.\(name)"
            let dw = try #require(full.gradient("\(module).weight"))
            let a = try #require(trainer.values("\(module).lora_A.weight"))
            // B is zero yet: its gradient is that of the matrix times A.
            let dB = product(dw, transposed(a, rows: 16), depth: a.count / 16).map { $0 * 2 }
            #expect(relativeError(try #require(trainer.gradient("\(module).lora_B.weight")), dB) < 1e-4)
        }
        let scratch = try ScratchDirectory()
        let place = scratch.url.appending(path: "adapter")
        try trainer.exportAdapter(to: place, baseModel: "base")
        #expect(try LoRAOptions(adapterDirectory: place).firstLayer == 1)
        try trainer.loadAdapter(from: place)
        guard !recomputes else { return }
        // What the way back would need of the lower layer is not kept.
        let most = try [0, 1].map { layer in
            let trainer = try self.trainer(golden, from: layer)
            _ = try trainer.step([golden.batch])
            return trainer.mostActivationBytes
        }
        #expect(most[1] * 10 < most[0] * 9)
    }

    @Test func trainingStartsAtTheBaseAndBringsTheLossDown() throws {
        let golden = try GoldenTraining("llama_tiny")
        let trainer = try golden.trainer {
            $0.lora = LoRAOptions()
            $0.schedule.peak = 0.02
        }
        let losses = try (0..<5).map { _ in try trainer.step([golden.batch]).loss }
        #expect(abs(losses[0] - golden.loss) < 1e-5)
        #expect(losses[4] < losses[0] - 1)
    }

    @Test func formsThatWouldBeComputedWronglyAreRefused() throws {
        let golden = try GoldenTraining("llama_tiny")
        let scratch = try ScratchDirectory()
        let place = scratch.url.appending(path: "adapter")
        let trainer = try golden.trainer { $0.lora = LoRAOptions() }
        try trainer.exportAdapter(to: place, baseModel: "base")
        let file = place.appending(path: "adapter_config.json")
        let plain = try String(contentsOf: file, encoding: .utf8)
        #expect(try LoRAOptions(adapterDirectory: place) == sorted(LoRAOptions()))
        for (from, to) in [
            ("\"use_dora\": false", "\"use_dora\": true"), ("\"r\": 16", "\"r\": 0"),
            ("\"bias\": \"none\"", "\"bias\": \"all\""), ("LORA", "IA3"),
            ("\"layers_to_transform\": null", "\"layers_to_transform\": [0, 2]"),
            ("\"layers_to_transform\": null", "\"layers_to_transform\": [\(Int.max)]"),
            ("\"r\": 16", "\"r\": 16, \"layer_replication\": [[0, 2], [1, 3]]"),
        ] {
            try plain.replacingOccurrences(of: from, with: to).write(to: file, atomically: true, encoding: .utf8)
            #expect(throws: TrainingError.self, "\(to)") { try LoRAOptions(adapterDirectory: place) }
        }
        try plain.replacingOccurrences(of: "\"r\": 16", with: "\"r\": 8")
            .write(to: file, atomically: true, encoding: .utf8)
        #expect(throws: TrainingError.self) { try trainer.loadAdapter(from: place) }
        #expect(throws: TrainingError.self) {
            try golden.trainer {
                $0.lora = LoRAOptions()
                $0.lora?.targets = ["nothing"]
            }
        }
    }

    private func sorted(_ options: LoRAOptions) -> LoRAOptions {
        var options = options
        options.targets.sort()
        return options
    }
}
