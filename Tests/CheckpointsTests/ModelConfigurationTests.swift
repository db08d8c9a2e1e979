import Checkpoints
import Foundation
import JSON
import Testing

@Suite struct ModelConfigurationTests {
    /// SmolLM2's configuration, with changes.
    private func configuration(_ changes: JSONValue = [:]) throws -> ModelConfiguration {
        let model: JSONValue = [
            "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 576, "intermediate_size": 1536,
            "num_hidden_layers": 30, "num_attention_heads": 9, "num_key_value_heads": 3, "vocab_size": 49152,
            "rms_norm_eps": 1e-5, "rope_theta": 100000, "tie_word_embeddings": true, "hidden_act": "silu",
            "max_position_embeddings": 8192, "eos_token_id": 2, "bos_token_id": 1, "torch_dtype": "bfloat16",
        ]
        var object = model.object ?? JSONObject()
        for (key, value) in changes.object ?? JSONObject() { object[key] = value }
        return try ModelConfiguration(json: .object(object))
    }

    @Test func theFlatLayoutIsRead() throws {
        let model = try configuration()
        #expect(model.modelType == "llama" && model.architectures == ["LlamaForCausalLM"])
        #expect(model.headSize == 64 && model.headCount == 9 && model.keyValueHeadCount == 3)
        #expect(model.normEpsilon == 1e-5 && model.tiesEmbeddings && !model.hasAttentionBias)
        #expect(
            model.endTokens == [2] && model.beginToken == 1 && model.padToken == nil && model.dataType == "bfloat16")
        #expect(model.rotary.base == 100_000 && model.rotary.scaling == .none)
    }

    @Test func theNestedLayoutIsRead() throws {
        for (name, ties, hidden) in [("qwen3_5_9b", false, 4096), ("qwen3_5_0.8b", true, 1024)] {
            let url = Fixtures.checkpoint("configs").appending(path: "\(name).json")
            let model = try ModelConfiguration(json: try JSONValue(parsing: Data(contentsOf: url)))
            #expect(model.modelType == "qwen3_5_text" && model.hiddenSize == hidden && model.tiesEmbeddings == ties)
            #expect(model.rotary.rotaryDimensions == 64 && model.rotary.base == 10_000_000 && model.headSize == 256)
            #expect(model.layerTypes?.count == model.layerCount && model.endTokens == [248044])
            #expect(model.textJSON["attn_output_gate"] == true)
        }
    }

    @Test func tyingIsFoundOnEitherLevel() throws {
        func ties(_ outer: JSONValue, _ inner: JSONValue) throws -> Bool {
            try configuration([
                "tie_word_embeddings": outer, "text_config": ["model_type": "llama", "tie_word_embeddings": inner],
            ]).tiesEmbeddings
        }
        #expect(try ties(nil, true) && ties(true, nil))
        #expect(try !ties(nil, nil))
    }

    @Test func absentKeysHaveTheirDefaults() throws {
        let model = try configuration(["num_key_value_heads": nil, "tie_word_embeddings": nil, "rope_theta": nil])
        #expect(model.keyValueHeadCount == 9 && !model.tiesEmbeddings && model.rotary.base == 10_000)
    }

    @Test func endTokensMayBeAList() throws {
        #expect(try configuration(["eos_token_id": [7, 9]]).endTokens == [7, 9])
        #expect(try configuration(["eos_token_id": nil]).endTokens == [])
    }

    @Test(
        arguments: [
            (["hidden_size": nil], "has no hidden_size"), (["hidden_size": 0], "found hidden_size 0"),
            (["hidden_size": "64"], "found hidden_size \"64\""),
            (["hidden_size": 9_223_372_036_854_775_807], "whole number"),
            (["num_attention_heads": 7], "no head_dim"), (["num_key_value_heads": 2], "expected a multiple"),
            (["hidden_act": "gelu"], "only silu"), (["sliding_window": 4096], "sliding_window 4096 in use"),
            (["layer_types": ["full_attention"]], "expected one per layer"), (["rms_norm_eps": -1], "above 0"),
            (["eos_token_id": "x"], "token id"), (["eos_token_id": [1, -1]], "token id"),
            (["rope_scaling": ["rope_type": "longrope"]], "rope_type longrope"),
            (["rope_scaling": ["type": "dynamic", "factor": 2]], "rope_type dynamic"),
            (["rope_scaling": ["rope_type": "linear"]], "no factor"),
            (["rope_parameters": ["partial_rotary_factor": 1.5]], "at most 1"),
            (["rope_parameters": ["partial_rotary_factor": 0.02]], "even number"),
            (["model_type": "gpt2", "hidden_size": nil], "found model_type 'gpt2'"),
        ] as [(JSONValue, String)])
    func whatCannotBeIsRefusedWithTheKey(changes: JSONValue, message: String) {
        let error = checkpointError { _ = try configuration(changes) }
        #expect(error?.message.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test func anUnusedSlidingWindowIsAccepted() throws {
        _ = try configuration(["model_type": "qwen2", "sliding_window": 4096, "use_sliding_window": false])
        #expect(
            checkpointError {
                _ = try configuration(["model_type": "qwen2", "sliding_window": 4096, "use_sliding_window": true])
            }?.kind == .unsupported)
    }

    @Test func aBareDirectoryIsExplained() throws {
        let directory = try TemporaryDirectory()
        #expect(checkpointError { _ = try ModelConfiguration(directory: directory.url) }?.kind == .missing)
    }

    @Test func randomValuesNeverCrash() throws {
        var random = SeededGenerator(seed: 4)
        let values: [JSONValue] = [
            nil, true, 0, -1, 1, 3, 1.5, 1e300, "", "x", [], [1], ["a"], [:], ["factor": 2], 9_223_372_036_854_775_807,
            64,
            ["rope_type": "llama3"],
        ]
        let keys =
            try #require(try configuration().json.object).keys + [
                "head_dim", "rope_scaling", "text_config", "layer_types",
            ]
        for _ in 0..<2000 {
            var changes = JSONObject()
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                changes[keys.randomElement(using: &random)!] = .some(values.randomElement(using: &random)!)
            }
            if let model = try? configuration(.object(changes)) { _ = try? model.rotary.inverseFrequencies() }
        }
    }
}

@Suite struct RotaryConfigurationTests {
    private func frequencies(_ rope: JSONValue) throws -> [Double] {
        try ModelConfiguration(json: [
            "model_type": "llama", "hidden_size": 64, "intermediate_size": 64, "num_hidden_layers": 1,
            "num_attention_heads": 4, "vocab_size": 8, "rope_parameters": rope,
        ]).rotary.inverseFrequencies()
    }

    @Test func theDefaultIsAGeometricSeries() throws {
        let values = try frequencies(["rope_type": "default", "rope_theta": 10000])
        #expect(values.count == 8 && values[0] == 1 && abs(values[4] - 0.01) < 1e-15)
    }

    @Test func linearScalingDividesAll() throws {
        let plain = try frequencies(["rope_theta": 10000])
        #expect(try frequencies(["rope_type": "linear", "factor": 4, "rope_theta": 10000]) == plain.map { $0 / 4 })
    }

    @Test func llama3KeepsFastPairsDividesSlowOnesAndBlends() throws {
        let plain = try frequencies(["rope_theta": 500000])
        let scaled = try frequencies([
            "rope_type": "llama3", "rope_theta": 500000, "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4,
            "original_max_position_embeddings": 8192,
        ])
        let ratios = zip(scaled, plain).map(/)
        #expect(ratios[0] == 1 && abs(ratios[7] - 1.0 / 8) < 1e-12)
        #expect(ratios.contains { $0 > 0.126 && $0 < 0.999 })
        #expect(zip(ratios, ratios.dropFirst()).allSatisfy { $0 >= $1 })
    }

    @Test func yarnIsNamedAndRefused() {
        let error = checkpointError { _ = try frequencies(["rope_type": "yarn", "factor": 4, "rope_theta": 10000]) }
        #expect(error?.kind == .unsupported && error?.message.contains("yarn") == true)
    }
}

@Suite struct GenerationConfigurationTests {
    @Test func everythingIsRead() throws {
        let generation = try GenerationConfiguration(json: [
            "eos_token_id": [1, 2], "bos_token_id": 3, "pad_token_id": 4, "do_sample": true, "temperature": 0.6,
            "top_k": 20,
            "top_p": 0.95, "min_p": 0, "repetition_penalty": 1.05, "max_new_tokens": 100, "transformers_version": "5",
        ])
        #expect(generation.endTokens == [1, 2] && generation.beginToken == 3 && generation.padToken == 4)
        #expect(generation.samples == true && generation.temperature == 0.6 && generation.topK == 20)
        #expect(generation.topP == 0.95 && generation.minP == 0 && generation.repetitionPenalty == 1.05)
        #expect(generation.maximumNewTokens == 100)
    }

    @Test func anAbsentFileSaysNothing() throws {
        let directory = try TemporaryDirectory()
        #expect(try GenerationConfiguration(directory: directory.url) == GenerationConfiguration())
    }

    @Test func aFixtureIsRead() throws {
        #expect(try GenerationConfiguration(directory: Fixtures.model("llama_tiny")).endTokens == [511])
    }

    @Test(arguments: ["temperature", "top_p", "repetition_penalty"]) func impossibleValuesAreRefused(key: String) {
        #expect(
            checkpointError { _ = try GenerationConfiguration(json: .object(JSONObject([(key, .integer(-1))]))) }?
                .message.contains(key) == true)
    }
}
