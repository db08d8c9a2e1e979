import CKernels

/// A model's weights as the processor computes with them.
public struct CPUWeights: Sendable {
    /// By ``Linear/index``.
    public let linears: [PackedLinear]
    /// By ``Norm/index``, fp32.
    public let norms: [[Float]]
    /// By ``ParameterArray/index``, fp32.
    public let arrays: [[Float]]
    /// Rows of token embeddings.
    public let embedding: EmbeddingTable

    /// Weights for every entry of a model's parameter table.
    public init(linears: [PackedLinear], norms: [[Float]], arrays: [[Float]] = [], embedding: EmbeddingTable) {
        self.linears = linears
        self.norms = norms
        self.arrays = arrays
        self.embedding = embedding
    }
}

/// Token embeddings, read row by row where the checkpoint holds them.
public struct EmbeddingTable: @unchecked Sendable {
    /// The forms an embedding row is stored in.
    public enum Storage {
        case float32(UnsafePointer<Float>)
        case bfloat16(UnsafePointer<UInt16>)
        case float16(UnsafePointer<UInt16>)
    }

    private let storage: Storage
    private let columns: Int
    // Keeps the memory that `storage` points into.
    private let owner: any Sendable

    /// Rows in memory that `owner` keeps alive; the memory is only read.
    public init(storage: Storage, columns: Int, owner: any Sendable) {
        self.storage = storage
        self.columns = columns
        self.owner = owner
    }

    func copyRow(_ row: Int, to output: UnsafeMutablePointer<Float>) {
        switch storage {
        case .float32(let table): output.update(from: table + row * columns, count: columns)
        case .bfloat16(let table): annie_f32_from_bf16_array(output, table + row * columns, columns)
        case .float16(let table): annie_f32_from_f16_array(output, table + row * columns, columns)
        }
    }
}
