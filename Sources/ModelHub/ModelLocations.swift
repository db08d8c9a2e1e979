import Foundation

/// Where models and downloads are kept.
public struct ModelLocations: Sendable, Equatable {
    /// One directory a model.
    public var models: URL
    /// Downloads in progress; safe to delete when none runs.
    public var downloads: URL
    /// Files kept as they came out of Python wheels.
    public var wheels: URL
    /// Weights of large models in the form they are computed with; safe to delete.
    public var packed: URL

    /// `ANNIE_MODELS` for the models, `ANNIE_CACHE` (default `~/.cache/annie`) for the rest.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        let cache = Self.directory(environment["ANNIE_CACHE"]) ?? Self.home(environment).appending(path: ".cache/annie")
        self.init(cache: cache, models: Self.directory(environment["ANNIE_MODELS"]))
    }

    /// Everything under `cache`, and models elsewhere if `models` says so.
    public init(cache: URL, models: URL? = nil) {
        self.models = models ?? cache.appending(path: "models")
        downloads = cache.appending(path: "downloads")
        wheels = cache.appending(path: "wheels")
        packed = cache.appending(path: "packed")
    }

    /// Where the model of that name is, or would be.
    public func directory(of name: String) -> URL { models.appending(path: name) }

    /// Whether the model of that name is there; a directory appears only when it is complete.
    public func isInstalled(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: directory(of: name).appending(path: "config.json").path)
    }

    private static func directory(_ path: String?) -> URL? {
        guard let path, !path.isEmpty else { return nil }
        return URL(filePath: (path as NSString).expandingTildeInPath)
    }

    private static func home(_ environment: [String: String]) -> URL {
        directory(environment["HOME"]) ?? FileManager.default.homeDirectoryForCurrentUser
    }
}
