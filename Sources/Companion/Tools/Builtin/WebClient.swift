import AsyncHTTPClient
import Foundation
import JSON
import NIOCore
import NIOHTTP1

/// HTTP with a limit on everything: time, size and redirects.
struct WebClient: Sendable {
    /// For the whole of a request, until the last byte of the answer.
    var timeLimit = Duration.seconds(8)
    /// Of an answer, after decompression.
    var maximumBytes = 2 << 20

    /// One for the process: its connections are closed when they have been idle for a while.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        // Keys are sent in headers; they shall not follow a redirect to elsewhere.
        configuration.redirectConfiguration = .disallow
        configuration.timeout = .init(connect: .seconds(5))
        configuration.decompression = .enabled(limit: .size(16 << 20))
        configuration.connectionPool.idleTimeout = .seconds(30)
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// The JSON that the service answers with.
    ///
    /// - Parameter service: Its name in errors.
    /// - Throws: ``ToolError``, which never holds a key or the query.
    func json(_ request: HTTPClientRequest, from service: String) async throws -> JSONValue {
        let (status, body): (HTTPResponseStatus, ByteBuffer)
        do {
            (status, body) = try await withDeadline(timeLimit) { [maximumBytes] in
                let response = try await Self.client.execute(request, timeout: .hours(1))
                return (response.status, try await response.body.collect(upTo: maximumBytes))
            }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw ToolError(failure(error, service))
        }
        guard status == .ok else { throw ToolError(Self.refusal(status, service)) }
        guard let json = try? JSONValue(parsing: body.readableBytesView, maximumDepth: 64) else {
            throw ToolError("\(service) answered with something that is not JSON; go on without a search")
        }
        return json
    }

    private func failure(_ error: any Error, _ service: String) -> String {
        switch error {
        case is DeadlineExceeded: "\(service) did not answer within \(timeLimit.inWords)"
        case is NIOTooManyBytesError: "\(service) sent more than \(maximumBytes >> 20) MiB"
        case let error as HTTPClientError where [.invalidURL, .emptyScheme, .emptyHost].contains(error):
            "the address of \(service) is not a URL; it must be like http://localhost:8080"
        case let error as HTTPClientError: "\(service) cannot be reached: \(error.shortDescription)"
        default: "\(service) cannot be reached"
        }
    }

    private static func refusal(_ status: HTTPResponseStatus, _ service: String) -> String {
        switch status.code {
        case 300..<400:
            "\(service) redirects elsewhere (\(status.code)); its configured address must be the final one"
        case 401: "\(service) refused the key (401); the key must be set anew"
        case 403: "\(service) refused the request (403); a key may be wrong, or JSON answers may be switched off"
        case 429: "\(service) allows no more searches for now (429)"
        default: "\(service) answered with status \(status.code)"
        }
    }
}
