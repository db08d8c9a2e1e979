import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Inference
import Logging
import NIOCore

/// The OpenAI-compatible server.
///
/// ```swift
/// let slot = ModelSlot()
/// Task { slot.state = .ready(try await Engine(…)) }
/// try await AnnieServer.run(slot: slot, options: ServerOptions(), logger: Logger(label: "annie"))
/// ```
public enum AnnieServer {
    /// A server whose model may still be loading: until it is in the slot, requests get 503.
    ///
    /// Stopping it gracefully refuses new requests and lets running replies end, within ``ServerLimits/shutdownSeconds``.
    ///
    /// - Parameters:
    ///   - slot: Holds the model, or will.
    ///   - options: How the server listens and whom it lets in.
    ///   - logger: Gets a line for each request, figures only.
    ///   - added: Paths of other parts of the program.
    /// - Throws: `ReplyParserError` when an option names a parser that does not exist, `TLSFileError` for a certificate
    ///   or key that cannot be used.
    public static func makeApplication(
        slot: ModelSlot, options: ServerOptions, logger: Logger, added: AddedRoutes? = nil
    ) throws -> Application<RouterResponder<ServingContext>> {
        try options.chat.validate()
        let server = ServerState(slot: slot, options: options, added: added?.paths ?? [])
        let limits = options.limits
        let router = makeRouter(server, added)
        added?.register(router)
        return Application(
            router: router, server: try makeServer(server),
            configuration: ApplicationConfiguration(
                address: .hostname(options.host, port: options.port), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connections, logger: logger)),
            logger: logger)
    }

    private static func makeServer(_ server: ServerState) throws -> HTTPServerBuilder {
        let limits = server.options.limits
        var http = HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                ConnectionGuard(table: server.connections, gate: server.gate, limits: limits)
            ],
            idleTimeout: TimeAmount(.seconds(limits.idleSeconds)))
        http.httpDecoder = .init(
            maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
            maxHeaderFieldCount: limits.headerCount)
        let plain = HTTPServerBuilder.http1(configuration: http)
        guard let files = server.options.tls else { return plain }
        return try .tls(plain, tlsConfiguration: files.configuration())
    }

    /// A server for a model that is there already.
    public static func makeApplication(
        generator: any TextGenerator, options: ServerOptions, logger: Logger
    ) throws -> Application<RouterResponder<ServingContext>> {
        try makeApplication(slot: ModelSlot(generator), options: options, logger: logger)
    }

    /// Serves until the process is told to stop (SIGTERM, SIGINT), then lets running replies end.
    ///
    /// - Throws: ``ServerStartError`` when the address cannot be listened on.
    public static func run(slot: ModelSlot, options: ServerOptions, logger: Logger) async throws {
        do {
            try await makeApplication(slot: slot, options: options, logger: logger).runService()
        } catch {
            throw ServerStartError(error, options: options) ?? error
        }
    }

    private static func makeRouter(_ server: ServerState, _ added: AddedRoutes?) -> Router<ServingContext> {
        let options = server.options
        let router = Router(context: ServingContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: AccessLogMiddleware(metrics: server.metrics))
        router.add(middleware: CrossOriginMiddleware(options: options.crossOrigin))
        router.add(middleware: ErrorMiddleware(bodyLimit: options.limits.bodyBytes, routes: server.routes))
        router.add(
            middleware: AuthorizationMiddleware(
                keys: options.apiKeys, origins: options.crossOrigin.origins, routes: server.routes))
        addGeneration(to: router, server)
        addInformation(to: router, server, HealthEndpoint(server: server, added: added))
        return router
    }

    private static func addGeneration(to router: Router<ServingContext>, _ server: ServerState) {
        let chat = ChatEndpoint(server: server), completion = CompletionEndpoint(server: server)
        let tokens = TokenizeEndpoint(server: server)
        router.post("/v1/chat/completions") { try await chat.respond($0, $1) }
        router.post("/v1/completions") { try await completion.respond($0, $1) }
        router.post("/tokenize") { try await tokens.tokenize($0, $1) }
        router.post("/detokenize") { try await tokens.detokenize($0, $1) }
    }

    private static func addInformation(
        to router: Router<ServingContext>, _ server: ServerState, _ health: HealthEndpoint
    ) {
        let models = ModelsEndpoint(server: server)
        router.get("/v1/models") { _, _ in try models.list() }
        router.get("/v1/models/**") { try models.one($1) }
        router.get("/health") { _, _ in try health.health() }
        router.get("/ping") { _, _ in try health.health() }
        router.post("/ping") { _, _ in try health.health() }
        router.get("/version") { _, _ in health.version() }
        router.get("/metrics") { _, _ in await health.metrics() }
    }
}
