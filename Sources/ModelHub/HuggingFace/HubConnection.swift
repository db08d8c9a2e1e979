import AsyncHTTPClient
import Foundation
import JSON
import NIOCore
import NIOHTTP1

/// Requests to a Hub server: follows redirects, keeps the token at home, and repeats what may pass.
struct HubConnection: Sendable {
    let configuration: HubConfiguration
    private let client: HTTPClient
    private static let maximumRedirects = 10
    private static let maximumListBytes = 64 << 20
    /// To the first byte of a response; the body has its own limit between two reads.
    private static let responseTimeout = TimeAmount.seconds(60)

    private init(configuration: HubConfiguration, client: HTTPClient) {
        self.configuration = configuration
        self.client = client
    }

    /// Runs `body` with a connection pool that is closed afterwards.
    static func with<R: Sendable>(
        _ configuration: HubConfiguration, _ body: (HubConnection) async throws -> R
    ) async throws -> R {
        var options = HTTPClient.Configuration()
        // Followed by hand, because the token must not follow.
        options.redirectConfiguration = .disallow
        options.timeout = .init(connect: .seconds(15), read: .seconds(60))
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: options)
        do {
            let result = try await body(HubConnection(configuration: configuration, client: client))
            try await client.shutdown()
            return result
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    /// The repository at a revision, with its list of files.
    func repository(_ reference: HubReference) async throws -> HubRepository {
        let revision = reference.revision.replacing("/", with: "%2F")
        let url = "\(configuration.endpoint)/api/models/\(reference.repository)/revision/\(revision)?blobs=true"
        return try await retrying(url) {
            let response = try await get(url, repository: reference.repository)
            guard response.status == .ok else { throw failure(response, url: url, what: "\(reference)") }
            let body = try await response.body.collect(upTo: Self.maximumListBytes)
            guard let json = try? JSONValue(parsing: body.readableBytesView) else {
                throw ModelHubError.unexpectedResponse(url: url, found: "something that is not JSON")
            }
            return try HubRepository(name: reference.repository, revision: reference.revision, json: json, url: url)
        }
    }

    /// One request for a file from byte `start` on; the caller checks the status.
    func file(_ name: String, of repository: HubRepository, from start: Int) async throws -> HTTPClientResponse {
        let url = url(of: name, in: repository)
        let headers: [(String, String)] = start > 0 ? [("Range", "bytes=\(start)-")] : []
        return try await get(url, repository: repository.name, headers: headers)
    }

    /// Where a file is served.
    func url(of name: String, in repository: HubRepository) -> String {
        let path = name.addingPercentEncoding(withAllowedCharacters: Self.pathCharacters) ?? name
        return "\(configuration.endpoint)/\(repository.name)/resolve/\(repository.commit)/\(path)"
    }

    private static let pathCharacters = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")

    private func get(
        _ start: String, repository: String, headers: [(String, String)] = []
    ) async throws -> HTTPClientResponse {
        var url = start
        for _ in 0..<Self.maximumRedirects {
            var request = HTTPClientRequest(url: url)
            request.headers.add(name: "User-Agent", value: "annie")
            for (name, value) in headers { request.headers.add(name: name, value: value) }
            if let token = configuration.token, HubOrigin(url) == HubOrigin(configuration.endpoint) {
                request.headers.add(name: "Authorization", value: "Bearer \(token)")
            }
            let response = try await client.execute(request, timeout: Self.responseTimeout)
            guard (300..<400).contains(response.status.code), response.status != .notModified else { return response }
            url = try redirect(response, from: url)
        }
        throw ModelHubError.unexpectedResponse(url: start, found: "more than \(Self.maximumRedirects) redirects")
    }

    private func redirect(_ response: HTTPClientResponse, from url: String) throws -> String {
        guard let location = response.headers.first(name: "Location"), let base = URL(string: url),
            let target = URL(string: location, relativeTo: base)?.absoluteURL,
            let scheme = target.scheme?.lowercased(), scheme == "http" || scheme == "https"
        else { throw ModelHubError.unexpectedResponse(url: url, found: "a redirect to nowhere") }
        guard scheme == "https" || base.scheme?.lowercased() == "http" else {
            throw ModelHubError.unexpectedResponse(url: url, found: "a redirect from https to http")
        }
        return target.absoluteString
    }
}

/// Scheme, host and port: what decides whether a request goes to the same server.
struct HubOrigin: Equatable {
    private let scheme: String
    private let host: String
    private let port: Int

    init?(_ url: String) {
        guard let url = URL(string: url), let scheme = url.scheme?.lowercased(), let host = url.host() else {
            return nil
        }
        self.scheme = scheme
        self.host = host.lowercased()
        port = url.port ?? (scheme == "https" ? 443 : 80)
    }
}
