import Compute
import Models
import Testing

/// What is computed of the last layer depends on which rows' logits are wanted; what comes out for them does not.
@Suite struct OutputRowsTests {
    private static let formats = [StateLayout.AttentionFormat.float32, .bfloat16, .int8]

    @Test(arguments: GoldenModel.names, formats)
    func aRowsLogitsAreTheSameBitsWhicheverOthersAreWanted(
        name: String, format: StateLayout.AttentionFormat
    ) throws {
        let golden = try GoldenModel(name)
        let runner = DirectRunner(try golden.load { $0.stateFormat = format })
        let tokens = Array(golden.inputs.prefix(100))
        let all = runner.logits(tokens, chunks: [tokens.count])
        let width = all.count / tokens.count

        // Three sequences at once: one that is read on without logits, one for its last row, one for all.
        let counts = [tokens.count - 1, tokens.count, 37]
        let outputs: [Batch.Output] = [.none, .last, .all]
        let states = counts.map { _ in SequenceState(pool: runner.pool) }
        let logits = run(runner, states, counts.map { tokens.prefix($0) }, outputs)
        #expect(logits.count == (1 + 37) * width)
        #expect(Array(logits.prefix(width)) == Array(all.suffix(width)))
        #expect(Array(logits.dropFirst(width)) == Array(all.prefix(37 * width)))

        // What was read without logits is there for what comes behind it.
        let next = run(runner, [states[0]], [tokens.suffix(1)], [.last])
        #expect(next == Array(all.suffix(width)))
    }

    private func run(
        _ runner: DirectRunner, _ states: [SequenceState], _ tokens: [ArraySlice<Int32>], _ outputs: [Batch.Output]
    ) -> [Float] {
        var batch = Batch()
        for (index, state) in states.enumerated() {
            #expect(state.reserve(tokens[index].count))
            batch.append(tokens[index], at: state.length, output: outputs[index])
        }
        let logits = runner.executor.run(batch, states: states) { runner.model.definition.logits(on: $0) }
        return (0..<logits.rows).flatMap { Array(logits.row($0)) }
    }
}
