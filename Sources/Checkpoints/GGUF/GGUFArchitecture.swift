/// The model families that are imported from and exported to GGUF.
public enum GGUFArchitecture: String, Sendable, CaseIterable {
    case llama
    case qwen2
    case qwen3
    case qwen35

    /// The class name in a Hugging Face `config.json`.
    public var className: String {
        switch self {
        case .llama: "LlamaForCausalLM"
        case .qwen2: "Qwen2ForCausalLM"
        case .qwen3: "Qwen3ForCausalLM"
        case .qwen35: "Qwen3_5ForCausalLM"
        }
    }

    /// The `model_type` in a Hugging Face `config.json`.
    var modelType: String { self == .qwen35 ? "qwen3_5_text" : rawValue }
    /// Whether the query, key and value projections have biases.
    var hasAttentionBias: Bool { self == .qwen2 }
    /// Whether queries and keys are normalised per head.
    var hasHeadNorms: Bool { self == .qwen3 || self == .qwen35 }
    /// Whether the rows of the query and key projections are stored for rotation of neighbours (2i, 2i + 1).
    ///
    /// llama.cpp kept that order for this one family; Hugging Face rotates halves (i, i + head/2) everywhere.
    var rotatesNeighbours: Bool { self == .llama }

    /// The architecture a file names.
    init(_ metadata: GGUFMetadata) throws(GGUFError) {
        guard let name = try metadata.string("general.architecture") else { throw .missingKey("general.architecture") }
        guard let known = GGUFArchitecture(rawValue: name) else { throw .unsupportedArchitecture(name) }
        self = known
    }

    static var supportedNames: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
