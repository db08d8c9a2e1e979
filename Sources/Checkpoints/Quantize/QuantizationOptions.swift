import NVFP4

/// What ``Quantizer`` is asked for.
public struct QuantizationOptions: Sendable {
    /// How the logits' matrix is written.
    public enum HeadFormat: String, Sendable, CaseIterable {
        /// As it is; what every serving engine loads.
        case bfloat16 = "bf16"
        /// Annie's own: `lm_head.weight` I8 with `lm_head.weight_scale` BF16, a scale per row and 64 columns. vLLM does not
        /// load it.
        case int8
        /// NVFP4, like the other linears.
        case nvfp4
    }

    /// How block scales are chosen.
    public var method: NVFP4Method = .max
    /// Further modules to leave alone, beside those that always are; see ``ModulePattern``.
    public var exclusions: [String] = []
    /// How the logits' matrix is written.
    public var head: HeadFormat = .bfloat16
    /// The largest magnitude seen at each linear's input, by module name, where it was measured.
    ///
    /// Without it input scales are written as 1, for inputs up to 2688 (6 * 448): no input is clipped, and blocks whose
    /// largest value is above 0.1 keep all the precision that a block scale has.
    public var inputAmax: [String: Float]?
    /// The magnitude that each linear's tensor scale was settled for, by module name, where training settled it; elsewhere
    /// it is the largest of the weights.
    public var weightAmax: [String: Float]?
    /// The e4m3 scale of each block of a linear, `[rows, columns / 16]` and above 0, by module name, where training learned
    /// them; elsewhere ``method`` chooses.
    public var blockScales: [String: [UInt8]]?
    /// Replace the destination if it exists.
    public var overwrites = false
    /// How many threads work.
    public var threads = 2
    /// Bytes of weights per file.
    public var shardSize = 5_000_000_000

    /// ModelOpt's method and its default exclusions.
    public init() {}

    /// The input scale that stands for an unmeasured input.
    static let defaultInputAmax: Float = NVFP4Format.largestMagnitude * NVFP4Format.largestScale
    /// Never quantised: what ModelOpt leaves alone by default, and the vision and prediction towers.
    static let alwaysExcluded = [
        "*lm_head*", "*embed_tokens*", "*mlp.gate", "*mlp.gate.*", "*router*", "*output_layer*", "*linear_attn.conv1d*",
        "*linear_attn.in_proj_a*", "*linear_attn.in_proj_b*", "*visual*", "*vision*", "mtp*", "*.mtp.*",
    ]
}
