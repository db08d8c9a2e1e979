import Foundation

/// Finds the directory of a model that a person has named.
public struct ModelLocator: Sendable {
    private let locations: ModelLocations

    /// Looks in these places.
    public init(_ locations: ModelLocations = ModelLocations()) { self.locations = locations }

    /// The directory for a catalogue name, a reference such as `hf:owner/name`, or a path.
    ///
    /// A path wins over a name when both exist and it is written as a path (`./name`, `/…`, `~/…`).
    ///
    /// - Throws: ``ModelHubError/modelNotFound(name:suggestion:)``, which says how to get the model.
    public func resolve(_ text: String) throws(ModelHubError) -> URL {
        if let reference = try HubReference(text) {
            guard locations.isInstalled(reference.directoryName) else {
                throw .modelNotFound(name: text, suggestion: "run 'annie pull \(text)'")
            }
            return locations.directory(of: reference.directoryName)
        }
        if Self.isName(text), locations.isInstalled(text) { return locations.directory(of: text) }
        let path = URL(filePath: (text as NSString).expandingTildeInPath)
        if FileManager.default.fileExists(atPath: path.appending(path: "config.json").path) { return path }
        throw .modelNotFound(name: text, suggestion: suggestion(text, path))
    }

    private func suggestion(_ text: String, _ path: URL) -> String {
        if ModelCatalogue.entry(named: text) != nil { return "run 'annie pull \(text)'" }
        if text.hasSuffix(".gguf"), FileManager.default.fileExists(atPath: path.path) {
            return "a GGUF file is imported first: 'annie import \(text) -o DIRECTORY'"
        }
        if FileManager.default.fileExists(atPath: path.path) {
            return "the path has no config.json; expected a Hugging Face directory"
        }
        let names = ModelCatalogue.entries.map(\.name).joined(separator: ", ")
        return "it is neither a path nor a known name. 'annie pull NAME' fetches one of \(names), or hf:owner/name"
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && !text.contains("/") && !text.hasPrefix(".") && !text.hasPrefix("~")
    }
}
