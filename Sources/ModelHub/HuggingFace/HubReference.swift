/// A repository on Hugging Face or a server like it: `hf:owner/name[@revision][:file.gguf]`.
public struct HubReference: Sendable, Equatable, CustomStringConvertible {
    /// `owner/name`.
    public let repository: String
    /// A branch, tag or commit.
    public let revision: String
    /// The one GGUF file wanted of a repository that has several.
    public let file: String?

    /// Parses `hf:owner/name`, or returns nil for a text without that prefix.
    ///
    /// - Throws: ``ModelHubError/invalidReference(_:)`` when the prefix is there and the rest is not a repository.
    public init?(_ text: String) throws(ModelHubError) {
        guard text.hasPrefix("hf:") else { return nil }
        var rest = text.dropFirst(3)
        var file: Substring?
        if let colon = rest.firstIndex(of: ":") {
            file = rest[rest.index(after: colon)...]
            rest = rest[..<colon]
        }
        var revision: Substring = "main"
        if let at = rest.firstIndex(of: "@") {
            revision = rest[rest.index(after: at)...]
            rest = rest[..<at]
        }
        let parts = rest.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy(Self.isName),
            revision.split(separator: "/", omittingEmptySubsequences: false).allSatisfy(Self.isName),
            file.map({ Self.isName($0) && $0.hasSuffix(".gguf") }) ?? true
        else { throw .invalidReference(text) }
        repository = String(rest)
        self.revision = String(revision)
        self.file = file.map(String.init)
    }

    /// A repository's main branch, for names known to be well formed.
    init(repository: String) {
        self.repository = repository
        revision = "main"
        file = nil
    }

    /// The text it is parsed from.
    public var description: String {
        "hf:" + repository + (revision == "main" ? "" : "@" + revision) + (file.map { ":" + $0 } ?? "")
    }

    /// The name of the directory the model is kept in.
    public var directoryName: String {
        var name = repository.replacing("/", with: "--")
        if revision != "main" { name += "@" + revision.replacing("/", with: "--") }
        if let file { name += "--" + file.dropLast(".gguf".count) }
        return name
    }

    /// What Hugging Face allows in names, which is also safe in URLs and file names.
    private static func isName(_ name: some StringProtocol) -> Bool {
        !name.isEmpty && name != "." && name != ".."
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
