/// Why a checkpoint cannot be read or written: which file, which tensor, what was found and what to do.
public struct CheckpointError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What sort of failure this is, for code that decides by it.
    public enum Kind: Sendable, Equatable {
        /// A file, a tensor or a key is not there.
        case missing
        /// The operating system refused to open, map or read a file.
        case unreadable
        /// The bytes contradict themselves or their format.
        case malformed
        /// Two parts of a checkpoint disagree, such as a shape and the configuration.
        case mismatched
        /// Well formed, but something this program does not do.
        case unsupported
        /// The destination exists, or could not be written.
        case unwritable
    }

    /// What sort of failure this is.
    public let kind: Kind
    /// The file or directory it was found in.
    public let file: String
    /// The tensor it concerns, if one.
    public let tensor: String?
    /// What was found, what was expected and what to do.
    public let message: String

    /// An error about a file, and perhaps one tensor in it.
    public init(_ kind: Kind, file: String, tensor: String? = nil, _ message: String) {
        self.kind = kind
        self.file = file
        self.tensor = tensor
        self.message = message
    }

    /// One line: file, tensor, message.
    public var description: String {
        tensor.map { "\(file): tensor '\($0)': \(message)" } ?? "\(file): \(message)"
    }
}
