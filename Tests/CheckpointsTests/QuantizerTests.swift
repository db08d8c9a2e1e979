import Checkpoints
import Foundation
import JSON
import NVFP4
import Testing

@Suite struct QuantizerTests {
    let directory: TemporaryDirectory
    init() throws { directory = try TemporaryDirectory() }

    private var destination: URL { directory.url.appending(path: "out") }

    private func quantize(_ source: URL, _ change: (inout QuantizationOptions) -> Void = { _ in }) throws
        -> QuantizationReport
    {
        var options = QuantizationOptions()
        change(&options)
        return try Quantizer(source: source, options: options).run(to: destination)
    }

    @Test(arguments: ["llama_tiny", "qwen2_tiny", "qwen3_tiny"]) func theResultPassesEveryRule(name: String) throws {
        let report = try quantize(Fixtures.model(name))
        let inspection = try Inspector(directory: destination).inspect()
        #expect(inspection.problems == [] && inspection.warnings == [])
        #expect(inspection.linears.filter { $0.format == "NVFP4" }.count == 28 && report.tensors.count == 28)
        #expect(inspection.quantization == "NVFP4 (modelopt 0.47.0)")
        #expect(report.total.relativeRMS > 0.08 && report.total.relativeRMS < 0.11)
    }

    @Test func aHybridKeepsWhatMustStayExactAndSharesTheScaleOfItsInput() throws {
        _ = try quantize(Fixtures.checkpoint("qwen3_5_tiny_vl_layout"))
        let inspection = try Inspector(directory: destination).inspect()
        #expect(inspection.problems == [] && inspection.warnings == [])
        let quantised = Set(inspection.linears.filter { $0.format == "NVFP4" }.map(\.name))
        // Three products of each linear layer, four of the full one, three of every feed-forward block.
        #expect(quantised.count == 3 * 3 + 4 + 4 * 3)
        let exact = ["conv1d", "in_proj_a", "in_proj_b", "lm_head", "visual", "mtp"]
        #expect(!quantised.contains { name in exact.contains { name.contains($0) } })
        let result = try Checkpoint(directory: destination)
        let source = try Checkpoint(directory: Fixtures.checkpoint("qwen3_5_tiny_vl_layout"))
        #expect(Set(result.names).isSuperset(of: source.names))
        let layer = "model.language_model.layers.0.linear_attn."
        let scales = try ["in_proj_qkv", "in_proj_z"].map { try result.tensor(layer + $0 + ".weight_scale_2").floats() }
        #expect(scales[0] == scales[1])
    }

    @Test func blockScalesThatAreGivenAreKeptAndMustFit() throws {
        let module = "model.layers.0.mlp.down_proj"
        let shape = try Checkpoint(directory: Fixtures.model("llama_tiny")).tensor(module + ".weight").shape
        let given = (0..<shape[0] * shape[1] / 16).map { UInt8($0 % 0x7E + 1) }
        #expect {
            try quantize(Fixtures.model("llama_tiny")) { $0.blockScales = [module: given.dropLast()] }
        } throws: { "\($0)".contains("give each block one") }
        _ = try quantize(Fixtures.model("llama_tiny")) { $0.blockScales = [module: given] }
        let result = try Checkpoint(directory: destination)
        let scales = try [module, "model.layers.0.mlp.up_proj"].map {
            try result.tensor("\($0).weight_scale").withUnsafeBytes { Array($0) }
        }
        #expect(scales[0] == given && scales[1] != given)
    }

    @Test func codesAndScalesAreThoseOfTheQuantiser() throws {
        _ = try quantize(Fixtures.model("qwen3_tiny"))
        let source = try Checkpoint(directory: Fixtures.model("qwen3_tiny"))
        let result = try Checkpoint(directory: destination)
        let group = try ["q_proj", "k_proj", "v_proj"].map { name in
            (name, try source.tensor("model.layers.2.self_attn.\(name).weight"))
        }
        let amax = try group.map { try $0.1.floats().map(\.magnitude).max() ?? 0 }.max() ?? 0
        for (name, weight) in group {
            let expected = NVFP4Tensor(
                quantizing: try weight.floats(), rows: weight.shape[0], columns: weight.shape[1],
                tensorScale: NVFP4Format.tensorScale(amax: amax))
            let linear = try result.linear(
                "model.layers.2.self_attn.\(name)", rows: weight.shape[0], columns: weight.shape[1])
            guard case .nvfp4(let codes, let scales, let tensorScale, let inputScale) = linear else {
                return #expect(Bool(false), "\(name) is not NVFP4")
            }
            #expect(codes.withUnsafeBytes { Array($0) } == expected.codes)
            #expect(scales.withUnsafeBytes { Array($0) } == expected.scales)
            #expect(tensorScale == expected.tensorScale && inputScale == 1)
            #expect(try linear.floats() == expected.dequantized())
        }
    }

    @Test func everythingElseIsCopiedByteForByte() throws {
        _ = try quantize(Fixtures.model("qwen2_tiny"))
        let source = try Checkpoint(directory: Fixtures.model("qwen2_tiny"))
        let result = try Checkpoint(directory: destination)
        let copied = source.names.filter { !$0.hasSuffix("_proj.weight") }
        #expect(copied.contains("model.layers.0.self_attn.q_proj.bias"))
        for name in copied {
            #expect(
                try source.tensor(name).withUnsafeBytes { Array($0) }
                    == result.tensor(name).withUnsafeBytes { Array($0) })
        }
        let other = "generation_config.json"
        #expect(
            try Data(contentsOf: destination.appending(path: other))
                == Data(contentsOf: Fixtures.model("qwen2_tiny").appending(path: other)))
    }

    @Test func theConfigurationIsModelOptsWordForWord() throws {
        _ = try quantize(Fixtures.model("llama_tiny"))
        func json(_ name: String) throws -> JSONValue {
            try JSONValue(parsing: Data(contentsOf: destination.appending(path: name)))
        }
        #expect(
            try json("hf_quant_config.json").text()
                == #"{"producer":{"name":"modelopt","version":"0.47.0"},"quantization":{"quant_algo":"NVFP4","#
                + #""kv_cache_quant_algo":null,"group_size":16,"exclude_modules":["lm_head","model.embed_tokens"]}}"#)
        #expect(
            try json("config.json")["quantization_config"]?.text()
                == #"{"config_groups":{"group_0":{"input_activations":{"dynamic":false,"num_bits":4,"type":"float","#
                + #""group_size":16},"weights":{"dynamic":false,"num_bits":4,"type":"float","group_size":16},"#
                + #""targets":["Linear"]}},"ignore":["lm_head","model.embed_tokens"],"quant_algo":"NVFP4","#
                + #""producer":{"name":"modelopt","version":"0.47.0"},"quant_method":"modelopt"}"#)
        #expect(try json("config.json")["tie_word_embeddings"] == true)
    }

    @Test func threadsDoNotChangeTheBytes() throws {
        _ = try quantize(Fixtures.model("llama_tiny")) { $0.threads = 1 }
        let one = try Data(contentsOf: destination.appending(path: "model.safetensors"))
        _ = try quantize(Fixtures.model("llama_tiny")) {
            $0.threads = 5
            $0.overwrites = true
        }
        #expect(try Data(contentsOf: destination.appending(path: "model.safetensors")) == one)
    }

    @Test func measuredInputsGiveSharedInputScales() throws {
        _ = try quantize(Fixtures.model("llama_tiny")) {
            $0.inputAmax = [
                "model.layers.0.self_attn.q_proj": 2, "model.layers.0.self_attn.v_proj": 4,
                "model.layers.0.mlp.down_proj": .nan,
            ]
        }
        let result = try Checkpoint(directory: destination)
        for name in ["q_proj", "k_proj", "v_proj"] {
            #expect(try result.tensor("model.layers.0.self_attn.\(name).input_scale").scalar() == 4 / 2688)
        }
        #expect(try result.tensor("model.layers.0.mlp.down_proj.input_scale").scalar() == 1)
    }

    @Test func smallShardsGetAnIndexThatLoads() throws {
        _ = try quantize(Fixtures.model("qwen3_tiny")) { $0.shardSize = 60_000 }
        let result = try Checkpoint(directory: destination)
        #expect(result.files.count > 2)
        #expect(result.files.allSatisfy { $0.path.contains("-of-0000\(result.files.count).safetensors") })
        #expect(!FileManager.default.fileExists(atPath: destination.appending(path: "model.safetensors").path))
        #expect(try Inspector(directory: destination).inspect().problems == [])
    }

    @Test(arguments: [QuantizationOptions.HeadFormat.int8, .nvfp4]) func aTiedHeadGetsAMatrixOfItsOwn(
        format: QuantizationOptions.HeadFormat
    ) throws {
        _ = try quantize(Fixtures.model("llama_tiny")) { $0.head = format }
        let result = try Checkpoint(directory: destination)
        let model = try ModelConfiguration(directory: destination)
        #expect(!model.tiesEmbeddings)
        let embedding = try result.tensor("model.embed_tokens.weight")
        #expect(embedding.dataType == .float32)
        let head = try result.linear("lm_head", rows: 512, columns: 64)
        #expect(head.formatName == (format == .int8 ? "INT8" : "NVFP4"))
        let difference = zip(try head.floats(), try embedding.floats()).map { ($0 - $1).magnitude }.max() ?? 1
        #expect(difference < (format == .int8 ? 0.03 : 0.6))
        let quantization = try #require(try QuantizationConfiguration.load(from: destination))
        #expect(quantization.excludes("lm_head") == (format == .int8))
        let inspection = try Inspector(directory: destination).inspect()
        #expect(inspection.problems == [])
        #expect(inspection.warnings.count == (format == .int8 ? 1 : 0))
    }

    @Test func excludedModulesStayAndAreListed() throws {
        let report = try quantize(Fixtures.model("llama_tiny")) {
            $0.exclusions = ["self_attn", "*layers.3.mlp.down_proj"]
        }
        #expect(report.tensors.count == 11)
        let result = try Checkpoint(directory: destination)
        #expect(try result.tensor("model.layers.1.self_attn.k_proj.weight").dataType == .float32)
        #expect(report.excludedModules.contains("model.layers.3.mlp.down_proj"))
        #expect(try Inspector(directory: destination).inspect().problems == [])
    }

    @Test func excludingPartOfAFusedGroupIsRefused() {
        let error = checkpointError { _ = try quantize(Fixtures.model("llama_tiny")) { $0.exclusions = ["k_proj"] } }
        #expect(
            error?.message.contains("k_proj") == true && error?.message.contains("exclude all of them or none") == true)
        #expect(!FileManager.default.fileExists(atPath: destination.path))
    }

    @Test func excludingEverythingIsRefused() {
        #expect(
            checkpointError { _ = try quantize(Fixtures.model("llama_tiny")) { $0.exclusions = ["layers"] } } != nil)
    }

    @Test func aQuantisedSourceIsRefused() throws {
        let error = checkpointError { _ = try quantize(Fixtures.checkpoint("qwen3_5_tiny_nvfp4")) }
        #expect(error?.message.contains("already quantised") == true)
        var builder = try ModelBuilder(copying: Fixtures.checkpoint("qwen3_5_tiny_nvfp4"))
        builder.configuration["quantization_config"] = nil
        let source = try builder.write(to: directory.url.appending(path: "in"))
        #expect(checkpointError { _ = try quantize(source) }?.message.contains("quantised") == true)
    }

    @Test func anInfiniteWeightIsRefusedAndNothingIsLeft() throws {
        var builder = try ModelBuilder(copying: Fixtures.model("llama_tiny"))
        builder.edit("model.layers.2.mlp.down_proj.weight") { $0.replaceSubrange(40..<44, with: [0, 0, 0x80, 0x7F]) }
        let source = try builder.write(to: directory.url.appending(path: "in"))
        let error = checkpointError { _ = try quantize(source) }
        #expect(error?.tensor == "model.layers.2.mlp.down_proj.weight" && error?.kind == .malformed)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path) == ["in"])
    }

    @Test func anExistingDirectoryIsKeptUnlessForced() throws {
        try FileManager.default.createDirectory(at: destination, withIntermediateDirectories: true)
        _ = try directory.file("out/mine.txt", text: "keep")
        let error = checkpointError { _ = try quantize(Fixtures.model("llama_tiny")) }
        #expect(error?.kind == .unwritable && error?.message.contains("--overwrite") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: destination.path) == ["mine.txt"])
        _ = try quantize(Fixtures.model("llama_tiny")) { $0.overwrites = true }
        #expect(!FileManager.default.fileExists(atPath: destination.appending(path: "mine.txt").path))
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.url.path) == ["out"])
    }

    @Test func theSourceIsNeverReplaced() throws {
        let source = try ModelBuilder(copying: Fixtures.model("llama_tiny")).write(to: destination)
        let error = checkpointError { _ = try quantize(source) { $0.overwrites = true } }
        #expect(error?.message.contains("is the source") == true)
    }

    @Test func aLinearWhoseInputsDoNotFillBlocksIsLeftAlone() throws {
        var builder = try ModelBuilder(copying: Fixtures.model("llama_tiny"))
        for layer in 0..<4 {
            builder.replace(
                "model.layers.\(layer).mlp.down_proj.weight", .bfloat16, [64, 24],
                [UInt8](repeating: 60, count: 64 * 48))
        }
        let report = try quantize(try builder.write(to: directory.url.appending(path: "in")))
        #expect(report.notes.count == 4 && report.notes[0].contains("24 inputs"))
        #expect(report.excludedModules.contains("model.layers.0.mlp.down_proj"))
    }

    @Test(arguments: [TensorDataType.bfloat16, .float16]) func halvesAreQuantisedFromTheirOwnValues(
        type: TensorDataType
    ) throws {
        var builder = try ModelBuilder(copying: Fixtures.model("llama_tiny"))
        let name = "model.layers.0.mlp.down_proj"
        let floats = try Checkpoint(directory: Fixtures.model("llama_tiny")).tensor(name + ".weight").floats()
        let bits = floats.map { type == .float16 ? Float16($0).bitPattern : UInt16($0.bitPattern >> 16) }
        builder.replace(name + ".weight", type, [64, 128], bits.withUnsafeBytes { Array($0) })
        _ = try quantize(try builder.write(to: directory.url.appending(path: "in")))
        let rounded = bits.map {
            type == .float16 ? Float(Float16(bitPattern: $0)) : Float(bitPattern: UInt32($0) << 16)
        }
        let expected = NVFP4Tensor(quantizing: rounded, rows: 64, columns: 128)
        #expect(
            try Checkpoint(directory: destination).tensor(name + ".weight").withUnsafeBytes { Array($0) }
                == expected.codes)
    }

    @Test func progressEndsAtTheWhole() throws {
        var last: QuantizationProgress?
        var count = 0
        _ = try Quantizer(source: Fixtures.model("llama_tiny"), options: QuantizationOptions()).run(to: destination) {
            count += 1
            #expect($0.completedBytes > last?.completedBytes ?? 0)
            last = $0
        }
        #expect(last?.completedBytes == last?.totalBytes && count == 38)
    }
}

@Suite struct DequantizerTests {
    @Test func whatTheCodesStandForIsWrittenPlainly() throws {
        let directory = try TemporaryDirectory()
        let quantized = directory.url.appending(path: "q"), plain = directory.url.appending(path: "plain")
        _ = try Quantizer(source: Fixtures.model("llama_tiny"), options: QuantizationOptions()).run(to: quantized)
        try Dequantizer(source: quantized).run(to: plain)
        let (before, after) = (try Checkpoint(directory: quantized), try Checkpoint(directory: plain))
        let name = "model.layers.0.mlp.up_proj"
        let weight = try after.tensor("\(name).weight")
        #expect(
            try weight.floats() == before.linear(name, rows: weight.shape[0], columns: weight.shape[1]).floats())
        #expect(after.names == (try Checkpoint(directory: Fixtures.model("llama_tiny")).names))
        #expect(try QuantizationConfiguration.load(from: plain) == nil)
        #expect(throws: CheckpointError.self) {
            try Dequantizer(source: plain).run(to: directory.url.appending(path: "x"))
        }
    }
}
