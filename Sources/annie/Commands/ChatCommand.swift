import ArgumentParser
import Inference

/// `annie chat`: a conversation in the terminal.
struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat",
        abstract: "Talk to a model in the terminal.",
        discussion: "Lines of a pipe are taken as messages, one after the other.")

    @Argument(help: "A directory, or a name from `annie models`. (default: \(OptionTable.model.defaultValue ?? ""))")
    var model: String?
    @OptionGroup var settings: ConfigurationArguments
    @Option(OptionTable.system) var system: String?
    @Option(OptionTable.temperature) var temperature: Float?
    @Option(OptionTable.topP) var topP: Float?
    @Option(OptionTable.topK) var topK: Int?
    @Option(OptionTable.maxTokens) var maxTokens: Int?
    @OptionGroup(title: "Engine") var engine: EngineArguments
    @OptionGroup(title: "In place of the checkpoint's own") var surface: SurfaceArguments

    func run() async throws {
        let configuration = try settings.load()
        let name = try configuration.value(OptionTable.model, model)
        let options = try engine.engineOptions(configuration)
        let overrides = try surface.overrides(configuration)
        let directory = try await ModelFinder().directory(of: name)
        let engine = try Engine(loading: directory, options: options)
        let generator = OverriddenGenerator(engine, overrides: overrides)
        var session = try ChatSession(
            generator: generator, system: try configuration.optional(OptionTable.system, system) ?? "",
            sampling: try sampling(generator.model.defaultSampling, configuration),
            maximumTokens: try configuration.value(OptionTable.maxTokens, maxTokens))
        note(
            "\(ModelFinder.publicName(of: name)), loaded in \(String(format: "%.2f", engine.report.seconds)) s. /help helps."
        )
        await session.run()
        engine.shutDown()
        await engine.stopped()
    }

    private func sampling(_ base: SamplingParameters, _ configuration: Configuration) throws -> SamplingParameters {
        var sampling = base
        sampling.temperature = try configuration.optional(OptionTable.temperature, temperature) ?? base.temperature
        sampling.topP = try configuration.optional(OptionTable.topP, topP) ?? base.topP
        sampling.topK = try configuration.optional(OptionTable.topK, topK) ?? base.topK
        return sampling
    }
}
