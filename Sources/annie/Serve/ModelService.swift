import Foundation
import Inference
import Logging
import ServiceLifecycle
import Serving

/// Loads the model beside the running server, and stops the engine with it.
struct ModelService: Service {
    let directory: URL
    let engineOptions: EngineOptions
    let overrides: SurfaceOverrides
    let slot: ModelSlot
    let logger: Logger
    /// Called once requests are answered.
    let onReady: @Sendable (Engine) -> Void

    func run() async throws {
        let engine = try await load()
        slot.state = .ready(OverriddenGenerator(engine, overrides: overrides))
        logger.info(
            "Model loaded",
            metadata: [
                "seconds": "\(String(format: "%.2f", engine.report.seconds))",
                "weights": "\(byteText(engine.report.weightBytes))",
            ])
        onReady(engine)
        try? await gracefulShutdown()
        engine.shutDown()
        await engine.stopped()
    }

    /// Loading takes all cores for a while; it must not hold up the server's own tasks.
    private func load() async throws -> Engine {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try Engine(loading: directory, options: engineOptions) })
            }
        }
    }
}
