import Checkpoints
import Foundation
import JSON
import Testing

@Suite("Importing hybrid GGUF models") struct GGUFHybridTests {
    /// Imports the tiny Qwen3.5 model, which was written in llama.cpp's order from the golden one.
    private func withImported(_ body: (URL) throws -> Void) throws {
        let directory = try TemporaryDirectory()
        try GGUFImporter(contentsOf: ggufFixture("tiny_qwen35.gguf")).write(to: directory.url)
        try body(directory.url)
    }

    @Test("every weight is the golden model's, value heads and norms turned back")
    func placesWeights() throws {
        try withImported { directory in
            let golden = try Checkpoint(directory: Fixtures.model("qwen3_5_tiny"))
            let imported = try Checkpoint(directory: directory)
            #expect(imported.names == golden.names)
            for name in golden.names {
                let (found, expected) = (try imported.tensor(name), try golden.tensor(name))
                #expect(found.shape == expected.shape, "\(name)")
                let isExact = name.hasSuffix("A_log") || name.hasSuffix("linear_attn.norm.weight")
                #expect(found.dataType == (isExact ? .float32 : .bfloat16), "\(name)")
                // bf16 keeps eight bits.
                let pairs = zip(try found.floats(), try expected.floats())
                #expect(pairs.allSatisfy { abs($0 - $1) <= 0.006 * abs($1) + 1e-6 }, "\(name)")
            }
        }
    }

    @Test("the configuration is the golden model's in what computes")
    func writesConfiguration() throws {
        try withImported { directory in
            let golden = try ModelConfiguration(directory: Fixtures.model("qwen3_5_tiny"))
            let imported = try ModelConfiguration(directory: directory)
            #expect(imported.modelType == golden.modelType && imported.architectures == golden.architectures)
            #expect(imported.headSize == golden.headSize && imported.tiesEmbeddings == golden.tiesEmbeddings)
            #expect(imported.rotary.base == golden.rotary.base)
            #expect(imported.rotary.rotaryDimensions == golden.rotary.rotaryDimensions)
            #expect(imported.linearAttention?.keyWidth == golden.linearAttention?.keyWidth)
            #expect(imported.linearAttention?.valueHeadCount == golden.linearAttention?.valueHeadCount)
            #expect(imported.linearAttention?.fullAttentionInterval == 4)
            #expect(try Inspector(directory: directory).inspect().problems == [])
        }
    }
}

@Suite("Exporting hybrid GGUF models") struct GGUFHybridExportTests {
    private let temporary: TemporaryDirectory

    init() throws { temporary = try TemporaryDirectory() }

    private func export(_ directory: URL) throws -> GGUFFile {
        let file = temporary.url.appending(path: "model.gguf")
        var tokenizer = GGUFMetadata()
        tokenizer["tokenizer.ggml.model"] = .string("gpt2")
        try GGUFExporter(directory: directory).write(to: file, tokenizer: tokenizer)
        return try GGUFFile(contentsOf: file)
    }

    @Test("the golden model becomes the file that was written for llama.cpp")
    func writesWhatGgufPyWrote() throws {
        let original = try GGUFFile(contentsOf: ggufFixture("tiny_qwen35.gguf"))
        let exported = try export(Fixtures.model("qwen3_5_tiny"))
        #expect(Set(exported.tensors.map(\.name)) == Set(original.tensors.map(\.name)))
        for tensor in original.tensors {
            let other = try #require(exported.tensor(named: tensor.name))
            #expect(other.shape == tensor.shape, "\(tensor.name)")
            #expect((other.type == .f32) == (tensor.type == .f32), "\(tensor.name)")
            // The matrices are bf16 here and halves there.
            let tolerance: Float = tensor.type == .f32 ? 1e-6 : 0.005
            let pairs = zip(try exported.float32(other), try original.float32(tensor))
            #expect(pairs.allSatisfy { abs($0 - $1) <= tolerance * abs($1) + 1e-6 }, "\(tensor.name)")
        }
        #expect(try GGUFHyperparameters(exported) == GGUFHyperparameters(original))
        for key in original.metadata.keys where key.hasPrefix("qwen35.") {
            #expect(exported.metadata[key] == original.metadata[key], "\(key)")
        }
    }

    @Test("a checkpoint that sees gives the same file as the decoder alone")
    func exportsThePublishedLayout() throws {
        let alone = try export(Fixtures.model("qwen3_5_tiny"))
        let tensors = try alone.tensors.map { ($0.name, try alone.float32($0)) }
        let published = try export(Fixtures.root.appending(path: "checkpoints/qwen3_5_tiny_vl_layout"))
        #expect(published.tensors.map(\.name) == tensors.map(\.0))
        for (name, values) in tensors {
            #expect(try published.float32(#require(published.tensor(named: name))) == values, "\(name)")
        }
    }

    @Test("NVFP4 weights keep their values, value heads in llama.cpp's order by rows and by columns")
    func exportsNVFP4() throws {
        let directory = Fixtures.root.appending(path: "checkpoints/qwen3_5_tiny_nvfp4")
        let checkpoint = try Checkpoint(directory: directory)
        let exported = try export(directory)
        // Two key heads, four value heads of 32: 0, 2, 1, 3.
        let heads = [0, 2, 1, 3].flatMap { head in (0..<32).map { head * 32 + $0 } }
        func compare(_ gguf: String, _ module: String, _ rows: [Int], _ columns: [Int]) throws {
            let tensor = try #require(exported.tensor(named: "blk.0.\(gguf).weight"))
            #expect(tensor.type == .nvfp4, "\(gguf)")
            let values = try checkpoint.linear(
                "model.layers.0.\(module)", rows: rows.count, columns: columns.count
            ).floats()
            let expected = rows.flatMap { row in columns.map { values[row * columns.count + $0] } }
            #expect(try exported.float32(tensor) == expected, "\(gguf)")
            #expect(exported.tensor(named: "blk.0.\(gguf).scale")?.shape == [1])
        }
        try compare("attn_qkv", "linear_attn.in_proj_qkv", Array(0..<128) + heads.map { 128 + $0 }, Array(0..<64))
        try compare("attn_gate", "linear_attn.in_proj_z", heads, Array(0..<64))
        try compare("ssm_out", "linear_attn.out_proj", Array(0..<64), heads)
        try compare("ffn_down", "mlp.down_proj", Array(0..<64), Array(0..<128))
    }

    @Test("what llama.cpp's architecture cannot hold is refused before a file is made")
    func refusesUnequalHeads() throws {
        let directory = temporary.url.appending(path: "unequal")
        try FileManager.default.copyItem(at: Fixtures.model("qwen3_5_tiny"), to: directory)
        let file = directory.appending(path: "config.json")
        var config = try #require(JSONValue(parsing: Data(contentsOf: file)).object)
        config["linear_key_head_dim"] = 16
        try FileManager.default.removeItem(at: file)
        try Data(JSONValue.object(config).text(.compact).utf8).write(to: file)
        #expect(throws: GGUFError.self) { try export(directory) }
        #expect(!FileManager.default.fileExists(atPath: temporary.url.appending(path: "model.gguf").path))
    }
}
