import Foundation
import Inference
import Logging
import ServiceLifecycle
import Serving

/// A model served on loopback for as long as something is measured on it.
struct LocalServer {
    let directory: URL
    /// What the model answers to.
    let name: String
    let engine: EngineOptions
    let logger: Logger

    /// Runs `body` with the API's base (`http://127.0.0.1:PORT/v1`), and stops the server when it is done.
    func with<Value: Sendable>(_ body: @escaping @Sendable (String) async throws -> Value) async throws -> Value {
        let slot = ModelSlot()
        // Nobody asks how the server does: its requests would drown the progress.
        let logger = logger.quiet
        var options = ServerOptions()
        options.port = try freePort(host: options.host, port: 0)
        options.servedModelNames = [name]
        options.version = Annie.version
        options.chat.enablesAutoToolChoice = true
        options.chat.toolCallParser = ChatOptions.automaticParser
        options.chat.reasoningParser = ChatOptions.automaticParser
        // Divergence is the closer, the more of the vocabulary is told.
        options.limits.logprobs = 1024
        let (ready, isReady) = AsyncStream<Void>.makeStream()
        let model = ModelService(
            directory: directory, engineOptions: engine, overrides: SurfaceOverrides(), slot: slot, logger: logger,
            onReady: { _ in isReady.finish() })
        let application = try AnnieServer.makeApplication(slot: slot, options: options, logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: model), .init(service: application)], logger: logger))
        let url = options.address + "/v1"
        return try await withThrowingTaskGroup(of: Value?.self) { tasks in
            tasks.addTask {
                try await group.run()
                return nil
            }
            tasks.addTask {
                for await _ in ready {}
                return try await body(url)
            }
            defer { tasks.cancelAll() }
            while let result = try await tasks.next() {
                guard let value = result else { break }
                await group.triggerGracefulShutdown()
                _ = try await tasks.next()
                return value
            }
            throw CancellationError()
        }
    }
}
