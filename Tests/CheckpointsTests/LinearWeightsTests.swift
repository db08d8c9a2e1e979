import Checkpoints
import Foundation
import Testing

@Suite struct LinearWeightsTests {
    let directory: TemporaryDirectory
    init() throws { directory = try TemporaryDirectory() }

    private static let module = "model.layers.0.mlp.up_proj"

    private func linear(_ change: (inout ModelBuilder) -> Void) throws -> LinearWeights {
        var builder = try ModelBuilder(copying: Fixtures.checkpoint("qwen3_5_tiny_nvfp4"))
        change(&builder)
        let url = try builder.write(to: directory.url.appending(path: "in"))
        return try Checkpoint(directory: url).linear(Self.module, rows: 128, columns: 64)
    }

    @Test(arguments: ["llama_tiny", "qwen2_tiny", "qwen3_tiny"])
    func everyLinearOfATinyModelIsDense(name: String) throws {
        let checkpoint = try Checkpoint(directory: Fixtures.model(name))
        let configuration = try ModelConfiguration(directory: Fixtures.model(name))
        let rows = configuration.headCount * configuration.headSize
        for layer in 0..<configuration.layerCount {
            let weights = try checkpoint.linear(
                "model.layers.\(layer).self_attn.q_proj", rows: rows, columns: configuration.hiddenSize)
            #expect(weights.formatName == "F32" && weights.shape == (rows, 64))
        }
        #expect(try QuantizationConfiguration.load(from: Fixtures.model(name)) == nil)
    }

    @Test func modelOptLinearsAreNVFP4() throws {
        guard case .nvfp4(let codes, let scales, let tensorScale, let inputScale) = try linear({ _ in }) else {
            return #expect(Bool(false))
        }
        #expect(codes.shape == [128, 32] && scales.shape == [128, 4])
        #expect(tensorScale > 0 && inputScale == 0.004)
    }

    @Test func weightsAloneNeedNoInputScale() throws {
        guard case .nvfp4(_, _, _, let inputScale) = try linear({ $0.remove(Self.module + ".input_scale") }) else {
            return #expect(Bool(false))
        }
        #expect(inputScale == nil)
    }

    @Test func scalesOfTheCacheAreIgnored() throws {
        #expect(
            try linear { $0.replace("model.layers.3.self_attn.k_proj.k_scale", scalar: 0.02) }.formatName == "NVFP4")
    }

    @Test func wrongShapesNameTheTensorAndTheConfiguration() throws {
        let checkpoint = try Checkpoint(directory: Fixtures.checkpoint("qwen3_5_tiny_nvfp4"))
        let error = checkpointError { _ = try checkpoint.linear(Self.module, rows: 128, columns: 128) }
        #expect(error?.tensor == Self.module + ".weight" && error?.kind == .mismatched)
        #expect(error?.message.contains("found shape [128, 32], expected [128, 64]") == true)
    }

    @Test func foreignFormatsAreRefused() throws {
        let bytes = [UInt8](repeating: 1, count: 128 * 64)
        #expect(
            checkpointError { _ = try linear { $0.replace(Self.module + ".weight", .float8E4M3, [128, 64], bytes) } }?
                .kind
                == .unsupported)
        #expect(
            checkpointError {
                _ = try linear { $0.replace(Self.module + ".pre_quant_scale", .bfloat16, [64], Array(bytes[..<128])) }
            }?
            .message.contains("AWQ") == true)
    }

    @Test func int8IsReadWithItsScales() throws {
        let weights = try linear {
            $0.replace(Self.module + ".weight", .int8, [128, 64], [UInt8](repeating: 0xFE, count: 128 * 64))
            $0.replace(Self.module + ".weight_scale", .bfloat16, [128, 1], (0..<256).map { $0 % 2 == 0 ? 0 : 0x3F })
        }
        #expect(weights.formatName == "INT8")
        #expect(try weights.floats() == [Float](repeating: -1, count: 128 * 64))
    }

    @Test func int8ScalesMustBeFinite() throws {
        let error = checkpointError {
            _ = try linear {
                $0.replace(Self.module + ".weight", .int8, [128, 64], [UInt8](repeating: 1, count: 128 * 64))
                $0.replace(Self.module + ".weight_scale", .bfloat16, [128, 1], [UInt8](repeating: 0xFF, count: 256))
            }
        }
        #expect(error?.tensor == Self.module + ".weight_scale")
    }

    @Test(arguments: ["full", "body", "mid", "full_bf16", "mid_bf16"]) func compressedTensorsAreRead(set: String) throws
    {
        let golden = try SafetensorsFile(path: Fixtures.root.appending(path: "nvfp4/nvfp4_vectors.safetensors").path)
        let url = directory.url.appending(path: "model.safetensors")
        let names = ["weight_packed", "weight_scale", "weight_global_scale"]
        let views = try names.map { try golden.tensor("ct.\(set).\($0)") }
        let writer = try SafetensorsWriter(
            url: url, tensors: zip(names, views).map { TensorDeclaration("x.\($0)", $1.dataType, $1.shape) })
        for (name, view) in zip(names, views) { try view.withUnsafeBytes { try writer.append($0, to: "x.\(name)") } }
        try writer.finish()
        let rows = views[0].shape[0]
        let weights = try Checkpoint(directory: directory.url).linear("x", rows: rows, columns: 128)
        guard case .nvfp4(_, _, let tensorScale, nil) = weights else { return #expect(Bool(false)) }
        #expect(tensorScale == 1 / (try views[2].scalar()))
        // One product instead of a quotient: the last bit of an f32 may differ, which bf16 seldom shows.
        for (found, expected) in zip(try weights.floats(), try golden.tensor("ct.\(set).dequant").floats()) {
            #expect((found - expected).magnitude <= expected.magnitude / 256)
        }
    }
}
