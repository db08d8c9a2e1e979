import Checkpoints
import Compute
import Foundation
import JSON
import Models
import Testing

/// The head for further tokens against a twin: a model of the head's one layer, whose embeddings are what plain loops
/// make of the states and tokens.
@Suite struct DraftHeadTests {
    private static let tokens = (0..<40).map { Int32(($0 * 37 + 11) % 500) }

    private static func configuration(_ change: (inout JSONObject) -> Void) throws -> JSONValue {
        let file = GoldenModel.fixtures.appending(path: "qwen3_5_tiny/config.json")
        var object = try JSONValue(parsing: Data(contentsOf: file)).object ?? JSONObject()
        change(&object)
        return .object(object)
    }

    private func load(_ directory: URL, drafts: Bool) throws -> LoadedModel {
        try Qwen35Tests.load(directory) {
            $0.dataType = .float32
            $0.readsDraftHead = drafts
        }
    }

    private func normalized(_ row: [Float], _ weight: [Float]) -> [Float] {
        let meanSquare = row.reduce(0) { $0 + Double($1) * Double($1) } / Double(row.count)
        let inverse = 1 / (meanSquare + 1e-6).squareRoot()
        return zip(row, weight).map { Float(Double($0) * inverse * (1 + Double($1))) }
    }

    /// `fc(cat(norm(embedding of the next token), norm(state)))` for each position.
    private func joined(_ checkpoint: Checkpoint, states: [[Float]], next: [Int32]) throws -> [[Float]] {
        let width = states[0].count
        let embedding = try checkpoint.tensor("model.embed_tokens.weight").floats()
        let tokenNorm = try checkpoint.tensor("mtp.pre_fc_norm_embedding.weight").floats()
        let stateNorm = try checkpoint.tensor("mtp.pre_fc_norm_hidden.weight").floats()
        let join = try checkpoint.tensor("mtp.fc.weight").floats()
        return zip(states, next).map { state, token in
            let row = Array(embedding[Int(token) * width..<(Int(token) + 1) * width])
            let input = normalized(row, tokenNorm) + normalized(state, stateNorm)
            return (0..<width).map { output in
                let weights = join[output * 2 * width..<(output + 1) * 2 * width]
                return Float(zip(weights, input).reduce(0) { $0 + Double($1.0) * Double($1.1) })
            }
        }
    }

    private func writeTwin(of checkpoint: Checkpoint, embeddings: [[Float]], to directory: URL) throws {
        let configuration = try Self.configuration {
            $0["num_hidden_layers"] = 1
            $0["layer_types"] = ["full_attention"]
            $0["tie_word_embeddings"] = false
        }
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try (configuration.text(.pretty)).write(
            to: directory.appending(path: "config.json"), atomically: true, encoding: .utf8)
        var tensors: [(name: String, shape: [Int], values: [Float])] = []
        for name in checkpoint.names where name.hasPrefix("mtp.layers.0.") || name == "mtp.norm.weight" {
            let tensor = try checkpoint.tensor(name)
            tensors.append(("model." + name.dropFirst(4), tensor.shape, try tensor.floats()))
        }
        let head = try checkpoint.tensor("lm_head.weight")
        tensors.append(("lm_head.weight", head.shape, try head.floats()))
        let (rows, columns) = (head.shape[0], head.shape[1])
        var table = [Float](repeating: 0, count: rows * columns)
        for (row, values) in embeddings.enumerated() {
            table.replaceSubrange(row * columns..<(row + 1) * columns, with: values)
        }
        tensors.append(("model.embed_tokens.weight", [rows, columns], table))
        let writer = try SafetensorsWriter(
            url: directory.appending(path: "model.safetensors"),
            tensors: tensors.map { TensorDeclaration($0.name, .float32, $0.shape) })
        for tensor in tensors { try tensor.values.withUnsafeBytes { try writer.append($0, to: tensor.name) } }
        try writer.finish()
    }

    @Test func itsGuessesAreThoseOfATwinMadeOfPlainLoopsAndOneLayer() throws {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "annie-draft-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        let directory = scratch.appending(path: "model")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        try Fabricator(
            configuration: Self.configuration { $0["mtp_num_hidden_layers"] = 1 }, format: .bfloat16
        ).run(to: directory)
        let model = try load(directory, drafts: true)
        let drafting = try #require(model.definition as? any DraftingModel)
        #expect(drafting.hasDraftHead)
        let runner = DirectRunner(model)
        let state = SequenceState(pool: runner.pool)
        let count = Self.tokens.count
        #expect(state.reserve(count + 1))
        var batch = Batch()
        batch.append(Self.tokens, at: 0, output: .all)
        let states = runner.executor.run(batch, states: [state]) { drafting.states(on: $0) }
        // In two pieces, as a reply grows: the second sees the first through the head's own keys and values.
        var found: [Float] = []
        for range in [0..<25, 25..<count - 1] {
            var next = Batch()
            next.append(Self.tokens[range.lowerBound + 1...range.upperBound], at: range.lowerBound, output: .all)
            let rows = range.flatMap { Array(states.row($0)) }
            let guessed = runner.executor.run(next, states: [state], advances: false) { executor in
                let drafted = drafting.draftStates(
                    after: executor.tensor(rows, rows: range.count), on: executor)
                return drafting.logits(of: drafted, on: executor)
            }
            for row in 0..<guessed.rows { found += Array(guessed.row(row)) }
        }
        #expect(state.length == count)

        let checkpoint = try Checkpoint(directory: directory)
        let rows = (0..<count - 1).map { Array(states.row($0)) }
        let twin = scratch.appending(path: "twin")
        try writeTwin(
            of: checkpoint, embeddings: try joined(checkpoint, states: rows, next: Array(Self.tokens.dropFirst())),
            to: twin)
        let expected = DirectRunner(try load(twin, drafts: false)).logits(
            (0..<Int32(count - 1)).map { $0 }, chunks: [count - 1])
        #expect(largestDifference(found, expected) < 5e-4)
    }

    @Test func aModelThatIsNotAskedForItKeepsNothingForIt() throws {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "annie-draft-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        try Fabricator(
            configuration: Self.configuration { $0["mtp_num_hidden_layers"] = 1 }, format: .nvfp4
        ).run(to: scratch)
        #expect(try Inspector(directory: scratch).inspect().problems == [])
        let plain = try load(scratch, drafts: false), drafting = try load(scratch, drafts: true)
        #expect(drafting.definition.attentionLayers.count == plain.definition.attentionLayers.count + 1)
        // In bf16 beside NVFP4 layers, as Model Optimizer leaves it.
        #expect(try Checkpoint(directory: scratch).tensor("mtp.fc.weight").dataType == .bfloat16)
    }
}
