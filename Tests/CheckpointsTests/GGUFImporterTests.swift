import Checkpoints
import Foundation
import JSON
import Testing

@Suite("Importing GGUF models") struct GGUFImporterTests {
    /// Imports a fixture and opens the result.
    private func imported(_ name: String, shardBytes: Int = GGUFImporter.defaultShardBytes) throws -> Imported {
        let directory = FileManager.default.temporaryDirectory.appending(path: "annie-import-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try GGUFImporter(contentsOf: ggufFixture(name)).write(to: directory, shardBytes: shardBytes)
        return Imported(directory: directory)
    }

    /// A checkpoint that is deleted with this value.
    private final class Imported {
        let directory: URL
        init(directory: URL) { self.directory = directory }
        deinit { try? FileManager.default.removeItem(at: directory) }

        func checkpoint() throws -> Checkpoint { try Checkpoint(directory: directory) }
        func json(_ name: String) throws -> JSONValue {
            try JSONValue(parsing: Data(contentsOf: directory.appending(path: name)))
        }
    }

    /// The values the fixtures were made of, in the order of their Hugging Face rows, exact in bf16.
    private func expected(_ shape: [Int], index: Int) -> [Float] {
        let columns = shape.count > 1 ? shape[1] : 1
        return (0..<shape.reduce(1, *)).map { Float(($0 / columns * 7 + $0 % columns * 3 + index * 11) % 251) }
    }

    @Test(
        "every weight arrives in its place, q and k rows of llama back in halves order",
        arguments: ["llama", "qwen2", "qwen3"])
    func placesWeights(architecture: String) throws {
        let result = try imported("tiny_\(architecture).gguf")
        let checkpoint = try result.checkpoint()
        let names = try #require(GGUFArchitectureFixture.names[architecture])
        #expect(Set(checkpoint.names) == Set(names))
        for (index, name) in names.enumerated() {
            let tensor = try checkpoint.tensor(name)
            #expect(tensor.dataType == .bfloat16)
            #expect(try tensor.floats() == expected(tensor.shape, index: index), "\(name)")
        }
    }

    @Test("the configuration says what the metadata say")
    func writesConfiguration() throws {
        let llama = try imported("tiny_llama.gguf").json("config.json")
        #expect(llama["architectures"] == ["LlamaForCausalLM"])
        #expect(llama["model_type"] == "llama")
        #expect(llama["rms_norm_eps"] == .number(1e-5))
        #expect(llama["rope_theta"]?.double == 50000)
        #expect(llama["head_dim"] == 4)
        #expect(llama["tie_word_embeddings"] == true)
        #expect(llama["eos_token_id"] == 2)
        #expect(llama["max_position_embeddings"] == 128)
        let qwen3 = try imported("tiny_qwen3.gguf").json("config.json")
        #expect(qwen3["head_dim"] == 16)
        #expect(qwen3["num_key_value_heads"] == 1)
        #expect(try imported("tiny_qwen2.gguf").json("config.json")["tie_word_embeddings"] == false)
    }

    @Test("our own reader accepts the configuration", arguments: ["llama", "qwen2", "qwen3"])
    func configurationIsReadable(architecture: String) throws {
        let result = try imported("tiny_\(architecture).gguf")
        let configuration = try ModelConfiguration(directory: result.directory)
        #expect(configuration.modelType == architecture)
        #expect(configuration.vocabularySize == 264)
    }

    @Test("generation stops at every end-of-turn token")
    func writesStops() throws {
        let json = try imported("tiny_llama.gguf").json("generation_config.json")
        #expect(json["eos_token_id"] == [2, 0])
        #expect(json["bos_token_id"] == 1)
    }

    @Test("a large model is sharded, with an index that finds every tensor")
    func shards() throws {
        let whole = try imported("tiny_llama.gguf").checkpoint()
        let result = try imported("tiny_llama.gguf", shardBytes: 3000)
        let sharded = try result.checkpoint()
        #expect(sharded.files.count > 3)
        #expect(sharded.names == whole.names)
        for name in whole.names { #expect(try sharded.tensor(name).floats() == whole.tensor(name).floats()) }
        let files = try FileManager.default.contentsOfDirectory(atPath: result.directory.path)
        #expect(files.contains("model-00001-of-0000\(sharded.files.count).safetensors"))
    }

    @Test("an unknown architecture is refused with the known ones")
    func refusesUnknownArchitecture() throws {
        var bytes = GGUFBytes(keys: 1)
        bytes.appendKey("general.architecture", type: 8)
        bytes.append("mamba")
        let file = try TemporaryFile(bytes.bytes)
        let error = #expect(throws: GGUFError.self) {
            try withExtendedLifetime(file) { try GGUFImporter(contentsOf: file.url) }
        }
        #expect("\(try #require(error))".contains("'mamba' is not supported; supported are llama, qwen2, qwen3"))
    }

    @Test("a file without a tensor its metadata promise is refused by the tensor's name")
    func refusesMissingTensor() throws {
        var bytes = [UInt8](try Data(contentsOf: ggufFixture("tiny_llama.gguf")))
        let name = Array("blk.1.ffn_up.weight".utf8)
        let position = try #require(
            (0..<bytes.count - name.count).first { bytes[$0..<$0 + name.count].elementsEqual(name) })
        bytes[position] = UInt8(ascii: "x")
        let file = try TemporaryFile(bytes)
        #expect(throws: GGUFError.missingTensor("blk.1.ffn_up.weight")) {
            try withExtendedLifetime(file) { try GGUFImporter(contentsOf: file.url) }
        }
    }

    private static let smolLM2 = FileManager.default.homeDirectoryForCurrentUser
        .appending(path: ".cache/annie/wheels/SmolLM2-135M-Instruct.Q4_1.gguf")

    @Test(
        "SmolLM2's weights are the Q4_1 values rounded to bf16",
        .enabled(if: FileManager.default.fileExists(atPath: smolLM2.path)))
    func importsSmolLM2() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "annie-import-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let importer = try GGUFImporter(contentsOf: Self.smolLM2)
        try importer.write(to: directory)
        let checkpoint = try Checkpoint(directory: directory)
        #expect(checkpoint.names.count == 272)
        let source = try importer.file.float32(#require(importer.file.tensor(named: "blk.7.attn_q.weight")))
        let imported = try checkpoint.tensor("model.layers.7.self_attn.q_proj.weight").floats()
        let wrong = (0..<576).filter { row in
            let (head, dimension) = row.quotientAndRemainder(dividingBy: 64)
            let stored = head * 64 + dimension % 32 * 2 + dimension / 32
            return (0..<576).contains { column in
                let (exact, rounded) = (source[stored * 576 + column], imported[row * 576 + column])
                return abs(exact - rounded) > exact.magnitude / 256
            }
        }
        #expect(wrong == [])
    }
}

/// The Hugging Face names of the fixtures' tensors, in the order in which their values were made.
private enum GGUFArchitectureFixture {
    static let names: [String: [String]] = [
        "llama": names(attention: [], tied: true),
        "qwen2": names(attention: ["q_proj.bias", "k_proj.bias", "v_proj.bias"], tied: false),
        "qwen3": names(attention: ["q_norm.weight", "k_norm.weight"], tied: true),
    ]

    private static func names(attention: [String], tied: Bool) -> [String] {
        var names = ["model.embed_tokens.weight"]
        for layer in 0..<2 {
            let attention = ["q_proj.weight", "k_proj.weight", "v_proj.weight"] + attention + ["o_proj.weight"]
            let parts =
                ["input_layernorm.weight"] + attention.map { "self_attn." + $0 } + ["post_attention_layernorm.weight"]
                + ["gate_proj", "up_proj", "down_proj"].map { "mlp.\($0).weight" }
            names += parts.map { "model.layers.\(layer).\($0)" }
        }
        return names + ["model.norm.weight"] + (tied ? [] : ["lm_head.weight"])
    }
}
