import CKernels
import Compute
import Models
import Testing

@Suite struct GoldenModelTests {
    @Test(arguments: GoldenModel.names)
    func fp32LogitsMatchTheReference(name: String) throws {
        let golden = try GoldenModel(name)
        let logits = DirectRunner(try golden.load()).logits(golden.inputs, chunks: [golden.inputs.count])
        #expect(largestDifference(logits, golden.logits) <= 5e-4)
    }

    @Test(arguments: GoldenModel.names)
    func stepwiseDecodeGivesTheSameBitsAsPrefill(name: String) throws {
        let golden = try GoldenModel(name)
        let runner = DirectRunner(try golden.load())
        let whole = runner.logits(golden.inputs, chunks: [golden.inputs.count])
        let steps = runner.logits(golden.inputs, chunks: Array(repeating: 1, count: golden.inputs.count))
        #expect(whole == steps)
    }

    @Test(arguments: GoldenModel.names, [LoadingOptions.DataType.float32, .bfloat16])
    func chunksOfAnySizeGiveTheSameBits(name: String, type: LoadingOptions.DataType) throws {
        let golden = try GoldenModel(name)
        let runner = DirectRunner(try golden.load { $0.dataType = type })
        let whole = runner.logits(golden.inputs, chunks: [golden.inputs.count])
        for chunks in [[70, 1, 79], [64, 64, 22], [1, 149], [33, 33, 33, 33, 18]] {
            #expect(runner.logits(golden.inputs, chunks: chunks) == whole, "chunks \(chunks)")
        }
    }

    @Test(arguments: GoldenModel.names)
    func bf16LogitsAreCloseToTheReference(name: String) throws {
        let golden = try GoldenModel(name)
        let logits = DirectRunner(try golden.load { $0.dataType = .bfloat16 })
            .logits(golden.inputs, chunks: [golden.inputs.count])
        #expect(relativeError(logits, golden.logits) < 0.03)
    }

    @Test(arguments: GoldenModel.names)
    func chunksOfAnySizeGiveTheSameBitsWithInt8State(name: String) throws {
        let golden = try GoldenModel(name)
        let runner = DirectRunner(
            try golden.load {
                $0.dataType = .bfloat16
                $0.stateFormat = .int8
            })
        let whole = runner.logits(golden.inputs, chunks: [golden.inputs.count])
        let steps = Array(repeating: 1, count: golden.inputs.count)
        for chunks in [[70, 1, 79], [64, 64, 22], [1, 149], steps] {
            #expect(runner.logits(golden.inputs, chunks: chunks) == whole, "chunks \(chunks)")
        }
    }

    @Test(arguments: GoldenModel.names)
    func int8StateIsCloseToBf16State(name: String) throws {
        let golden = try GoldenModel(name)
        let logits = try [StateLayout.AttentionFormat.bfloat16, .int8].map { format in
            let model = try golden.load {
                $0.dataType = .bfloat16
                $0.stateFormat = format
            }
            return DirectRunner(model).logits(golden.inputs, chunks: [golden.inputs.count])
        }
        #expect(logits[0] != logits[1])
        #expect(relativeError(logits[1], logits[0]) < 0.05)
    }

    @Test func rowsOfOtherSequencesInTheBatchChangeNothing() throws {
        let golden = try GoldenModel("llama_tiny")
        let runner = DirectRunner(try golden.load { $0.dataType = .bfloat16 })
        let alone = runner.logits(Array(golden.inputs.prefix(50)), chunks: [50])
        let states = (0..<3).map { _ in SequenceState(pool: runner.pool) }
        var batch = Batch()
        for (state, count) in zip(states, [20, 50, 7]) {
            #expect(state.reserve(count))
            batch.append(golden.inputs.prefix(count), at: 0, output: .all)
        }
        let output = runner.executor.run(batch, states: states) { runner.model.definition.logits(on: $0) }
        let together = (20..<70).flatMap { Array(output.row($0)) }
        #expect(together == alone)
    }

    @Test func aForkGoesOnAsIfItHadReadItsPrefixItself() throws {
        let golden = try GoldenModel("qwen3_tiny")
        let runner = DirectRunner(try golden.load())
        let state = SequenceState(pool: runner.pool)
        _ = runner.logits(golden.inputs, chunks: [150], state: state)
        let whole = runner.logits(golden.inputs, chunks: [150])
        for length in [1, 63, 64, 65, 100, 149] {
            let fork = state.fork(at: length)
            let rest = runner.logits(Array(golden.inputs[length...]), chunks: [150 - length], state: fork)
            #expect(rest == Array(whole[(length * 512)...]), "fork at \(length)")
        }
        // The origin was shared, not changed.
        let next = runner.logits([5], chunks: [1], state: state)
        #expect(next == Array(runner.logits(golden.inputs + [5], chunks: [151]).suffix(512)))
    }
}
