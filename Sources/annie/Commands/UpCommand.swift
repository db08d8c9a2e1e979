import ArgumentParser
import Companion
import Foundation
import ModelHub
import Serving
import Speech

/// `annie up`: everything a newcomer needs, in one step.
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Start the companion: fetch what is missing, then talk with her in a browser.",
        discussion: "Options may also come from the environment or a YAML file: see docs/Options.md.")

    @Argument(help: "A directory, or a name from `annie models`. (default: Annie herself)")
    var model: String?
    @OptionGroup var settings: ConfigurationArguments
    @OptionGroup(title: "The companion") var companion: CompanionArguments
    @OptionGroup(title: "Calls") var calls: CallArguments
    @OptionGroup(title: "Server") var server: ServerArguments
    @OptionGroup(title: "Engine") var engine: EngineArguments
    @OptionGroup(title: "In place of the checkpoint's own") var surface: SurfaceArguments
    @OptionGroup(title: "Logs") var logs: LogArguments

    func run() async throws {
        let configuration = try settings.load()
        let logger = try logs.logger(configuration)
        // Mistakes in small files show before anything large is fetched.
        let persona = try companion.readPersona(configuration), profile = try companion.readProfile(configuration)
        let toolServers =
            try MCPServerSettings.list(yaml: configuration.fileText) + companion.toolServers(configuration)
        let name = try ModelFinder.companionName(configuration, model: model, persona: companion.persona)
        var options = try server.serverOptions(configuration, modelName: ModelFinder.publicName(of: name))
        if options.tls == nil, !isLoopback(options.host) {
            options.tls = try HomeCertificate.files(in: Self.certificateFolder, host: options.host)
        }
        let store = try companion.openStore(configuration)
        let run = CompanionRun(
            brain: try await brain(configuration, name), persona: persona, profile: profile, store: store,
            search: try companion.searchService(configuration), toolServers: toolServers,
            speechModels: try await speechModels(configuration),
            call: try calls.callOptions(configuration, persona: persona),
            webRTC: try calls.webRTCOptions(configuration, host: options.host), server: options, logger: logger)
        try await run.run()
    }

    private static var certificateFolder: URL {
        URL(filePath: CompanionStore.defaultPath()).deletingLastPathComponent().appending(path: "certificate")
    }

    private func brain(_ configuration: Configuration, _ name: String) async throws -> CompanionRun.Brain {
        if let url = try configuration.optional(OptionTable.chatModel, companion.chatModel) {
            return .remote(
                try await OpenAIChatModel.connect(
                    url: url, model: try configuration.optional(OptionTable.chatModelName, companion.chatModelName),
                    key: try configuration.optional(OptionTable.chatModelKey, companion.chatModelKey)))
        }
        return .engine(
            try await ModelFinder().directory(of: name), try engine.engineOptions(configuration),
            try surface.overrides(configuration))
    }

    /// The models of speech, fetched where they are missing. Without them she still writes.
    private func speechModels(_ configuration: Configuration) async throws -> SpeechModels? {
        guard try configuration.value(OptionTable.voice, calls.voice) else { return nil }
        do { try await SpeechFinder.pull() } catch let error as ModelHubError {
            note("warning: she cannot hear or speak yet: \(error)")
        }
        return SpeechFinder.models
    }
}
