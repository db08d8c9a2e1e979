/// One tensor of a GGUF file: where its bytes are and what they mean.
public struct GGUFTensor: Sendable, Equatable {
    /// The name, such as `blk.0.attn_q.weight`.
    public let name: String
    /// The format of the values.
    public let type: GGUFTensorType
    /// The shape, slowest dimension first: `[out, in]` for a linear layer (GGUF writes the fastest one first).
    public let shape: [Int]
    /// Where the bytes are in the file.
    public let byteRange: Range<Int>

    /// How many values there are.
    public var elementCount: Int { shape.reduce(1, *) }
    /// Length of a row, the fastest dimension; blocks never cross rows.
    public var columns: Int { shape.last ?? 1 }
    /// How many rows there are.
    public var rows: Int { elementCount / columns }
}
