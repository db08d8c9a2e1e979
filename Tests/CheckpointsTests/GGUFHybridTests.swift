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
