import CKernels

/// What a model keeps of a sequence: pages of keys and values that grow with it, and recurrent state that does not.
public struct StateLayout: Sendable, Equatable {
    /// One attention layer's keys and values.
    public struct AttentionLayer: Sendable, Equatable {
        /// Key/value heads, and features per head.
        public let kvHeads: Int, headDim: Int

        /// A layer with these heads.
        public init(kvHeads: Int, headDim: Int) {
            self.kvHeads = kvHeads
            self.headDim = headDim
        }
    }

    /// How keys and values are stored.
    public enum AttentionFormat: String, Sendable, Equatable, CaseIterable {
        /// fp32: the oracle.
        case float32
        /// bf16.
        case bfloat16
        /// int8, with a bf16 scale per position and head for the key and one for the value: half the bytes of bf16,
        /// less exact.
        case int8

        var kernelFormat: annie_kv_format {
            switch self {
            case .float32: ANNIE_KV_F32
            case .bfloat16: ANNIE_KV_BF16
            case .int8: ANNIE_KV_INT8
            }
        }
    }

    /// The attention layers, in order.
    public let attention: [AttentionLayer]
    /// fp32 values of recurrent state for each recurrent layer (convolution columns and matrix state together).
    public let recurrent: [Int]
    /// How keys and values are stored.
    public let format: AttentionFormat
    /// Where each attention layer's keys and values begin in a page.
    let layerOffsets: [Int]
    /// Bytes of a page: all attention layers of ``tokensPerPage`` positions.
    public let pageBytes: Int
    /// Positions in a page.
    public static let tokensPerPage = Int(ANNIE_PAGE_TOKENS)

    /// The layout of a model with these layers.
    public init(attention: [AttentionLayer], recurrent: [Int] = [], format: AttentionFormat) {
        self.attention = attention
        self.recurrent = recurrent
        self.format = format
        var offsets: [Int] = []
        var bytes = 0
        for layer in attention {
            offsets.append(bytes)
            let size = annie_page_size(format.kernelFormat, layer.kvHeads, Self.paddedHead(layer.headDim))
            bytes += (size + 63) / 64 * 64
        }
        layerOffsets = offsets
        pageBytes = bytes
    }

    /// Where a recurrent layer's values stand among all.
    func recurrentRange(layer: Int) -> Range<Int> {
        let start = recurrent[..<layer].reduce(0, +)
        return start..<start + recurrent[layer]
    }

    /// Bytes of recurrent state of one sequence.
    public var recurrentBytes: Int { recurrent.reduce(0, +) * MemoryLayout<Float>.size }

    /// Whether a sequence can be cut at any token. Recurrent state cannot run backwards: there a sequence can only be
    /// cut where a snapshot was taken.
    public var isTokenGranular: Bool { recurrent.isEmpty }

    /// The widest head that attention is implemented for.
    public static let widestHead = 256

    /// Features of a head as they are kept and multiplied, those beyond the head's own being zero: kernels take sixteen
    /// at a time.
    static func paddedHead(_ headDim: Int) -> Int { (headDim + 15) / 16 * 16 }

    /// Pages that hold that many positions.
    public static func pages(forTokens count: Int) -> Int { (count + tokensPerPage - 1) / tokensPerPage }
}
