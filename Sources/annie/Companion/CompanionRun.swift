import Companion
import Foundation
import Gateway
import Inference
import Logging
import ServiceLifecycle
import Serving
import Speech
import Tokenization
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
    /// Where the models of speech are; nil: she neither hears nor speaks.
    let speechModels: SpeechModels?
    let call: CallOptions
    let webRTC: WebRTCOptions
    let server: ServerOptions
    let logger: Logger

    /// Serves until SIGTERM or SIGINT; a second signal ends it at once.
    func run() async throws {
        var server = server
        server.port = try freePort(host: server.host, port: server.port)
        let slot = ModelSlot()
        let model = chatModel(slot: slot, server: server)
        let servers = await MCPServers.start(toolServers, logger: logger)
        for problem in servers.problems { note("warning: \(problem)") }
        let toolbox = Toolbox(BuiltinTools.all(store: store, search: search) + servers.tools, allowed: persona.tools)
        for name in toolbox.unknownNames { note("warning: the persona allows a tool '\(name)', which does not exist.") }
        warnOfTools(servers, leftOutOf: toolbox)
        warnOfOtherPrompt(toolbox)
        let lines = WebRTCServer(options: webRTC, logger: logger)
        try await lines.start()
        let speech = speechModels.map { SpeechWorker(models: $0, logger: logger) }
        let gateway = makeGateway(model: model, toolbox: toolbox, lines: lines, speech: speech, version: server.version)
        let application = try AnnieServer.makeApplication(
            slot: slot, options: server, logger: logger, added: gateway.routes)
        let closing = ClosingService {
            await gateway.close()
            speech?.shutDown()
            await servers.stop()
        }
        // Services stop in the order opposite to this: the server first, then calls, then the engine.
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: brainService(slot: slot, server: server)), .init(service: closing),
                    .init(service: application),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger.quiet))
        try await group.run()
    }

    private func makeGateway(
        model: any ChatModel, toolbox: Toolbox, lines: WebRTCServer, speech: SpeechWorker?, version: String
    ) -> Gateway {
        let setup = ConversationSetup(
            model: model, store: store, persona: persona, profile: profile,
            tools: knowsTools ? toolbox : NoTools(),
            recall: { [store] words in (try? MemoryRecall().facts(for: words, in: store)) ?? [] }, logger: logger)
        return Gateway(
            description: .init(name: persona.name, greeting: persona.greeting, model: model.name, version: version),
            store: store, conversation: { try Companion.Conversation.resume($0, setup) }, webRTC: lines,
            speech: speech ?? SilentSpeech(), voice: { await VoiceReport.state(of: speech, models: speechModels) },
            call: call, maximumCalls: webRTC.maximumConnections, logger: logger)
    }

    /// A model whose template has no place for tools was never taught to call any; their rules would only confuse it.
    private var knowsTools: Bool {
        guard case .engine(let directory, _, let overrides) = brain else { return true }
        let template = overrides.chatTemplate ?? (try? ChatTemplate.load(from: directory))
        return template?.source.contains("tools") ?? false
    }

    private func chatModel(slot: ModelSlot, server: ServerOptions) -> any ChatModel {
        switch brain {
        case .engine: EngineChatModel(slot: slot, options: server)
        case .remote(let model): model
        }
    }

    private func brainService(slot: ModelSlot, server: ServerOptions) -> any Service {
        let welcome = Welcome(name: persona.name, server: server).text
        switch brain {
        case .engine(let directory, let options, let overrides):
            return ModelService(
                directory: directory, engineOptions: options, overrides: overrides, slot: slot, logger: logger,
                onReady: { _ in note(welcome) })
        case .remote:
            slot.state = .absent
            note(welcome)
            return ClosingService {}
        }
    }

    /// Who brings a tool wants it used, and the persona's list is easily forgotten.
    private func warnOfTools(_ servers: MCPServers, leftOutOf toolbox: Toolbox) {
        let allowed = Set(toolbox.definitions.map(\.name))
        let left = servers.tools.map(\.definition.name).filter { !allowed.contains($0) }
        guard !left.isEmpty else { return }
        note(
            "warning: the persona does not allow these tools of MCP servers: \(left.joined(separator: ", ")). "
                + "Add those that \(persona.name) may use to its tools.")
    }

    /// A checkpoint that was taught with another prompt may not behave with this one.
    private func warnOfOtherPrompt(_ toolbox: Toolbox) {
        guard case .engine(let directory, _, _) = brain else { return }
        let fingerprint = SystemPrompt.fingerprint(
            persona: persona, tools: persona.allowed(toolbox.definitions))
        if let warning = PromptFingerprint.check(directory, against: fingerprint) { note("warning: \(warning)") }
    }
}

/// Waits for the end, and then closes what others stand on.
struct ClosingService: Service {
    let close: @Sendable () async -> Void

    init(_ close: @escaping @Sendable () async -> Void) { self.close = close }

    func run() async throws {
        try? await gracefulShutdown()
        await close()
    }
}
