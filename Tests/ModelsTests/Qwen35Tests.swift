import Checkpoints
import Compute
import Foundation
import JSON
import Models
import Testing

@Suite struct Qwen35Tests {
    static let checkpoints = GoldenModel.fixtures.deletingLastPathComponent().appending(path: "checkpoints")

    static func load(
        _ directory: URL, _ change: (inout LoadingOptions) -> Void = { $0.dataType = .float32 }
    ) throws -> LoadedModel {
        var options = LoadingOptions()
        change(&options)
        return try LoadedModel(directory: directory, options: options, workers: WorkerPool(threads: 2))
    }

    @Test func thePublishedLayoutGivesTheSameBitsAsTheTextOnlyOne() throws {
        let golden = try GoldenModel("qwen3_5_tiny")
        let published = try Self.load(Self.checkpoints.appending(path: "qwen3_5_tiny_vl_layout"))
        let count = golden.inputs.count
        #expect(
            DirectRunner(published).logits(golden.inputs, chunks: [count])
                == DirectRunner(try golden.load()).logits(golden.inputs, chunks: [count]))
    }

    @Test func aModelOptCheckpointGivesTheReferenceLogits() throws {
        let directory = Self.checkpoints.appending(path: "qwen3_5_tiny_nvfp4")
        let reference = try SafetensorsFile(path: directory.appending(path: "reference_logits.safetensors").path)
        let inputs = try reference.tensor("input_ids").withUnsafeBytes { bytes in
            bytes.bindMemory(to: Int64.self).map { Int32($0) }
        }
        let expected = try reference.tensor("logits_w4a16_fp32").floats()
        let exact = DirectRunner(try Self.load(directory)).logits(inputs, chunks: [inputs.count])
        #expect(largestDifference(exact, expected) <= 5e-4)
        // As it is served: int8 inputs and state, in any chunks.
        let served = DirectRunner(try Self.load(directory) { _ in })
        let whole = served.logits(inputs, chunks: [inputs.count])
        #expect(relativeError(whole, expected) < 0.1)
        #expect(served.logits(inputs, chunks: [1, 64, 85]) == whole)
    }

    @Test func theStateAfterAPromptIsTheReferences() throws {
        let golden = try GoldenModel("qwen3_5_tiny")
        let runner = DirectRunner(try golden.load())
        let state = SequenceState(pool: runner.pool)
        _ = runner.logits(golden.inputs, chunks: [100, 50], state: state)
        let reference = try SafetensorsFile(path: golden.directory.appending(path: "reference.safetensors").path)
        let layer = Array(state.recurrentState(layer: 0))
        // [channels, last 4 inputs] there, the last 3 inputs [3, channels] here.
        let columns = try reference.tensor("cache.layer0.conv_state").floats()
        let expected = (1..<4).flatMap { tap in (0..<256).map { columns[$0 * 4 + tap] } }
        #expect(largestDifference(Array(layer.prefix(3 * 256)), expected) < 1e-5)
        // [heads, keyDim, valueDim] there, blocks of 16 columns here.
        let matrices = try reference.tensor("cache.layer0.recurrent_state").floats()
        let blocked = (0..<4 * 2 * 32 * 16).map { index in
            let (block, rest) = index.quotientAndRemainder(dividingBy: 32 * 16)
            return matrices[(block / 2 * 32 + rest / 16) * 32 + block % 2 * 16 + rest % 16]
        }
        #expect(largestDifference(Array(layer.dropFirst(3 * 256)), blocked) < 1e-5)
    }

    @Test(arguments: ["0.8b", "2b", "4b", "9b", "27b"])
    func publishedSizesAreDeclared(size: String) throws {
        let expected = ["0.8b": 752, "2b": 1882, "4b": 4206, "9b": 8954, "27b": 26896]
        let file = Self.checkpoints.appending(path: "configs/qwen3_5_\(size).json")
        let configuration = try ModelConfiguration(json: try JSONValue(parsing: Data(contentsOf: file)))
        let model = try ModelRegistry.model(for: configuration)
        #expect((model.parameters.elementCount + 500_000) / 1_000_000 == expected[size])
        #expect(model.attentionLayers.count * 4 == configuration.layerCount)
        #expect(model.recurrentLayers.count * 4 == configuration.layerCount * 3)
        #expect(model.parameters.norms[0].name == "model.language_model.layers.0.input_layernorm")
    }

    // MARK: Bad input

    private func configured(_ changes: (inout JSONObject) -> Void) throws -> ModelConfiguration {
        let file = GoldenModel.fixtures.appending(path: "qwen3_5_tiny/config.json")
        var object = try JSONValue(parsing: Data(contentsOf: file)).object ?? JSONObject()
        changes(&object)
        return try ModelConfiguration(json: .object(object))
    }

    @Test func layerTypesThatContradictTheIntervalAreRefused() throws {
        #expect(throws: CheckpointError.self) { _ = try configured { $0["full_attention_interval"] = 2 } }
        _ = try configured { $0["full_attention_interval"] = 4 }
    }

    @Test func theIntervalStandsInForLayerTypes() throws {
        let model = try ModelRegistry.model(for: try configured { $0["layer_types"] = nil })
        #expect(model.attentionLayers.count == 1 && model.recurrentLayers.count == 3)
    }

    @Test func sizesThatCannotBeAreRefused() throws {
        #expect(throws: CheckpointError.self) { _ = try configured { $0["linear_num_value_heads"] = 3 } }
        #expect(throws: CheckpointError.self) { _ = try configured { $0["linear_value_head_dim"] = 0 } }
        #expect(throws: CheckpointError.self) { _ = try configured { $0["linear_key_head_dim"] = .integer(1 << 29) } }
        let kernel = try configured { $0["linear_conv_kernel_dim"] = 100 }
        #expect(throws: ModelLoadingError.self) { _ = try ModelRegistry.model(for: kernel) }
        let ungated = try configured { $0["attn_output_gate"] = false }
        #expect(throws: ModelLoadingError.self) { _ = try ModelRegistry.model(for: ungated) }
        let types = try configured { $0["layer_types"] = ["full_attention", "x", "x", "x"] }
        #expect(throws: ModelLoadingError.self) { _ = try ModelRegistry.model(for: types) }
    }

    /// Heads of 24 features are heads of 32 whose last eight are zero, in everything but the norm over a head and the
    /// scale of scores.
    @Test func headsThatNoKernelIsMadeForGiveTheSameInAnyChunksAndFormats() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "annie-heads-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let configuration = try configured {
            $0["head_dim"] = 24
            $0["linear_key_head_dim"] = 20
            $0["linear_value_head_dim"] = 12
            $0["rope_parameters"] = ["rope_type": "default", "rope_theta": 10_000_000, "partial_rotary_factor": 0.25]
        }
        try Fabricator(configuration: configuration.json, format: .bfloat16).run(to: directory)
        let tokens = (0..<90).map { Int32($0 * 13 % 500) }
        let exact = DirectRunner(try Self.load(directory))
        let whole = exact.logits(tokens, chunks: [90])
        #expect(exact.logits(tokens, chunks: [1, 40, 49]) == whole)
        #expect(whole.allSatisfy { $0.isFinite } && Set(whole).count > 1000)
        for format in [StateLayout.AttentionFormat.bfloat16, .int8] {
            let stored = DirectRunner(
                try Self.load(directory) {
                    $0.dataType = .float32
                    $0.stateFormat = format
                })
            #expect(relativeError(stored.logits(tokens, chunks: [90]), whole) < 0.05)
        }
        let tooWide = try configured { $0["head_dim"] = 512 }
        try Fabricator(configuration: tooWide.json, format: .bfloat16).run(to: directory, overwrites: true)
        #expect(throws: ModelLoadingError.self) { _ = try Self.load(directory) }
    }

    @Test func unsharedScalesAreRefusedWithTheirNames() throws {
        let name = "model.layers.0.linear_attn.in_proj_z"
        let error = try damaged("qwen3_5_tiny_nvfp4") { tensors in
            tensors["\(name).weight_scale_2"] = (
                TensorDeclaration("\(name).weight_scale_2", .float32, []), [0, 0, 0, 62]
            )
        }
        #expect(error.contains(name) && error.contains("in_proj_qkv"))
    }

    @Test func missingAndExtraTensorsAreRefusedWithTheirNames() throws {
        let missing = try damaged("qwen3_5_tiny_vl_layout") {
            $0["model.language_model.layers.1.linear_attn.A_log"] = nil
        }
        #expect(missing.contains("model.language_model.layers.1.linear_attn.A_log"))
        let extra = try damaged("qwen3_5_tiny_vl_layout") {
            let name = "model.language_model.layers.4.mlp.up_proj.weight"
            $0[name] = (TensorDeclaration(name, .float32, [1]), [0, 0, 0, 0])
        }
        #expect(extra.contains("layers.4.mlp.up_proj"))
    }

    /// The message of loading a fixture with changed tensors.
    private func damaged(
        _ name: String, _ change: (inout [String: (TensorDeclaration, [UInt8])]) -> Void
    ) throws -> String {
        let source = Self.checkpoints.appending(path: name)
        let checkpoint = try Checkpoint(directory: source)
        var tensors: [String: (TensorDeclaration, [UInt8])] = [:]
        for name in checkpoint.names {
            let view = try checkpoint.tensor(name)
            tensors[name] = (TensorDeclaration(name, view.dataType, view.shape), view.withUnsafeBytes { Array($0) })
        }
        change(&tensors)
        let directory = FileManager.default.temporaryDirectory.appending(path: "annie-qwen35-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try FileManager.default.copyItem(
            at: source.appending(path: "config.json"), to: directory.appending(path: "config.json"))
        let writer = try SafetensorsWriter(
            url: directory.appending(path: "model.safetensors"), tensors: tensors.values.map(\.0))
        for (name, tensor) in tensors { try writer.append(tensor.1, to: name) }
        try writer.finish()
        do {
            _ = try Self.load(directory)
            Issue.record("nothing was thrown")
            return ""
        } catch { return "\(error)" }
    }
}

extension ParameterTable {
    /// Values of all tensors, a head that is the embedding counted once.
    fileprivate var elementCount: Int {
        let matrices = linears.reduce(0) { sum, linear in
            sum + linear.parts.reduce(0) { $0 + ($1.name == embedding?.name ? 0 : $1.rows * linear.columns) }
        }
        let vectors = norms.reduce(0) { $0 + $1.columns } + arrays.reduce(0) { $0 + $1.shape.reduce(1, *) }
        return matrices + vectors + (embedding.map { $0.rows * $0.columns } ?? 0)
    }
}
