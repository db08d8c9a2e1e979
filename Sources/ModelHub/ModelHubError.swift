/// Why a model could not be found or fetched.
public enum ModelHubError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No model of that name or path is here; `suggestion` says what to do.
    case modelNotFound(name: String, suggestion: String)
    /// A name that is neither in the catalogue nor `hf:owner/name`.
    case unknownName(String, known: [String])
    /// A reference such as `hf:a/b/c` that cannot be one.
    case invalidReference(String)
    /// A file name in a repository that would be written outside its directory.
    case unsafeFileName(repository: String, file: String)
    /// The repository has nothing to run.
    case noWeights(repository: String, found: [String])
    /// The server does not know the repository, the revision or the file.
    case notFound(String)
    /// The server wants a token, or refuses the one it got.
    case notAuthorized(repository: String, hasToken: Bool)
    /// The server answered with something else than expected.
    case unexpectedResponse(url: String, found: String)
    /// The server cannot be reached, or keeps cutting the connection.
    case unreachable(url: String, reason: String)
    /// What was downloaded is not what was promised.
    case wrongChecksum(file: String, expected: String, found: String)
    /// What was downloaded has another size than promised.
    case wrongSize(file: String, expected: Int, found: Int)
    /// The disk is too full for what is to come.
    case notEnoughSpace(path: String, needed: Int, available: Int)
    /// The file system refused.
    case unwritable(path: String, reason: String)
    /// A program that fetches or unpacks failed.
    case toolFailed(tool: String, reason: String)
    /// Another process is fetching the same model.
    case busy(name: String)
    /// Every source of a model failed.
    case noSourceWorked(name: String, reasons: [String])

    /// What was found, what was expected and what to do.
    public var description: String {
        switch self {
        case .modelNotFound(let name, let suggestion):
            "there is no model '\(name)' here; \(suggestion)"
        case .unknownName(let name, let known):
            "no model is called '\(name)'; known are \(known.joined(separator: ", ")), and hf:owner/name for any "
                + "Hugging Face repository"
        case .invalidReference(let reference):
            "'\(reference)' is not a repository; expected hf:owner/name, hf:owner/name@revision or "
                + "hf:owner/name:file.gguf"
        case .unsafeFileName(let repository, let file):
            "\(repository) lists a file '\(file)', which would be written outside its directory; nothing was downloaded"
        case .noWeights(let repository, let found):
            "\(repository) has no .safetensors and no single .gguf file"
                + (found.isEmpty
                    ? ""
                    : "; choose one of its files with hf:\(repository):FILE from "
                        + found.joined(separator: ", "))
        case .notFound(let what):
            "\(what) does not exist; check the name and the revision"
        case .notAuthorized(let repository, let hasToken):
            hasToken
                ? "the token in HF_TOKEN may not read \(repository); ask for access on its page, or use another token"
                : "\(repository) is private, gated or does not exist; accept its terms on its page and set HF_TOKEN"
        case .unexpectedResponse(let url, let found):
            "\(url) answered with \(found)"
        case .unreachable(let url, let reason):
            "cannot download \(url): \(reason); run the same command again to continue where it stopped"
        case .wrongChecksum(let file, let expected, let found):
            "\(file) is damaged: its checksum is \(found), expected \(expected); it was deleted, download it again"
        case .wrongSize(let file, let expected, let found):
            "\(file) has \(found) bytes, expected \(expected)"
        case .notEnoughSpace(let path, let needed, let available):
            "\(ByteCount(needed)) are needed in \(path), but only \(ByteCount(available)) are free"
        case .unwritable(let path, let reason):
            "cannot write \(path): \(reason)"
        case .toolFailed(let tool, let reason):
            "\(tool) failed: \(reason)"
        case .busy(let name):
            "'\(name)' is being pulled by another process; wait for it, or end it"
        case .noSourceWorked(let name, let reasons):
            "'\(name)' could not be fetched:" + reasons.map { "\n  \($0)" }.joined()
        }
    }
}

/// A number of bytes as a person reads it: `93.1 MB`, in powers of ten.
public struct ByteCount: Sendable, CustomStringConvertible {
    /// The exact number.
    public let bytes: Int

    /// Wraps a number of bytes.
    public init(_ bytes: Int) { self.bytes = bytes }

    /// Three significant digits or so, with a decimal unit.
    public var description: String {
        var (value, unit) = (Double(bytes), 0)
        let units = ["B", "kB", "MB", "GB", "TB"]
        while value >= 999.5, unit < units.count - 1 { (value, unit) = (value / 1000, unit + 1) }
        let tenths = (value * 10).rounded() / 10
        return unit == 0 || value >= 99.95 ? "\(Int(value.rounded())) \(units[unit])" : "\(tenths) \(units[unit])"
    }
}
