import Checkpoints
import Foundation
import JSON
import Testing

@Suite("Exporting GGUF models") struct GGUFExporterTests {
    private let temporary: TemporaryDirectory

    init() throws { temporary = try TemporaryDirectory() }

    private func export(
        _ directory: URL, _ format: GGUFExporter.DenseFormat = .bfloat16
    ) throws -> GGUFFile {
        let file = temporary.url.appending(path: "model.gguf")
        var tokenizer = GGUFMetadata()
        tokenizer["tokenizer.ggml.model"] = .string("gpt2")
        try GGUFExporter(directory: directory, denseFormat: format).write(to: file, tokenizer: tokenizer)
        return try GGUFFile(contentsOf: file)
    }

    /// The fixture imported from GGUF, which is a complete checkpoint whose values are exact in bf16.
    private func checkpoint(_ architecture: String) throws -> URL {
        let directory = temporary.url.appending(path: architecture)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try GGUFImporter(contentsOf: ggufFixture("tiny_\(architecture).gguf")).write(to: directory)
        return directory
    }

    @Test("what gguf-py wrote comes back, imported and exported", arguments: ["llama", "qwen2", "qwen3"])
    func roundTrip(architecture: String) throws {
        let original = try GGUFFile(contentsOf: ggufFixture("tiny_\(architecture).gguf"))
        let exported = try export(checkpoint(architecture))
        #expect(Set(exported.tensors.map(\.name)) == Set(original.tensors.map(\.name)))
        for tensor in original.tensors {
            let other = try #require(exported.tensor(named: tensor.name))
            #expect(other.shape == tensor.shape)
            #expect(other.type == (tensor.shape.count == 1 ? .f32 : .bf16))
            #expect(try exported.float32(other) == original.float32(tensor), "\(tensor.name)")
        }
        #expect(try GGUFHyperparameters(exported) == GGUFHyperparameters(original))
        #expect(exported.metadata["tokenizer.ggml.model"] == .string("gpt2"))
    }

    /// A checkpoint of one layer whose linears are NVFP4, in ModelOpt's layout, made of arbitrary codes.
    private func nvfp4Checkpoint() throws -> URL {
        let directory = temporary.url.appending(path: "nvfp4")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let (hidden, inner, vocabulary) = (64, 128, 8)
        let config: JSONValue = [
            "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": .integer(hidden),
            "intermediate_size": .integer(inner), "num_hidden_layers": 1, "num_attention_heads": 4,
            "num_key_value_heads": 2, "vocab_size": .integer(vocabulary), "rms_norm_eps": 1e-5,
            "max_position_embeddings": 64, "tie_word_embeddings": true,
        ]
        try Data(config.text(.compact).utf8).write(to: directory.appending(path: "config.json"))
        let layer = "model.layers.0."
        let linears = [
            ("self_attn.q_proj", hidden, hidden), ("self_attn.k_proj", hidden / 2, hidden),
            ("self_attn.v_proj", hidden / 2, hidden), ("self_attn.o_proj", hidden, hidden),
            ("mlp.gate_proj", inner, hidden), ("mlp.up_proj", inner, hidden), ("mlp.down_proj", hidden, inner),
        ]
        var declarations = [
            TensorDeclaration("model.embed_tokens.weight", .bfloat16, [vocabulary, hidden]),
            TensorDeclaration("model.norm.weight", .bfloat16, [hidden]),
            TensorDeclaration(layer + "input_layernorm.weight", .bfloat16, [hidden]),
            TensorDeclaration(layer + "post_attention_layernorm.weight", .bfloat16, [hidden]),
        ]
        for (name, rows, columns) in linears {
            declarations += [
                TensorDeclaration(layer + name + ".weight", .uint8, [rows, columns / 2]),
                TensorDeclaration(layer + name + ".weight_scale", .float8E4M3, [rows, columns / 16]),
                TensorDeclaration(layer + name + ".weight_scale_2", .float32, []),
            ]
        }
        let writer = try SafetensorsWriter(url: directory.appending(path: "model.safetensors"), tensors: declarations)
        var generator = SeededGenerator(seed: 5)
        for tensor in declarations {
            try writer.append(bytes(of: tensor, &generator), to: tensor.name)
        }
        try writer.finish()
        return directory
    }

    private func bytes(of tensor: TensorDeclaration, _ generator: inout SeededGenerator) -> [UInt8] {
        switch tensor.dataType {
        case .float32: return withUnsafeBytes(of: Float.random(in: 0.01...0.1, using: &generator), Array.init)
        case .float8E4M3:
            return (0..<tensor.byteCount).map { _ in UInt8.random(in: 0...0x7E, using: &generator) }
        case .bfloat16: return (0..<tensor.byteCount).map { $0 % 2 == 0 ? UInt8($0 & 0xFF) : 0x3F }
        default: return (0..<tensor.byteCount).map { _ in UInt8.random(in: 0...0xFF, using: &generator) }
        }
    }

    @Test("NVFP4 weights decode to the checkpoint's own values, with the second scale in a sidecar")
    func exportsNVFP4() throws {
        let directory = try nvfp4Checkpoint()
        let exported = try export(directory)
        let checkpoint = try Checkpoint(directory: directory)
        for (gguf, module, rows, columns) in [
            ("attn_v", "self_attn.v_proj", 32, 64), ("attn_output", "self_attn.o_proj", 64, 64),
            ("ffn_up", "mlp.up_proj", 128, 64), ("ffn_down", "mlp.down_proj", 64, 128),
        ] {
            let tensor = try #require(exported.tensor(named: "blk.0.\(gguf).weight"))
            #expect(tensor.type == .nvfp4)
            let expected = try checkpoint.linear("model.layers.0.\(module)", rows: rows, columns: columns).floats()
            #expect(try exported.float32(tensor) == expected, "\(gguf)")
            #expect(exported.tensor(named: "blk.0.\(gguf).scale")?.shape == [1])
        }
        #expect(exported.metadata["general.file_type"] == .uint32(39))
    }

    @Test("NVFP4 q and k rows of llama are stored for rotation of neighbours")
    func permutesNVFP4() throws {
        let directory = try nvfp4Checkpoint()
        let exported = try export(directory)
        let checkpoint = try Checkpoint(directory: directory)
        for (gguf, module, rows) in [("attn_q", "q_proj", 64), ("attn_k", "k_proj", 32)] {
            let stored = try exported.float32(#require(exported.tensor(named: "blk.0.\(gguf).weight")))
            let values = try checkpoint.linear("model.layers.0.self_attn.\(module)", rows: rows, columns: 64).floats()
            // Heads of 16: row i of the first half is stored at 2i, row i of the second at 2i + 1.
            for row in 0..<rows {
                let (head, dimension) = row.quotientAndRemainder(dividingBy: 16)
                let position = head * 16 + dimension % 8 * 2 + dimension / 8
                #expect(stored[position * 64..<position * 64 + 64] == values[row * 64..<row * 64 + 64])
            }
        }
    }

    @Test("Q8_0 is encoded to ggml's own bytes")
    func encodesQ8() throws {
        let file = try GGUFFile(contentsOf: ggufFixture("blocks.gguf"))
        let values = try file.float32(#require(file.tensor(named: "values.f32.weight")))
        let expected = try file.withBytes(of: #require(file.tensor(named: "values.q8_0.weight"))) { Array($0) }
        #expect(GGUFEncoding.q8_0(values) == expected)
    }

    @Test("the embedding can be written in Q8_0 beside NVFP4 linears")
    func writesQ8Embedding() throws {
        let exported = try export(nvfp4Checkpoint(), .q8_0)
        #expect(exported.tensor(named: "token_embd.weight")?.type == .q8_0)
        #expect(exported.tensor(named: "blk.0.ffn_up.weight")?.type == .nvfp4)
        #expect(exported.tensor(named: "output.weight") == nil)
    }

    @Test("Llama 3's stretched frequencies go out and come back")
    func keepsLlama3Scaling() throws {
        let directory = try checkpoint("llama")
        let file = directory.appending(path: "config.json")
        var config = try #require(JSONValue(parsing: Data(contentsOf: file)).object)
        // With heads of 4 the slower of two frequencies must be slow enough to be stretched in full.
        config["rope_theta"] = 50_000_000
        config["rope_scaling"] = [
            "rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
            "original_max_position_embeddings": 8192,
        ]
        try Data(JSONValue.object(config).text(.compact).utf8).write(to: file)
        let exported = try export(directory)
        #expect(exported.tensor(named: "rope_freqs.weight")?.shape == [2])
        #expect(try GGUFHyperparameters(exported).ropeScaling == .llama3(factor: 32, originalContext: 8192))
    }

    @Test("an architecture that GGUF export does not know is refused before a file is made")
    func refusesUnknownArchitecture() throws {
        let directory = try checkpoint("llama")
        let file = directory.appending(path: "config.json")
        let text = try String(contentsOf: file, encoding: .utf8).replacing("\"llama\"", with: "\"mamba\"")
        try Data(text.utf8).write(to: file)
        #expect(throws: GGUFError.unsupportedArchitecture("mamba")) { try export(directory) }
        #expect(!FileManager.default.fileExists(atPath: temporary.url.appending(path: "model.gguf").path))
    }
}
