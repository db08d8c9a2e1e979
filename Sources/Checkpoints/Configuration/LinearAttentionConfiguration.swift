/// The sizes of linear-attention (gated DeltaNet) layers, and where full attention stands between them.
public struct LinearAttentionConfiguration: Sendable, Equatable {
    /// Heads of queries and keys.
    public let keyHeadCount: Int
    /// Heads of values; a multiple of ``keyHeadCount``.
    public let valueHeadCount: Int
    /// Width of a query's and a key's head.
    public let keyHeadSize: Int
    /// Width of a value's head.
    public let valueHeadSize: Int
    /// Taps of the convolution over queries, keys and values.
    public let convolutionKernel: Int
    /// Every how many layers one has full attention, when the configuration says so.
    public let fullAttentionInterval: Int?
    /// Whether full attention's output is gated, per head, by a second half of the query projection.
    public let gatesAttention: Bool

    /// Nil when the configuration has no key of linear attention.
    init?(_ reader: ConfigurationReader) throws(CheckpointError) {
        guard let keyHeads = try reader.size("linear_num_key_heads") else { return nil }
        keyHeadCount = keyHeads
        valueHeadCount = try reader.requiredSize("linear_num_value_heads")
        keyHeadSize = try reader.requiredSize("linear_key_head_dim")
        valueHeadSize = try reader.requiredSize("linear_value_head_dim")
        convolutionKernel = try reader.requiredSize("linear_conv_kernel_dim")
        fullAttentionInterval = try reader.size("full_attention_interval")
        gatesAttention = try reader.bool("attn_output_gate") ?? true
        guard valueHeadCount.isMultiple(of: keyHeadCount) else {
            throw reader.failure(
                .mismatched,
                "found linear_num_value_heads \(valueHeadCount) and linear_num_key_heads \(keyHeadCount); "
                    + "expected a multiple")
        }
        // Products of heads and widths must not overflow.
        let limit = 1 << 20
        for size in [keyHeadCount, valueHeadCount, keyHeadSize, valueHeadSize] where size > limit {
            throw reader.failure("found a linear-attention size of \(size): not a model")
        }
    }

    /// Width of all queries, and of all keys.
    public var keyWidth: Int { keyHeadCount * keyHeadSize }
    /// Width of all values.
    public var valueWidth: Int { valueHeadCount * valueHeadSize }
}
