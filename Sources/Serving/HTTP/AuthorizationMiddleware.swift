import HTTPTypes
import Hummingbird
import NIOCore

/// Asks for an API key on `/v1` and on added paths that want one; health, metrics and the like stay open.
///
/// Without a key all that runs on this machine is let in, and so would be, through the user's browser, every web page in
/// the world. From what is personal these are turned away.
struct AuthorizationMiddleware: RouterMiddleware {
    private let keys: [[UInt8]]
    private let origins: [String]
    private let routes: Routes

    /// - Parameter origins: Pages that are let in by name.
    init(keys: [String], origins: [String], routes: Routes) {
        self.keys = keys.map { Array($0.utf8) }
        self.origins = origins
        self.routes = routes
    }

    func handle(
        _ request: Request, context: ServingContext, next: (Request, ServingContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        let served = routes.path(at: path)
        if keys.isEmpty {
            if served?.isPersonal == true, isFromForeignPage(request) { throw APIError.foreignPage }
        } else if path == "/v1" || path.hasPrefix("/v1/") || served?.wantsKey == true {
            guard let header = request.headers[.authorization], isAllowed(header) else { throw APIError.unauthorized }
        }
        return try await next(request, context)
    }

    private func isAllowed(_ header: String) -> Bool {
        let scheme = "bearer "
        guard header.count > scheme.count, header.prefix(scheme.count).lowercased() == scheme else { return false }
        let given = Array(header.dropFirst(scheme.count).utf8)
        // Every key is compared to its end, so that the time taken tells nothing about any of them.
        var found = false
        for key in keys where Self.areEqual(key, given) { found = true }
        return found
    }

    /// Whether the bytes are the same, in a time that depends on the lengths alone.
    static func areEqual(_ key: [UInt8], _ given: [UInt8]) -> Bool {
        var difference = key.count ^ given.count
        for position in given.indices {
            difference |= Int(given[position] ^ (key.isEmpty ? 0 : key[position % key.count]))
        }
        return difference == 0
    }

    /// Whether a browser sends this for a page that is not the server's own.
    private func isFromForeignPage(_ request: Request) -> Bool {
        let authority = request.head.authority?.lowercased() ?? ""
        if let origin = request.headers[.origin], !origins.contains(origin) {
            guard let scheme = origin.firstRange(of: "://"), origin[scheme.upperBound...].lowercased() == authority
            else { return true }
        }
        return !Self.isOwn(authority)
    }

    /// Whether the server is spoken to by an address or as `localhost`. Any other name may be a stranger's, who has made
    /// it point here so that his page counts as ours (DNS rebinding).
    private static func isOwn(_ authority: String) -> Bool {
        // Only programs that are no browsers leave it out.
        if authority.isEmpty { return true }
        let isBracketed = authority.hasPrefix("[")
        let host = String(isBracketed ? authority.dropFirst().prefix { $0 != "]" } : authority.prefix { $0 != ":" })
        return host == "localhost" || host.hasSuffix(".localhost")
            || (try? SocketAddress(ipAddress: host, port: 0)) != nil
    }
}
