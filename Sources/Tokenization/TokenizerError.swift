/// Why a tokenizer could not be loaded: what was found, what was expected, and what to do.
public enum TokenizerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A file that must exist does not, or cannot be read.
    case unreadableFile(path: String, reason: String)
    /// A file is not JSON.
    case invalidJSON(file: String, reason: String)
    /// A field is absent or of the wrong type; `field` is its path, such as `model.merges[3]`.
    case malformed(field: String, expected: String, found: String)
    /// A component that this tokenizer does not implement.
    case unsupported(component: String, found: String, supported: [String])
    /// A merge whose left part, right part or result is not in the vocabulary.
    case unknownTokenInMerge(index: Int, token: String)
    /// Two tokens claim one id.
    case duplicateID(Int, first: String, second: String)
    /// One token has two ids.
    case duplicateToken(String, first: Int, second: Int)
    /// An id below 0 or above what a vocabulary may hold.
    case idOutOfRange(token: String, id: Int, maximum: Int)
    /// A pretokenizer's regular expression that cannot be compiled; `offset` counts Unicode scalars.
    case invalidPattern(String, offset: Int, reason: String)
    /// A line of a tiktoken rank file that is not `base64 rank`; lines count from 1.
    case invalidRank(line: Int, reason: String)

    /// A sentence for the person who has to act on it.
    public var description: String {
        switch self {
        case .unreadableFile(let path, let reason):
            "cannot read the tokenizer file \(path): \(reason)"
        case .invalidJSON(let file, let reason):
            "\(file) is not valid JSON: \(reason)"
        case .malformed(let field, let expected, let found):
            "tokenizer field '\(field)': expected \(expected), found \(found)"
        case .unsupported(let component, let found, let supported):
            "tokenizer \(component) '\(found)' is not supported; supported: \(supported.joined(separator: ", "))"
        case .unknownTokenInMerge(let index, let token):
            "merge \(index) names '\(token)', which is not in the vocabulary; the tokenizer file is damaged or edited"
        case .duplicateID(let id, let first, let second):
            "tokens '\(first)' and '\(second)' both have id \(id); every token needs its own"
        case .duplicateToken(let token, let first, let second):
            "token '\(token)' has two ids, \(first) and \(second)"
        case .idOutOfRange(let token, let id, let maximum):
            "token '\(token)' has id \(id); ids run from 0 to \(maximum)"
        case .invalidPattern(let pattern, let offset, let reason):
            "the pattern \(pattern) cannot be used (at character \(offset)): \(reason)"
        case .invalidRank(let line, let reason):
            "line \(line) of the rank file: \(reason); expected 'base64 rank'"
        }
    }
}
