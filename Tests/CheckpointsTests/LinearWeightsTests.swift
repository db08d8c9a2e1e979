import Checkpoints
import Foundation
import Testing

@Suite struct CheckpointTests {
    @Test(arguments: ["llama_tiny", "qwen2_tiny", "qwen3_tiny"])
    func everyLinearOfATinyModelIsDense(name: String) throws {
        let checkpoint = try Checkpoint(directory: Fixtures.model(name))
        let configuration = try ModelConfiguration(directory: Fixtures.model(name))
        let rows = configuration.headCount * configuration.headSize
        for layer in 0..<configuration.layerCount {
            let weights = try checkpoint.linear(
                "model.layers.\(layer).self_attn.q_proj", rows: rows, columns: configuration.hiddenSize)
            guard case .dense(let view) = weights else { return #expect(Bool(false)) }
            #expect(view.dataType == .float32)
        }
        #expect(try QuantizationConfiguration.load(from: Fixtures.model(name)) == nil)
    }

    @Test func modelOptLinearsAreNVFP4() throws {
        let directory = Fixtures.checkpoint("qwen3_5_tiny_nvfp4")
        let checkpoint = try Checkpoint(directory: directory)
        let quantization = try #require(try QuantizationConfiguration.load(from: directory))
        #expect(quantization.algorithm == .nvfp4 && quantization.layout == .modelOpt)
        #expect(quantization.excludes("lm_head"))
        #expect(!quantization.excludes("model.layers.0.linear_attn.in_proj_qkv"))
        let weights = try checkpoint.linear("model.layers.0.mlp.up_proj", rows: 128, columns: 64)
        guard case .nvfp4(let codes, let scales, let tensorScale, let inputScale) = weights else {
            return #expect(Bool(false))
        }
        #expect(codes.shape == [128, 32] && scales.shape == [128, 4])
        #expect(tensorScale > 0 && inputScale == 0.004)
    }
}
