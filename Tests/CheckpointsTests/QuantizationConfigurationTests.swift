import Checkpoints
import Foundation
import JSON
import Testing

@Suite struct QuantizationConfigurationTests {
    private func parse(_ text: String) throws -> QuantizationConfiguration {
        try QuantizationConfiguration(json: try JSONValue(parsing: text), file: "config.json")
    }

    @Test func modelOptsOwnFileIsRead() throws {
        let quantization = try parse(
            #"{"producer":{"name":"modelopt","version":"0.47.0"},"quantization":{"quant_algo":"NVFP4","#
                + #""kv_cache_quant_algo":"FP8","group_size":16,"exclude_modules":["lm_head","model.embed_tokens"]}}"#)
        #expect(quantization.layout == .modelOpt && quantization.algorithm == .nvfp4)
        #expect(quantization.keyValueCacheAlgorithm == "FP8" && quantization.producer == "modelopt 0.47.0")
        #expect(quantization.excludes("lm_head") && !quantization.excludes("model.layers.0.mlp.up_proj"))
    }

    @Test(arguments: [
        (#""kv_cache_scheme":{"dynamic":false,"num_bits":8,"type":"float"}"#, "FP8"),
        (#""kv_cache_scheme":"NVFP4""#, "NVFP4"),
    ])
    func modelOptsPartOfTheConfigurationIsRead(cache: String, name: String) throws {
        let quantization = try parse(
            #"{"config_groups":{"group_0":{"weights":{"dynamic":false,"num_bits":4,"type":"float","group_size":16},"#
                + #""targets":["Linear"]}},"ignore":["lm_head"],"quant_algo":"W4A16_NVFP4","quant_method":"modelopt",\#(cache)}"#
        )
        #expect(quantization.algorithm == .nvfp4WeightOnly && quantization.keyValueCacheAlgorithm == name)
    }

    @Test func compressedTensorsAreRead() throws {
        let weights = #""weights":{"num_bits":4,"type":"float","strategy":"tensor_group","group_size":16}"#
        let both = try parse(
            #"{"quant_method":"compressed-tensors","format":"nvfp4-pack-quantized","config_groups":{"group_0":{\#(weights),"#
                + #""input_activations":{"num_bits":4,"dynamic":"local","group_size":16}}},"ignore":["lm_head","re:.*visual.*"]}"#
        )
        #expect(both.layout == .compressedTensors && both.algorithm == .nvfp4)
        #expect(both.excludes("model.visual.blocks.0.attn.qkv"))
        let weightsOnly = try parse(
            #"{"quant_method":"compressed-tensors","format":"nvfp4-pack-quantized","config_groups":{"group_0":{\#(weights),"#
                + #""input_activations":null}}}"#)
        #expect(weightsOnly.algorithm == .nvfp4WeightOnly)
    }

    @Test(arguments: [
        #"{"quant_method":"modelopt","quant_algo":"NVFP4_AWQ"}"#, #"{"quant_method":"modelopt","quant_algo":"FP8"}"#,
        #"{"quant_method":"modelopt","quant_algo":"MXFP8"}"#,
        #"{"quant_method":"modelopt","quant_algo":"MIXED_PRECISION"}"#,
        #"{"quant_method":"modelopt"}"#, #"{"quant_method":"mxfp4"}"#, #"{"quant_method":"gptq","bits":4}"#,
        #"{"quant_method":"fp8"}"#, #"{"quant_method":"compressed-tensors","format":"pack-quantized"}"#,
        #"{"quant_method":"compressed-tensors","format":"mxfp4-pack-quantized"}"#, "{}",
        #"{"quantization":{"quant_algo":"NVFP4","group_size":32}}"#,
    ])
    func otherAlgorithmsAreRefusedByName(text: String) {
        let error = checkpointError { _ = try parse(text) }
        #expect(error?.kind == .unsupported && error?.message.contains("found") == true)
    }

    @Test(arguments: [
        "[]", #"{"quant_method":1}"#, #"{"quant_method":"modelopt","quant_algo":"NVFP4","ignore":"lm_head"}"#,
    ])
    func malformedOnesAreRefused(text: String) {
        #expect(checkpointError { _ = try parse(text) }?.kind == .malformed)
    }
}

@Suite struct ModulePatternTests {
    @Test(arguments: [
        ("lm_head", "lm_head", true), ("lm_head", "model.lm_head", true), ("lm_head", "head", false),
        ("embed_tokens", "model.embed_tokens", true), ("model.visual*", "model.visual.blocks.0", true),
        ("*mlp.gate", "model.layers.0.mlp.gate", true), ("*mlp.gate", "model.layers.0.mlp.gate_proj", false),
        ("model.layers.?.mlp", "model.layers.3.mlp", true), ("model.layers.?.mlp", "model.layers.13.mlp", false),
        ("*layers.[0-3].*", "model.layers.2.mlp", true), ("*layers.[0-3].*", "model.layers.4.mlp", false),
        ("*layers.[!0-3].*", "model.layers.4.mlp", true), ("*.[ab]_proj", "x.a_proj", true), ("a[", "a[", true),
        ("*", "anything", true), ("**x*", "axb", true), ("a*b*c", "a__b__b_c", true), ("a*b*c", "a__b__b_d", false),
        ("", "anything", false), ("re:.*_proj$", "model.q_proj", true), ("re:q_proj", "model.q_proj", false),
        ("LM_HEAD", "lm_head", false),
    ])
    func patternsMatchAsInVLLM(pattern: String, module: String, expected: Bool) throws {
        #expect(try ModulePattern(pattern).matches(module) == expected)
    }

    @Test func aBrokenRegularExpressionIsRefused() {
        #expect(checkpointError { _ = try ModulePattern("re:(") }?.message.contains("regular expression") == true)
    }

    @Test func hostilePatternsEndSoon() throws {
        let pattern = try ModulePattern(String(repeating: "*a", count: 400) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 2000)))
    }
}
