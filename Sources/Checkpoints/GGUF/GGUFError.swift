/// Why a file is not a GGUF file that can be used.
public enum GGUFError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file could not be opened, read or written; the reason is the system's.
    case inaccessible(path: String, reason: String)
    /// The first four bytes are not `GGUF`.
    case notGGUF(path: String)
    /// A version other than 2 or 3, or a big-endian file.
    case unsupportedVersion(String)
    /// The file ends inside `what`, which starts at byte `offset`.
    case truncated(what: String, offset: Int)
    /// A count, length, type or offset that cannot be true.
    case invalid(String)
    /// A tensor in a format that is not read.
    case unsupportedTensorType(tensor: String, type: String)
    /// A model family that is not known.
    case unsupportedArchitecture(String)
    /// Something this model has and this program does not do.
    case unsupportedFeature(String)
    /// A metadata key that is needed and absent.
    case missingKey(String)
    /// A metadata key whose value has another type than it must have.
    case wrongType(key: String, expected: String, found: String)
    /// A tensor that is needed and absent.
    case missingTensor(String)
    /// A tensor whose shape is not what the metadata promise.
    case wrongShape(tensor: String, expected: [Int], found: [Int])

    /// What was found, what was expected and what to do.
    public var description: String {
        switch self {
        case .inaccessible(let path, let reason):
            "cannot access '\(path)': \(reason)"
        case .notGGUF(let path):
            "'\(path)' is not a GGUF file: it does not start with the bytes 'GGUF'"
        case .unsupportedVersion(let found):
            "GGUF \(found) is not supported; expected version 2 or 3, little-endian. Convert the file again with a current llama.cpp"
        case .truncated(let what, let offset):
            "the GGUF file ends inside \(what) (at byte \(offset)); download or copy it again"
        case .invalid(let what):
            "invalid GGUF file: \(what)"
        case .unsupportedTensorType(let tensor, let type):
            "tensor '\(tensor)' has the type \(type), which is not read; supported are \(GGUFTensorType.supportedNames)"
        case .unsupportedArchitecture(let name):
            "the architecture '\(name)' is not supported; supported are \(GGUFArchitecture.supportedNames)"
        case .unsupportedFeature(let what):
            "not supported: \(what)"
        case .missingKey(let key):
            "the GGUF file has no metadata key '\(key)', which this model needs"
        case .wrongType(let key, let expected, let found):
            "the metadata key '\(key)' should be \(expected) but is \(found)"
        case .missingTensor(let name):
            "the GGUF file has no tensor '\(name)', which this model needs"
        case .wrongShape(let tensor, let expected, let found):
            "tensor '\(tensor)' has the shape \(found), but its metadata ask for \(expected)"
        }
    }
}
