import Foundation

/// The models on this machine, and the way to get more.
///
/// A model appears under its name only when all of it is here and checked; an interrupted pull is continued by pulling
/// again.
public struct ModelStore: Sendable {
    /// Where things are kept.
    public let locations: ModelLocations
    /// Which server `hf:` stands for.
    public let hub: HubConfiguration
    /// Added to the environment of pip, such as `PIP_INDEX_URL`.
    package var toolEnvironment: [String: String] = [:]

    /// A store in these places; by default those of the environment.
    public init(locations: ModelLocations = ModelLocations(), hub: HubConfiguration = HubConfiguration()) {
        self.locations = locations
        self.hub = hub
    }

    /// A model that is here.
    public struct InstalledModel: Sendable, Equatable {
        /// The name of its directory.
        public let name: String
        /// Its directory.
        public let directory: URL
        /// The bytes of its files.
        public let byteCount: Int
    }

    /// The models that are here, by name.
    public func installedModels() -> [InstalledModel] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: locations.models.path)) ?? []
        return names.sorted().filter { !$0.hasPrefix(".") && locations.isInstalled($0) }.map { name in
            let directory = locations.directory(of: name)
            let files = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
            let sizes = files.map { FileSystem.size(of: directory.appending(path: $0)) }
            return InstalledModel(name: name, directory: directory, byteCount: sizes.reduce(0, +))
        }
    }

    /// Fetches a model by its catalogue name or as `hf:owner/name[@revision][:file.gguf]`; returns its directory at
    /// once if it is here already.
    ///
    /// The sources of a catalogue entry are tried in order until one works.
    ///
    /// - Throws: ``ModelHubError``, or `CancellationError`.
    public func pull(
        _ name: String, progress: @escaping @Sendable (PullProgress) -> Void = { _ in }
    ) async throws -> URL {
        if let reference = try HubReference(name) {
            return try await pull(reference.directoryName, from: [.huggingFace(reference)], progress)
        }
        guard let entry = ModelCatalogue.entry(named: name) else {
            throw ModelHubError.unknownName(name, known: ModelCatalogue.entries.map(\.name))
        }
        return try await pull(entry.name, from: entry.sources, progress)
    }

    /// Fetches a model from the first of these sources that works, and keeps it under `name`.
    package func pull(
        _ name: String, from sources: [ModelSource], _ progress: @escaping @Sendable (PullProgress) -> Void
    ) async throws -> URL {
        let target = locations.directory(of: name)
        if locations.isInstalled(name) { return target }
        try FileSystem.makeDirectory(locations.downloads)
        try FileSystem.makeDirectory(locations.models)
        let lock = try FileLock(locations.downloads.appending(path: name + ".lock"), name: name)
        defer { lock.release() }
        if locations.isInstalled(name) { return target }
        var failures: [any Error] = []
        for source in sources {
            let pull = ModelPull(name: name, store: self, progress: progress)
            do { return try await pull.run(source) } catch let error as ModelHubError {
                guard error.concernsOneSource else { throw error }
                failures.append(error)
            }
        }
        guard failures.count > 1 else { throw failures[0] }
        let reasons = zip(sources, failures).map { "from \($0): \($1)" }
        throw ModelHubError.noSourceWorked(name: name, reasons: reasons)
    }
}

extension ModelHubError {
    /// Whether another source may do better; a full disk is full for all of them.
    fileprivate var concernsOneSource: Bool {
        switch self {
        case .notEnoughSpace, .unwritable, .busy: false
        default: true
        }
    }
}
