import Checkpoints
import Compute
import Crypto
import Foundation
import ModelHub
import Teaching

/// Finds the directory of a model that a person has named, and brings it here where that is expected.
struct ModelFinder {
    private static let quantizedSuffix = "-nvfp4"
    private let store = ModelStore()

    /// The directory of a model that is here, or that we quantise ourselves from the catalogue (`smollm2-135m-nvfp4`),
    /// which is done once, on first use.
    func directory(of name: String) async throws -> URL {
        if name == Self.taughtName, let adapter = Self.taughtAdapter { return try await taught(adapter) }
        if let base = Self.quantizedBase(of: name), !store.locations.isInstalled(name) {
            return try await quantized(base, name: name)
        }
        return try ModelLocator(store.locations).resolve(name)
    }

    /// What `annie up` serves for a name: a model of the catalogue in its quantised form.
    static func quantizedName(of name: String) -> String {
        ModelCatalogue.entry(named: name) == nil ? name : name + quantizedSuffix
    }

    /// What clients call the model: its name, or the last part of its path.
    static func publicName(of name: String) -> String {
        let last = URL(filePath: name).lastPathComponent
        return last.isEmpty ? name : last
    }

    /// Fetches a model, with a progress line; returns at once if it is here.
    func pull(_ name: String) async throws -> URL {
        let line = PullLine(name)
        let directory = try await store.pull(name) { line.show($0) }
        line.finish()
        return directory
    }

    private func quantized(_ base: String, name: String) async throws -> URL {
        let source = try await pull(base)
        let target = store.locations.directory(of: name)
        var options = QuantizationOptions()
        // Loses least of the three methods: 0.10 to 0.18 nats a token on SmolLM2 and three English texts, where `max`
        // loses 0.11 to 0.26 and `mse` 0.13 to 0.22.
        options.method = .fourOverSix
        options.threads = ProcessInfo.processInfo.activeProcessorCount
        options.overwrites = true
        // Made under another name and then moved, so that the model is there only when it is whole.
        let unfinished = store.locations.models.appending(path: ".\(name).\(ProcessInfo.processInfo.processIdentifier)")
        defer { try? FileManager.default.removeItem(at: unfinished) }
        try quantizeModel(source, to: unfinished, options: options)
        try AdvisedSampling.fill(unfinished, for: base)
        if !store.locations.isInstalled(name) { try FileManager.default.moveItem(at: unfinished, to: target) }
        return target
    }

    // MARK: The taught persona

    /// The name of the model that was taught to be Annie.
    static let taughtName = "annie"

    /// What she was taught, where the project's files are at hand.
    static var taughtAdapter: URL? { ProjectFiles.url("Personas/annie/adapter") }

    /// What `annie up` serves where nobody names a model: Annie herself, unless another persona is asked for.
    static func companionName(_ configuration: Configuration, model: String?, persona: String?) throws -> String {
        if let name = try configuration.explicit(OptionTable.model, model) { return quantizedName(of: name) }
        let isAnnie = try configuration.optional(OptionTable.persona, persona) == nil
        return isAnnie && taughtAdapter != nil ? taughtName : try configuration.value(OptionTable.model)
    }

    /// Whether the model can be served without a download.
    func isHere(_ name: String) -> Bool {
        if name == Self.taughtName, let adapter = Self.taughtAdapter.flatMap({ try? TaughtAdapter(directory: $0) }) {
            return store.locations.isInstalled(adapter.base)
        }
        return store.locations.isInstalled(name) || FileManager.default.fileExists(atPath: name + "/config.json")
    }

    /// The base with the adapter folded in, made at first use and again when the adapter has changed.
    private func taught(_ directory: URL) async throws -> URL {
        let adapter = try TaughtAdapter(directory: directory)
        let digest = try AdapterDigest.of(directory)
        let target = store.locations.directory(of: "\(Self.taughtName)-\(digest.prefix(12))")
        defer { store.keepTaught(target, of: Self.taughtName) }
        guard !FileManager.default.fileExists(atPath: target.path) else { return target }
        let base = try await pull(adapter.base)
        note("Teaching \(adapter.base) to be Annie …")
        let unfinished = store.locations.models.appending(
            path: ".\(Self.taughtName).\(ProcessInfo.processInfo.processIdentifier)")
        defer { try? FileManager.default.removeItem(at: unfinished) }
        try adapter.makeCheckpoint(
            base: base, output: unfinished, overwrites: true,
            workers: WorkerPool(threads: ProcessInfo.processInfo.activeProcessorCount))
        try AdvisedSampling.fill(unfinished, for: adapter.base)
        try FileManager.default.moveItem(at: unfinished, to: target)
        return target
    }

    /// `smollm2-135m` for `smollm2-135m-nvfp4`, if the catalogue has it.
    static func quantizedBase(of name: String) -> String? {
        guard name.hasSuffix(quantizedSuffix) else { return nil }
        let base = String(name.dropLast(quantizedSuffix.count))
        return ModelCatalogue.entry(named: base) == nil ? nil : base
    }
}

/// What tells one adapter from another.
private enum AdapterDigest {
    static func of(_ directory: URL) throws -> String {
        var hash = SHA256()
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted() {
            hash.update(data: Data(name.utf8))
            hash.update(data: try Data(contentsOf: directory.appending(path: name)))
        }
        return hash.finalize().map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
