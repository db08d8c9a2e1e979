import JSON

/// The two places where ModelOpt 0.47 writes what it did; loaders read one or the other.
package enum ModelOptFiles {
    /// vLLM and TensorRT-LLM accept these files from this producer only.
    private static let producer: JSONValue = ["name": "modelopt", "version": "0.47.0"]

    /// The contents of `hf_quant_config.json`.
    package static func quantization(excluding modules: [String]) -> JSONValue {
        [
            "producer": producer,
            "quantization": [
                "quant_algo": "NVFP4", "kv_cache_quant_algo": nil, "group_size": 16,
                "exclude_modules": .array(modules.map(JSONValue.string)),
            ],
        ]
    }

    /// `config.json` with its `quantization_config`.
    ///
    /// - Parameter untiesHead: the logits got a matrix of their own, so `tie_word_embeddings` becomes false wherever it is.
    package static func configuration(_ json: JSONValue, excluding modules: [String], untiesHead: Bool) -> JSONValue {
        var root = json.object ?? JSONObject()
        if untiesHead {
            root["tie_word_embeddings"] = false
            if var text = root["text_config"]?.object {
                text["tie_word_embeddings"] = false
                root["text_config"] = .object(text)
            }
        }
        let scheme: JSONValue = ["dynamic": false, "num_bits": 4, "type": "float", "group_size": 16]
        root["quantization_config"] = [
            "config_groups": ["group_0": ["input_activations": scheme, "weights": scheme, "targets": ["Linear"]]],
            "ignore": .array(modules.map(JSONValue.string)), "quant_algo": "NVFP4", "producer": producer,
            "quant_method": "modelopt",
        ]
        return .object(root)
    }
}
