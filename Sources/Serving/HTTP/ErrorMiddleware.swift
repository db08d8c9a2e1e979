import HTTPTypes
import Hummingbird
import NIOCore

/// Turns whatever a handler throws into OpenAI's error format.
struct ErrorMiddleware: RouterMiddleware {
    let bodyLimit: Int
    let routes: Routes

    func handle(
        _ request: Request, context: ServingContext, next: (Request, ServingContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let refusal = describe(error, request: request)
            if refusal.status == .internalServerError {
                let type = String(reflecting: type(of: error))
                context.logger.error("Request failed", metadata: ["error": .string(type)])
            }
            return response(for: refusal, request: request)
        }
    }

    private func describe(_ error: any Error, request: Request) -> APIError {
        switch error {
        case is NIOTooManyBytesError: return .tooLarge(limit: bodyLimit)
        case let error as HTTPError where error.status == .notFound: return routes.refusal(for: request)
        case let error as HTTPError: return APIError(error.status, type: "BadRequestError", error.body ?? "")
        default: return APIError(describing: error)
        }
    }

    private func response(for refusal: APIError, request: Request) -> Response {
        var response = Response(json: refusal.body, status: refusal.status)
        if let seconds = refusal.retryAfter { response.headers[.retryAfter] = String(seconds) }
        switch refusal.status {
        case .unauthorized: response.headers[.wwwAuthenticate] = "Bearer"
        case .methodNotAllowed:
            response.headers[.allow] = routes.path(at: request.uri.path)?.methods.joined(separator: ", ")
        // The rest of the body would be taken for the next request.
        case .contentTooLarge, .requestTimeout: response.headers[.connection] = "close"
        default: break
        }
        return response
    }
}
