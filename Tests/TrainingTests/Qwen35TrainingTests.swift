import Checkpoints
import Compute
import Foundation
import Models
import Testing
import Training

@Suite struct Qwen35TrainingTests {
    @Test func aConversationInPiecesHasTheGradientsOfTheWhole() throws {
        let golden = try GoldenTraining("qwen3_5_tiny")
        let whole = golden.batch.segments[0]
        func segment(_ range: Range<Int>, parent: Int?) -> TrainingBatch.Segment {
            .init(
                tokens: Array(whole.tokens[range]), lossWeights: Array(whole.lossWeights[range]), parent: parent)
        }
        let pieces = TrainingBatch(segments: [
            segment(0..<2, parent: nil), segment(2..<70, parent: 0), segment(70..<150, parent: 1),
        ])
        let trainer = try golden.trainer()
        let loss = try trainer.gradients(of: [pieces])
        #expect(abs(loss - golden.loss) < 1e-5)
        for (parameter, expected) in golden.gradients {
            let found = try #require(trainer.gradient(parameter), "\(parameter)")
            #expect(relativeError(found, expected) < 1e-4, "\(parameter)")
        }
    }

    @Test func repliesThatShareAPrefixHaveTheGradientsTheyHaveApart() throws {
        let golden = try GoldenTraining("qwen3_5_tiny")
        let tokens = golden.tokens
        func segment(_ tokens: some Sequence<Int32>, parent: Int?, weight: Float) -> TrainingBatch.Segment {
            let tokens = Array(tokens)
            return .init(tokens: tokens, lossWeights: tokens.map { _ in weight }, parent: parent)
        }
        let shared = TrainingBatch(segments: [
            segment(tokens[0..<50], parent: nil, weight: 0), segment(tokens[50..<90], parent: 0, weight: 1),
            segment(tokens[100..<140], parent: 0, weight: 1),
        ])
        let apart = TrainingBatch(
            segments: [tokens[50..<90], tokens[100..<140]].flatMap { reply in
                [segment(tokens[0..<50] + reply, parent: nil, weight: 0)].map { whole in
                    var whole = whole
                    for index in 50..<90 { whole.lossWeights[index] = 1 }
                    return whole
                }
            })
        let trainer = try golden.trainer()
        let expectedLoss = try trainer.gradients(of: [apart])
        var expected: [String: [Float]] = [:]
        for name in golden.gradients.keys { expected[name] = trainer.gradient(name) }
        #expect(abs(try trainer.gradients(of: [shared]) - expectedLoss) < 1e-5)
        for (name, values) in expected {
            #expect(relativeError(try #require(trainer.gradient(name)), values) < 1e-4, "\(name)")
        }
    }

    @Test func quantisationAwareTrainingServesWhatItTrained() throws {
        let golden = try GoldenTraining("qwen3_5_tiny")
        let trainer = try golden.trainer {
            $0.precision = .bfloat16
            var fake = FakeQuantization()
            fake.quantizesInputs = false
            $0.fakeQuantization = fake
        }
        for _ in 0..<3 { _ = try trainer.step([golden.batch]) }
        let directory = FileManager.default.temporaryDirectory.appending(path: "annie-qat-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        try trainer.export(to: directory)
        let checkpoint = try Checkpoint(directory: directory)
        // What is excluded stays; the rate of decay in fp32.
        let layer = "model.layers.0.linear_attn"
        for (name, type) in [
            ("in_proj_qkv.weight", TensorDataType.uint8), ("in_proj_z.weight", .uint8), ("out_proj.weight", .uint8),
            ("in_proj_a.weight", .bfloat16), ("in_proj_b.weight", .bfloat16), ("conv1d.weight", .bfloat16),
            ("A_log", .float32),
        ] { #expect(try checkpoint.tensor("\(layer).\(name)").dataType == type, "\(name)") }
        #expect(try checkpoint.tensor("lm_head.weight").dataType == .bfloat16)
        let scales = try ["in_proj_qkv", "in_proj_z"].map {
            try checkpoint.tensor("\(layer).\($0).weight_scale_2").scalar()
        }
        #expect(scales[0] == scales[1])
        // The exported model predicts the batch as the trainer does.
        var options = LoadingOptions()
        options.dataType = .bfloat16
        let model = try LoadedModel(directory: directory, options: options, workers: WorkerPool(threads: 2))
        let served = try ServedLoss(model).loss(golden.batch.segments[0])
        let trained = try trainer.gradients(of: [golden.batch])
        #expect(abs(served - trained) < 0.02)
    }
}

/// The loss of a segment as the engine's executor computes it.
private struct ServedLoss {
    let model: LoadedModel

    init(_ model: LoadedModel) { self.model = model }

    func loss(_ segment: TrainingBatch.Segment) throws -> Double {
        let executor = CPUExecutor(
            weights: model.weights, activations: model.activations, format: model.stateFormat, workers: model.workers)
        let pool = PagePool(layout: model.definition.stateLayout(format: model.stateFormat), byteLimit: 1 << 26)
        let state = SequenceState(pool: pool)
        #expect(state.reserve(segment.tokens.count))
        var batch = Batch()
        batch.append(segment.tokens, at: 0, output: .all)
        let logits = executor.run(batch, states: [state]) { model.definition.logits(on: $0) }
        var (sum, count) = (0.0, 0.0)
        for position in 1..<segment.tokens.count where segment.lossWeights[position] != 0 {
            let row = logits.row(position - 1).map(Double.init)
            let maximum = row.max() ?? 0
            let logSum = maximum + log(row.reduce(0) { $0 + exp($1 - maximum) })
            sum += logSum - row[Int(segment.tokens[position])]
            count += 1
        }
        return sum / count
    }
}
