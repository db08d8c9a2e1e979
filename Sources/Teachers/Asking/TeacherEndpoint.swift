import AsyncHTTPClient
import Foundation
import JSON
import NIOCore
import NIOHTTP1

/// Requests to one API, whole answers at a time.
final class TeacherEndpoint: Sendable {
    /// Before the paths of requests.
    let base: String
    private let headers: [(String, String)]
    private let seconds: Double
    private let client: HTTPClient
    private static let longestAnswer = 1 << 24
    private static let shownOfError = 300

    /// - Parameters:
    ///   - headers: Sent with each request, and nowhere else.
    ///   - seconds: In which an answer must be there.
    init(base: String, headers: [(String, String)], seconds: Double) {
        self.base = base
        self.headers = headers
        self.seconds = seconds
        var options = HTTPClient.Configuration()
        options.timeout = .init(connect: .seconds(10), read: .milliseconds(Int64(seconds * 1000)))
        options.connectionPool.retryConnectionEstablishment = false
        // The key must not follow to another server.
        options.redirectConfiguration = .disallow
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: options)
    }

    deinit { client.shutdown { _ in } }

    /// Posts `body`, or gets where there is none.
    func request(_ path: String, _ body: JSONValue? = nil) async throws(TeacherError) -> JSONValue {
        var request = HTTPClientRequest(url: base + path)
        request.headers.add(name: "User-Agent", value: "annie")
        request.headers.add(name: "Accept", value: "application/json")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body {
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body.text(.compact)))
        }
        let deadline = ContinuousClock.now + .seconds(seconds)
        let response: HTTPClientResponse
        do { response = try await client.execute(request, timeout: .milliseconds(Int64(seconds * 1000))) } catch {
            throw failure(error, hasBegun: false)
        }
        let bytes: [UInt8]
        do { bytes = try await Self.collected(response.body, before: deadline) } catch {
            throw failure(error, hasBegun: true)
        }
        guard (200..<300).contains(response.status.code) else { throw refusal(response, bytes) }
        do { return try JSONValue(parsing: bytes) } catch {
            throw .malformed(place: base, found: "an answer that is not JSON")
        }
    }

    /// The whole body. The client's own limit is only for the answer's head.
    private static func collected(
        _ body: HTTPClientResponse.Body, before deadline: ContinuousClock.Instant
    ) async throws -> [UInt8] {
        try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask { Array(try await body.collect(upTo: longestAnswer).readableBytesView) }
            group.addTask {
                try await Task.sleep(until: deadline, clock: .continuous)
                return nil
            }
            defer { group.cancelAll() }
            guard let bytes = try await group.next() ?? nil else { throw HTTPClientError.deadlineExceeded }
            return bytes
        }
    }

    private func refusal(_ response: HTTPClientResponse, _ bytes: [UInt8]) -> TeacherError {
        let json = try? JSONValue(parsing: bytes)
        let told = json?["error"]?["message"]?.string ?? json?["error"]?.string ?? json?["detail"]?.string
        let text = (told ?? String(decoding: bytes.prefix(4096), as: UTF8.self))
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return .refused(
            place: base, status: Int(response.status.code),
            message: text.isEmpty ? response.status.reasonPhrase : String(text.prefix(Self.shownOfError)),
            waitSeconds: response.headers.first(name: "Retry-After").flatMap { Self.seconds($0, now: Date()) })
    }

    /// The header's seconds, or until its date.
    static func seconds(_ header: String, now: Date) -> Double? {
        let text = header.trimmingCharacters(in: .whitespaces)
        if let seconds = Double(text) { return seconds.isFinite && seconds >= 0 ? seconds : nil }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = .gmt
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return format.date(from: text).map { max(0, $0.timeIntervalSince(now)) }
    }

    private func failure(_ error: any Error, hasBegun: Bool) -> TeacherError {
        if error is CancellationError || Task.isCancelled { return .cancelled }
        switch error as? HTTPClientError {
        case .readTimeout?, .deadlineExceeded?: return .tooSlow(place: base, seconds: seconds)
        case .cancelled?: return .cancelled
        // The connection was there, and then was not.
        case .remoteConnectionClosed?: return .brokeOff(place: base, reason: "the connection was closed")
        default: break
        }
        if error is NIOTooManyBytesError {
            return .malformed(place: base, found: "more than \(Self.longestAnswer >> 20) MiB")
        }
        let reason = String("\(error)".prefix(160))
        return hasBegun ? .brokeOff(place: base, reason: reason) : .unreachable(place: base, reason: reason)
    }
}
