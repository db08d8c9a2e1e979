import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Brings files of a repository into a staging directory: continues `.part` files and checks every one.
struct HubDownloader {
    let connection: HubConnection
    let repository: HubRepository
    let staging: URL
    let meter: ProgressMeter

    /// The file, complete and checked.
    @discardableResult
    func fetch(_ file: HubFile) async throws -> URL {
        let target = staging.appending(path: file.name)
        // Files get their final name only after the check, so one that is here needs no other.
        if FileManager.default.fileExists(atPath: target.path) {
            meter.skip(size(target))
            return target
        }
        let part = target.appendingPathExtension("part")
        let resumed = size(part)
        meter.skip(resumed)
        try await download(file, to: part)
        do { try verify(file, part) } catch let error as ModelHubError where resumed > 0 {
            // What an earlier attempt left behind may be the damaged half.
            guard case .wrongChecksum = error else { throw error }
            try await download(file, to: part)
            try verify(file, part)
        }
        try FileManager.default.moveItem(at: part, to: target)
        return target
    }

    private func download(_ file: HubFile, to part: URL) async throws {
        meter.enter(.downloading, file: file.name)
        let url = connection.url(of: file.name, in: repository)
        try await connection.retrying(url) {
            let start = size(part)
            if let size = file.size, start == size, start > 0 { return }
            if let size = file.size, start > size { try discard(part) }
            try await receive(file, into: part, url: url)
        }
    }

    private func receive(_ file: HubFile, into part: URL, url: String) async throws {
        let start = size(part)
        let response = try await connection.file(file.name, of: repository, from: start)
        switch response.status {
        case .partialContent where continues(response, at: start): break
        case .ok: if start > 0 { try discard(part) }
        case .partialContent, .rangeNotSatisfiable:
            try discard(part)
            throw PassingFailure(reason: "the server could not continue \(file.name)", wait: .zero)
        default: throw connection.failure(response, url: url, what: "\(file.name) in \(repository.name)")
        }
        try await append(response.body, file, to: part)
        let received = size(part)
        if let expected = file.size, received < expected {
            throw PassingFailure(reason: "the connection was cut after \(received) of \(expected) bytes")
        }
    }

    private func append(_ body: HTTPClientResponse.Body, _ file: HubFile, to part: URL) async throws {
        let output = try PartFile(part)
        defer { output.close() }
        for try await piece in body {
            if let expected = file.size, output.size + piece.readableBytes > expected {
                try discard(part)
                throw ModelHubError.wrongSize(
                    file: file.name, expected: expected, found: output.size + piece.readableBytes)
            }
            try piece.withUnsafeReadableBytes { try output.append($0) }
            meter.add(piece.readableBytes)
        }
    }

    /// Whether a partial response starts where the file stops.
    private func continues(_ response: HTTPClientResponse, at start: Int) -> Bool {
        response.headers.first(name: "Content-Range")?.hasPrefix("bytes \(start)-") ?? false
    }

    private func verify(_ file: HubFile, _ part: URL) throws {
        meter.enter(.verifying, file: file.name)
        let (expected, found): (String, String)
        switch file.checksum {
        case .sha256(let digest): (expected, found) = (digest, try FileDigest.sha256(part))
        case .gitBlob(let digest): (expected, found) = (digest, try FileDigest.gitBlob(part))
        case nil: return
        }
        guard found == expected else {
            try discard(part)
            throw ModelHubError.wrongChecksum(file: file.name, expected: expected, found: found)
        }
    }

    private func discard(_ part: URL) throws {
        meter.skip(-size(part))
        guard FileManager.default.fileExists(atPath: part.path) else { return }
        do { try FileManager.default.removeItem(at: part) } catch {
            throw ModelHubError.unwritable(path: part.path, reason: "\(error.localizedDescription)")
        }
    }

    private func size(_ file: URL) -> Int {
        (try? FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int) ?? 0
    }
}

/// A file that only grows.
private final class PartFile {
    private let descriptor: Int32
    private let path: String
    private(set) var size: Int

    init(_ url: URL) throws(ModelHubError) {
        path = url.path
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .unwritable(path: url.path, reason: String(cString: strerror(errno)))
        }
        size = Int(lseek(descriptor, 0, SEEK_END))
    }

    func append(_ bytes: UnsafeRawBufferPointer) throws(ModelHubError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .unwritable(path: path, reason: String(cString: strerror(errno))) }
            rest = rest.dropFirst(count)
            size += count
        }
    }

    func close() { _ = Foundation.close(descriptor) }
}
