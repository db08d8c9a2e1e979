import AsyncHTTPClient
import Foundation
import JSON
import NIOCore
import NIOHTTP1

/// Requests to one OpenAI-compatible server.
package final class OpenAIEndpoint: Sendable {
    /// Up to and with `/v1`, or what the server has for it.
    let base: String
    private let key: String?
    private let silenceLimit: Double
    private let client: HTTPClient
    private static let longestErrorBody = 1 << 16
    private static let shownOfErrorBody = 300

    init(url: String, key: String?, silenceLimit: Double) {
        base = Self.base(of: url)
        self.key = key
        self.silenceLimit = silenceLimit
        var options = HTTPClient.Configuration()
        options.timeout = .init(connect: .seconds(10), read: .milliseconds(Int64(silenceLimit * 1000)))
        // A user who waits for an answer is better told at once that nobody is there.
        options.connectionPool.retryConnectionEstablishment = false
        // The key must not follow to another server.
        options.redirectConfiguration = .disallow
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: options)
    }

    deinit { client.shutdown { _ in } }

    /// The address before `/chat/completions`; a bare server gets OpenAI's `/v1`.
    package static func base(of url: String) -> String {
        var base = url.trimmingCharacters(in: .whitespacesAndNewlines)
        while base.hasSuffix("/") { base.removeLast() }
        if base.hasSuffix("/chat/completions") { base.removeLast("/chat/completions".count) }
        if !base.contains("://") { base = "http://" + base }
        let path = base.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)
        return path.count < 3 ? base + "/v1" : base
    }

    /// Sends a request, and gives the response once its status is good.
    func request(_ path: String, body: JSONValue? = nil) async throws -> HTTPClientResponse {
        let url = base + path
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "User-Agent", value: "annie")
        request.headers.add(name: "Accept", value: "text/event-stream, application/json")
        if let key, !key.isEmpty { request.headers.add(name: "Authorization", value: "Bearer \(key)") }
        if let body {
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body.text(.compact)))
        }
        let response: HTTPClientResponse
        do { response = try await client.execute(request, deadline: .distantFuture) } catch {
            throw failure(error, hasBegun: false)
        }
        guard (200..<300).contains(response.status.code) else {
            throw ChatModelError.refused(
                url: base, status: Int(response.status.code), body: await Self.errorText(of: response))
        }
        return response
    }

    /// The error that a failed request comes to.
    func failure(_ error: any Error, hasBegun: Bool) -> any Error {
        if error is CancellationError || error is ChatModelError { return error }
        switch error as? HTTPClientError {
        case .readTimeout?, .deadlineExceeded?: return ChatModelError.silent(url: base, seconds: silenceLimit)
        case .cancelled?: return CancellationError()
        default: break
        }
        let reason = String("\(error)".prefix(120))
        return hasBegun
            ? ChatModelError.connectionLost(url: base, reason: reason)
            : ChatModelError.unreachable(url: base, reason: reason)
    }

    /// What the server says of an error, shortened to a line.
    private static func errorText(of response: HTTPClientResponse) async -> String {
        var bytes: [UInt8] = []
        do {
            for try await part in response.body {
                bytes += part.readableBytesView
                if bytes.count > longestErrorBody { break }
            }
        } catch {
            // What has come is all there is to tell.
        }
        let json = try? JSONValue(parsing: bytes)
        let message = json?["error"]?["message"]?.string ?? json?["error"]?.string ?? json?["detail"]?.string
        let text = oneLine(message ?? String(decoding: bytes, as: UTF8.self))
        return text.count <= shownOfErrorBody ? text : text.prefix(shownOfErrorBody) + "…"
    }
}
