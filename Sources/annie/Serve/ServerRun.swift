import Foundation
import Inference
import Logging
import ServiceLifecycle
import Serving

/// A server for one model, from its settings to its graceful end.
struct ServerRun {
    let directory: URL
    let engine: EngineOptions
    let server: ServerOptions
    let overrides: SurfaceOverrides
    let logger: Logger

    /// Serves until SIGTERM or SIGINT; a second signal ends it at once.
    func run() async throws {
        var server = server
        server.port = try freePort(host: server.host, port: server.port)
        let slot = ModelSlot()
        let address = server.address
        let names = server.servedModelNames
        let model = ModelService(
            directory: directory, engineOptions: engine, overrides: overrides, slot: slot, logger: logger,
            onReady: { _ in note(Self.welcome(address: address, model: names[0])) })
        let application = try AnnieServer.makeApplication(slot: slot, options: server, logger: logger)
        // Services stop in the order opposite to this: the server first, so that the engine finishes its streams.
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: model), .init(service: application)],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger.quiet))
        try await group.run()
    }

    private static func welcome(address: String, model: String) -> String {
        """

          Annie serves \(model).

          API    \(address)/v1

        Ctrl-C stops it.
        """
    }
}

extension ServerOptions {
    /// Where a browser on this machine finds the server.
    var address: String {
        let isEverywhere = host == "0.0.0.0" || host == "::"
        let name = isEverywhere ? "127.0.0.1" : host.contains(":") ? "[\(host)]" : host
        return "\(tls == nil ? "http" : "https")://\(name):\(port)"
    }
}

extension Logger {
    /// For the lifecycle library, which tells every step at info; here only its troubles matter.
    var quiet: Logger {
        var logger = self
        logger.logLevel = max(logger.logLevel, .warning)
        return logger
    }
}
