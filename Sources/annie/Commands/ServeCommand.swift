import ArgumentParser

/// `annie serve`: the OpenAI API for one model.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve a model over the OpenAI API.",
        discussion: "Options may also come from the environment or a YAML file: see docs/Options.md.")

    @Argument(help: "A directory, or a name from `annie models`. (default: \(OptionTable.model.defaultValue ?? ""))")
    var model: String?
    @OptionGroup var settings: ConfigurationArguments
    @OptionGroup(title: "Server") var server: ServerArguments
    @OptionGroup(title: "Engine") var engine: EngineArguments
    @OptionGroup(title: "In place of the checkpoint's own") var surface: SurfaceArguments
    @OptionGroup(title: "Logs") var logs: LogArguments

    func run() async throws {
        let configuration = try settings.load()
        let name = try configuration.value(OptionTable.model, model)
        let options = try server.serverOptions(configuration, modelName: ModelFinder.publicName(of: name))
        let run = ServerRun(
            directory: try await ModelFinder().directory(of: name),
            engine: try engine.engineOptions(configuration), server: options,
            overrides: try surface.overrides(configuration), logger: try logs.logger(configuration))
        try await run.run()
    }
}
