import Testing
import Training

/// Layouts of a batch that must come to the same gradients.
@Suite struct BatchTests {
    /// Every gradient of the model.
    private func gradients(
        _ name: String, _ batches: [TrainingBatch], _ change: (inout TrainerOptions) -> Void = { _ in }
    )
        throws -> (loss: Double, gradients: [String: [Float]])
    {
        let golden = try GoldenTraining(name)
        let trainer = try golden.trainer(change)
        let loss = try trainer.gradients(of: batches)
        var gradients: [String: [Float]] = [:]
        for name in golden.gradients.keys {
            let gradient = try #require(trainer.gradient(name))
            gradients[name] = gradient
        }
        return (loss, gradients)
    }

    private func expectSame(
        _ left: (loss: Double, gradients: [String: [Float]]), _ right: (loss: Double, gradients: [String: [Float]]),
        within tolerance: Double
    ) {
        #expect(abs(left.loss - right.loss) <= tolerance * abs(right.loss))
        for (name, gradient) in right.gradients {
            #expect(relativeError(left.gradients[name] ?? [], gradient) <= tolerance, "\(name)")
        }
    }

    private func conversations(_ golden: GoldenTraining) -> (prefix: [Int32], rests: [[Int32]]) {
        let tokens = golden.tokens
        return (Array(tokens[..<70]), [Array(tokens[70..<90]), Array(tokens[90..<91]), Array(tokens[40..<140])])
    }

    @Test(arguments: GoldenTraining.names)
    func aSharedPrefixGivesTheGradientsOfCopies(name: String) throws {
        let (prefix, rests) = conversations(try GoldenTraining(name))
        let none = [Float](repeating: 0, count: prefix.count)
        let shared = TrainingBatch(
            segments: [.init(tokens: prefix, lossWeights: none)]
                + rests.map { .init(tokens: $0, lossWeights: Array(repeating: 1, count: $0.count), parent: 0) })
        let copies = rests.map {
            TrainingBatch(
                segments: [.init(tokens: prefix + $0, lossWeights: none + Array(repeating: 1, count: $0.count))])
        }
        expectSame(try gradients(name, [shared]), try gradients(name, copies), within: 4e-5)
    }

    @Test func aPrefixOfAPrefixGivesTheGradientsOfCopies() throws {
        let (prefix, rests) = conversations(try GoldenTraining("llama_tiny"))
        func ones(_ tokens: [Int32]) -> [Float] { Array(repeating: 1, count: tokens.count) }
        func none(_ tokens: [Int32]) -> [Float] { Array(repeating: 0, count: tokens.count) }
        let tree = TrainingBatch(segments: [
            .init(tokens: prefix, lossWeights: none(prefix)),
            .init(tokens: rests[0], lossWeights: none(rests[0]), parent: 0),
            .init(tokens: rests[1], lossWeights: ones(rests[1]), parent: 1),
            .init(tokens: rests[2], lossWeights: ones(rests[2]), parent: 1),
        ])
        let copies = rests[1...].map {
            TrainingBatch(segments: [
                .init(tokens: prefix + rests[0] + $0, lossWeights: none(prefix) + none(rests[0]) + ones($0))
            ])
        }
        expectSame(try gradients("llama_tiny", [tree]), try gradients("llama_tiny", copies), within: 4e-5)
    }

    @Test func packedDocumentsGiveTheGradientsOfAccumulatedOnes() throws {
        let rests = conversations(try GoldenTraining("qwen3_tiny")).rests
        let segments = rests.map {
            TrainingBatch.Segment(tokens: $0, lossWeights: Array(repeating: 0.5, count: $0.count))
        }
        let packed = try gradients("qwen3_tiny", [TrainingBatch(segments: segments)])
        expectSame(packed, try gradients("qwen3_tiny", segments.map { TrainingBatch(segments: [$0]) }), within: 4e-5)
    }

    @Test(arguments: GoldenTraining.names)
    func recomputedActivationsGiveTheSameGradients(name: String) throws {
        let golden = try GoldenTraining(name)
        let kept = try gradients(name, [golden.batch])
        expectSame(try gradients(name, [golden.batch]) { $0.checkpointsActivations = true }, kept, within: 0)
    }

    @Test func theLossInChunksGivesTheSameGradients() throws {
        let golden = try GoldenTraining("llama_tiny")
        let whole = try gradients("llama_tiny", [golden.batch])
        expectSame(try gradients("llama_tiny", [golden.batch]) { $0.lossRowsPerChunk = 7 }, whole, within: 4e-5)
    }

    @Test(arguments: GoldenTraining.names)
    func bf16ProductsGiveCloseGradients(name: String) throws {
        let golden = try GoldenTraining(name)
        let found = try gradients(name, [golden.batch]) { $0.precision = .bfloat16 }
        #expect(abs(found.loss - golden.loss) < 0.01 * golden.loss)
        for (name, expected) in golden.gradients {
            // Rounding gathers in a recurrent state over the whole sequence.
            let tolerance = golden.name.hasPrefix("qwen3_5") ? 0.4 : 0.12
            #expect(relativeError(found.gradients[name] ?? [], expected) < tolerance, "\(name)")
        }
    }

    @Test func batchesThatCannotBeComputedAreRefused() throws {
        let trainer = try GoldenTraining("llama_tiny").trainer()
        let bad: [TrainingBatch] = [
            .init(segments: []), .init(segments: [.init(tokens: [1, 2], lossWeights: [1])]),
            .init(segments: [.init(tokens: [1, 512], lossWeights: [0, 1])]),
            .init(segments: [.init(tokens: [1, -1], lossWeights: [0, 1])]),
            .init(segments: [.init(tokens: [1, 2], lossWeights: [0, .nan])]),
            .init(segments: [.init(tokens: [1, 2], lossWeights: [0, 1], parent: 0)]),
            .init(segments: [.init(tokens: [1, 2], lossWeights: [1, 0])]),
        ]
        for batch in bad { #expect(throws: TrainingError.self) { try trainer.step([batch]) } }
        #expect(trainer.stepsTaken == 0)
    }
}
