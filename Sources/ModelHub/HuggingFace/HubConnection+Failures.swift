import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// A failure that may pass, so the request is worth repeating.
struct PassingFailure: Error {
    let reason: String
    /// How long the server asked us to wait.
    var wait: Duration?
}

extension HubConnection {
    /// What a response that is not a success means.
    func failure(_ response: HTTPClientResponse, url: String, what: String) -> any Error {
        let repository = what.split(separator: " ").last.map(String.init) ?? what
        switch response.status.code {
        case 401, 403:
            return ModelHubError.notAuthorized(repository: repository, hasToken: configuration.token != nil)
        case 404:
            return ModelHubError.notFound(what)
        case 408, 429, 500...599:
            let wait = response.headers.first(name: "Retry-After").flatMap(Int.init)
            let limited = wait.map { Duration.seconds(min(max(0, $0), 60)) }
            return PassingFailure(reason: "the server answered \(response.status)", wait: limited)
        default:
            return ModelHubError.unexpectedResponse(url: url, found: "\(response.status)")
        }
    }

    /// Repeats `body` after failures that may pass, waiting twice as long each time.
    func retrying<R: Sendable>(_ url: String, _ body: () async throws -> R) async throws -> R {
        var wait = configuration.backoff
        var attempts = 0
        while true {
            do { return try await body() } catch {
                guard let passing = Self.passing(error) else { throw error }
                attempts += 1
                guard attempts <= configuration.retries else {
                    throw ModelHubError.unreachable(url: url, reason: passing.reason)
                }
                try await Task.sleep(for: passing.wait ?? wait)
                wait *= 2
            }
        }
    }

    /// Whether an error may pass: all but our own verdicts, and what cannot be repeated.
    private static func passing(_ error: any Error) -> PassingFailure? {
        switch error {
        case let failure as PassingFailure: failure
        case is ModelHubError, is CancellationError: nil
        case let error as HTTPClientError where error == .cancelled || error == .invalidURL: nil
        case let error as HTTPClientError: PassingFailure(reason: error.shortDescription)
        default: PassingFailure(reason: "\(error)")
        }
    }
}
