import Checkpoints

/// The Qwen2 architecture (https://arxiv.org/abs/2407.10671), Qwen2.5 included: Llama with biases on q, k and v.
public enum Qwen2 {
    /// The model that a `config.json` describes.
    public static func make(_ configuration: ModelConfiguration) throws -> any LanguageModel {
        try Llama(configuration, variation: Llama.Variation(hasInputBias: true))
    }
}
