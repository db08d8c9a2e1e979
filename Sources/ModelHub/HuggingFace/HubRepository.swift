import JSON

/// A file in a repository, as the server lists it.
struct HubFile: Sendable, Equatable {
    let name: String
    /// Bytes; nil when the server does not say.
    let size: Int?
    let checksum: Checksum?

    /// What the content must digest to.
    enum Checksum: Sendable, Equatable {
        /// Large files: SHA-256 of the content.
        case sha256(String)
        /// Small files: git's SHA-1 of the blob.
        case gitBlob(String)
    }
}

/// A repository at one commit.
struct HubRepository: Sendable, Equatable {
    let name: String
    /// The commit that the revision stood for when it was asked; all files are fetched from this one.
    let commit: String
    let files: [HubFile]

    /// Parses the answer of `/api/models/REPOSITORY/revision/REVISION?blobs=true`.
    init(name: String, revision: String, json: JSONValue, url: String) throws(ModelHubError) {
        guard let siblings = json["siblings"]?.array else {
            throw .unexpectedResponse(url: url, found: "JSON without a list of files ('siblings')")
        }
        self.name = name
        commit = json["sha"]?.string ?? revision
        guard Self.isSafe(commit) else {
            throw .unexpectedResponse(url: url, found: "a commit '\(commit.prefix(80))'")
        }
        var files: [HubFile] = []
        for sibling in siblings {
            guard let file = sibling["rfilename"]?.string else {
                throw .unexpectedResponse(url: url, found: "a file without a name")
            }
            guard Self.isSafe(file) else { throw .unsafeFileName(repository: name, file: file) }
            files.append(HubFile(name: file, size: Self.size(sibling), checksum: Self.checksum(sibling)))
        }
        self.files = files
    }

    private static func size(_ sibling: JSONValue) -> Int? {
        let size = sibling["lfs"]?["size"]?.integer ?? sibling["size"]?.integer
        return size.flatMap { (0..<1 << 50).contains($0) ? $0 : nil }
    }

    private static func checksum(_ sibling: JSONValue) -> HubFile.Checksum? {
        if let sha256 = sibling["lfs"]?["sha256"]?.string { return .sha256(sha256.lowercased()) }
        // A file in LFS has the blob of its pointer here, which says nothing about the content.
        if let lfs = sibling["lfs"], !lfs.isNull { return nil }
        return (sibling["blobId"]?.string).map { .gitBlob($0.lowercased()) }
    }

    /// A relative path that stays below its directory on every system.
    static func isSafe(_ path: String) -> Bool {
        let components = path.split(separator: "/", omittingEmptySubsequences: false)
        return !path.isEmpty && path.utf8.count < 1024
            && !path.unicodeScalars.contains { $0.value < 32 || $0 == "\\" || $0 == ":" }
            && components.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
    }
}

extension HubRepository {
    private static let wantedNames: Set<String> = [
        "config.json", "generation_config.json", "hf_quant_config.json", "special_tokens_map.json",
        "added_tokens.json", "vocab.json", "merges.txt", "model.safetensors.index.json",
    ]

    /// The files that a model needs to run: configuration, tokenizer, template and safetensors; a GGUF file when there
    /// are no safetensors or when `file` asks for it.
    func neededFiles(file wanted: String?) throws(ModelHubError) -> [HubFile] {
        if let wanted {
            guard let file = files.first(where: { $0.name == wanted }) else {
                throw .notFound("the file \(wanted) in \(name)")
            }
            return [file]
        }
        // Subdirectories hold other formats of the same weights.
        let top = files.filter { !$0.name.contains("/") }
        let safetensors = top.filter { $0.name.hasSuffix(".safetensors") }
        // Some makers ship their own single-file layout beside Hugging Face's.
        let model = safetensors.filter { $0.name.hasPrefix("model") }
        if !safetensors.isEmpty { return top.filter(Self.isSupport) + (model.isEmpty ? safetensors : model) }
        let gguf = top.filter { $0.name.hasSuffix(".gguf") }
        guard gguf.count == 1 else { throw .noWeights(repository: name, found: gguf.map(\.name)) }
        return gguf
    }

    private static func isSupport(_ file: HubFile) -> Bool {
        wantedNames.contains(file.name) || file.name.hasPrefix("chat_template.")
            || (file.name.hasPrefix("tokenizer") && file.name.hasSuffix(".json"))
    }
}
