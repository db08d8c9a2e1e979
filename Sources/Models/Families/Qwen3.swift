import Checkpoints

/// The Qwen3 architecture (https://arxiv.org/abs/2505.09388), dense: Llama with a norm over each head of q and k.
public enum Qwen3 {
    /// The model that a `config.json` describes.
    public static func make(_ configuration: ModelConfiguration) throws -> any LanguageModel {
        try Llama(configuration, variation: Llama.Variation(normalizesHeads: true))
    }
}
