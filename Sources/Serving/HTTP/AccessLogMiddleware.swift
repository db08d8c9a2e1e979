import HTTPTypes
import Hummingbird
import Logging

/// Names each request, and writes one line about it when its reply has been sent: figures, never text.
struct AccessLogMiddleware: RouterMiddleware {
    let metrics: ServerMetrics

    func handle(
        _ request: Request, context: ServingContext, next: (Request, ServingContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var context = context
        context.requestID = RequestIdentifier.base(for: request)
        context.logger[metadataKey: "request_id"] = .string(context.requestID)
        context.logger[metadataKey: "hb.request.id"] = nil
        var response = try await next(request, context)
        response.headers[.requestID] = context.requestID
        let status = response.status
        let finish: @Sendable (HTTPResponse.Status) -> Void = { [context] status in
            log(request, status: status, seconds: (ContinuousClock.now - start).seconds, context: context)
        }
        // Only a stream ends later than its handler; a whole body keeps the server's single write.
        guard response.body.contentLength == nil else {
            finish(status)
            return response
        }
        let body = response.body
        response.body = ResponseBody { [context] writer in
            do {
                try await body.write(writer)
            } catch {
                finish(APIError(describing: error).status)
                throw error
            }
            finish(context.record.figures.lateStatus.map { .init(code: $0) } ?? status)
        }
        return response
    }

    private func log(_ request: Request, status: HTTPResponse.Status, seconds: Double, context: ServingContext) {
        let figures = context.record.figures
        var metadata: Logger.Metadata = [
            "method": .string(request.method.rawValue), "path": .string(String(request.uri.path.prefix(200))),
            "status": .stringConvertible(status.code), "seconds": .stringConvertible(seconds.rounded(toPlaces: 4)),
        ]
        if let count = figures.promptTokens { metadata["prompt_tokens"] = .stringConvertible(count) }
        if let count = figures.cachedTokens { metadata["cached_tokens"] = .stringConvertible(count) }
        if let count = figures.completionTokens { metadata["completion_tokens"] = .stringConvertible(count) }
        if !figures.finishReasons.isEmpty {
            metadata["finish_reason"] = .string(figures.finishReasons.joined(separator: ","))
        }
        let level: Logger.Level = Self.quietPaths.contains(request.uri.path) ? .debug : .info
        context.logger.log(level: level, "Request", metadata: metadata)
        metrics.countRequest(method: request.method.rawValue, path: request.uri.path, status: status.code)
    }

    /// Polled by machines, of no interest to people.
    private static let quietPaths: Set<String> = ["/health", "/ping", "/metrics"]
}
