/// The tensor formats that are read, with ggml's type codes.
public enum GGUFTensorType: UInt32, Sendable, CaseIterable {
    case f32 = 0
    case f16 = 1
    case q4_0 = 2
    case q4_1 = 3
    case q5_0 = 6
    case q5_1 = 7
    case q8_0 = 8
    case q4_K = 12
    case q5_K = 13
    case q6_K = 14
    case bf16 = 30
    case mxfp4 = 39
    case nvfp4 = 40

    /// How many values one block holds; a row is a whole number of blocks.
    public var blockElements: Int {
        switch self {
        case .f32, .f16, .bf16: 1
        case .q4_0, .q4_1, .q5_0, .q5_1, .q8_0, .mxfp4: 32
        case .nvfp4: 64
        case .q4_K, .q5_K, .q6_K: 256
        }
    }

    /// How many bytes one block takes.
    public var blockBytes: Int {
        switch self {
        case .f32: 4
        case .f16, .bf16: 2
        case .q4_0: 18
        case .q4_1: 20
        case .q5_0: 22
        case .q5_1: 24
        case .q8_0: 34
        case .q4_K: 144
        case .q5_K: 176
        case .q6_K: 210
        case .mxfp4: 17
        case .nvfp4: 36
        }
    }

    /// The name llama.cpp prints, such as `Q4_K`.
    public var name: String {
        switch self {
        case .q4_K: "Q4_K"
        case .q5_K: "Q5_K"
        case .q6_K: "Q6_K"
        default: "\(self)".uppercased()
        }
    }

    static var supportedNames: String { allCases.map(\.name).joined(separator: ", ") }

    /// What ggml calls a type code that is not read.
    static func nameOfUnsupported(_ code: UInt32) -> String {
        let names: [UInt32: String] = [
            9: "Q8_1", 10: "Q2_K", 11: "Q3_K", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S",
            20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 24: "I8", 25: "I16", 26: "I32", 27: "I64",
            28: "F64", 29: "IQ1_M", 34: "TQ1_0", 35: "TQ2_0", 41: "Q1_0", 42: "Q2_0",
        ]
        return names[code] ?? "unknown (code \(code))"
    }
}
