import Hummingbird
import Inference

/// `/health`, `/ping`, `/version` and `/metrics`: what machines ask.
struct HealthEndpoint: Sendable {
    let server: ServerState
    var added: AddedRoutes?

    /// 200 and nothing once the model is loaded, 503 before.
    func health() throws -> Response {
        if case .absent = server.slot.state { return Response(status: .ok) }
        _ = try server.slot.generator()
        return Response(status: .ok)
    }

    func version() -> Response { Response(json: ["version": .string(server.options.version)]) }

    func metrics() async -> Response {
        let statistics: EngineStatistics? =
            if case .ready(let generator) = server.slot.state { generator.statistics() } else { nil }
        return Response(
            text: server.metrics.text(engine: statistics) + (await added?.metrics() ?? ""),
            type: "text/plain; version=0.0.4; charset=utf-8")
    }
}
