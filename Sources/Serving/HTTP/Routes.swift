import Hummingbird

/// The paths there are, so that a wrong method can be told from a wrong path.
enum Routes {
    private static let table: [String: [String]] = [
        "/v1/chat/completions": ["POST"], "/v1/completions": ["POST"], "/v1/models": ["GET", "HEAD"],
        "/tokenize": ["POST"], "/detokenize": ["POST"], "/health": ["GET", "HEAD"], "/ping": ["GET", "HEAD", "POST"],
        "/version": ["GET", "HEAD"], "/metrics": ["GET", "HEAD"],
    ]

    /// The methods a path answers to, or nil if there is no such path.
    static func methods(at path: String) -> [String]? {
        table[path] ?? (path.hasPrefix("/v1/models/") ? ["GET", "HEAD"] : nil)
    }

    /// Why no handler was found for a request.
    static func refusal(for request: Request) -> APIError {
        guard let methods = methods(at: request.uri.path), !methods.contains(request.method.rawValue) else {
            return .notFound("There is nothing at \(request.uri.path.prefix(200)).")
        }
        return APIError(
            .methodNotAllowed, type: "MethodNotAllowedError",
            "\(request.uri.path) answers to \(methods.joined(separator: ", ")), not to \(request.method.rawValue).")
    }
}
