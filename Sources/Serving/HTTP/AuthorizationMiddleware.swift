import HTTPTypes
import Hummingbird

/// Asks for an API key on `/v1` and on added paths that want one; health, metrics and the like stay open.
struct AuthorizationMiddleware: RouterMiddleware {
    private let keys: [[UInt8]]

    private let routes: Routes

    init(keys: [String], routes: Routes) {
        self.keys = keys.map { Array($0.utf8) }
        self.routes = routes
    }

    func handle(
        _ request: Request, context: ServingContext, next: (Request, ServingContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        if !keys.isEmpty, path == "/v1" || path.hasPrefix("/v1/") || routes.path(at: path)?.wantsKey == true {
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
}
