import HTTPTypes
import Hummingbird

/// Lets allowed web pages call the server (CORS), errors included.
struct CrossOriginMiddleware: RouterMiddleware {
    let options: CrossOriginOptions

    func handle(
        _ request: Request, context: ServingContext, next: (Request, ServingContext) async throws -> Response
    ) async throws -> Response {
        guard let origin = request.headers[.origin] else { return try await next(request, context) }
        let isPreflight = request.method == .options && request.headers[.accessControlRequestMethod] != nil
        var response = isPreflight ? preflight(request) : try await next(request, context)
        addOrigin(origin, to: &response)
        return response
    }

    private func preflight(_ request: Request) -> Response {
        var headers: HTTPFields = [.accessControlMaxAge: "600"]
        headers[.accessControlAllowMethods] =
            options.methods.contains("*") ? "GET, HEAD, POST, OPTIONS" : options.methods.joined(separator: ", ")
        headers[.accessControlAllowHeaders] =
            options.headers.contains("*")
            ? request.headers[.accessControlRequestHeaders] : options.headers.joined(separator: ", ")
        return Response(status: .noContent, headers: headers)
    }

    private func addOrigin(_ origin: String, to response: inout Response) {
        let allowsAll = options.origins.contains("*")
        guard allowsAll || options.origins.contains(origin) else { return }
        // A wildcard does not cover credentials, so the origin itself is named there.
        let namesOrigin = !allowsAll || options.allowsCredentials
        response.headers[.accessControlAllowOrigin] = namesOrigin ? origin : "*"
        if namesOrigin { response.headers[.vary] = "Origin" }
        if options.allowsCredentials { response.headers[.accessControlAllowCredentials] = "true" }
        response.headers[.accessControlExposeHeaders] = "X-Request-Id, Retry-After"
    }
}
