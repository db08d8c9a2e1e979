import Companion
import Foundation
import Gateway
import Inference
import Logging
import ModelHub
import ServiceLifecycle
import Serving
import Speech
import Voice
import WebRTC

/// The companion with all she needs, from her settings to her graceful end.
struct CompanionRun {
    /// What thinks for her.
    enum Brain {
        /// The engine of this package, on the model of a directory.
        case engine(URL, EngineOptions, SurfaceOverrides)
        /// An OpenAI-compatible API.
        case remote(OpenAIChatModel)
    }

    let brain: Brain
    let persona: Persona
    let profile: Profile
    let store: CompanionStore
    let search: WebSearchService?
    let toolServers: [MCPServerSettings]
    let voice: Bool
    let call: CallOptions
    let webRTC: WebRTCOptions
    let maximumCalls: Int
    let server: ServerOptions
    let logger: Logger

    /// Serves until SIGTERM or SIGINT; a second signal ends it at once.
    func run() async throws {
        var server = server
        server.port = try freePort(host: server.host, port: server.port)
        let slot = ModelSlot()
        let model = chatModel(slot: slot, server: server)
        let mcp = await startToolServers()
        let toolbox = Toolbox(
            BuiltinTools.all(store: store, search: search) + mcp.tools, allowed: persona.tools)
        for name in toolbox.unknownNames { note("warning: the persona allows a tool '\(name)', which does not exist.") }
        let speech = speechEngine()
        let lines = WebRTCServer(options: webRTC, logger: logger)
        try await lines.start()
        let gateway = Gateway(
            description: .init(
                name: persona.name, greeting: persona.greeting, model: model.name, version: server.version),
            store: store, conversation: { try await conversation($0, model: model, tools: toolbox) }, webRTC: lines,
            speech: speech.engine, voice: speech.state, call: call, maximumCalls: maximumCalls, page: pageFiles,
            logger: logger)
        let application = try AnnieServer.makeApplication(
            slot: slot, options: server, logger: logger, added: gateway.routes)
        // Services stop in the order opposite to this: the server first, then calls, then what they stand on.
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: brainService(slot: slot, server: server)),
                    .init(service: ClosingService {
                        await gateway.close()
                        speech.shutDown()
                        await mcp.stop()
                    }),
                    .init(service: application),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger.quiet))
        try await group.run()
    }
}
