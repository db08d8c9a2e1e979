import ArgumentParser

/// `annie up`: everything a newcomer needs, in one step.
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Fetch a model if need be, quantise it to NVFP4 once, and serve it with a page to chat.",
        discussion: "Takes the options of `annie serve`.")

    @OptionGroup var serve: ServeCommand

    func run() async throws {
        var serve = serve
        let configuration = try serve.settings.load()
        serve.model = ModelFinder.quantizedName(of: try configuration.value(OptionTable.model, serve.model))
        try await serve.run()
    }
}
