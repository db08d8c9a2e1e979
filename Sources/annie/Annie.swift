import ArgumentParser

/// The `annie` command.
@main
struct Annie: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "annie",
        abstract: "Serves language models in NVFP4 from your own machine, in the terminal and over the OpenAI API.",
        version: version,
        // No group shows these: the one makes the documentation, the other is what `annie bench` times from outside.
        subcommands: [OptionsCommand.self, FirstTokenCommand.self],
        groupedSubcommands: [
            CommandGroup(name: "Run a model", subcommands: [UpCommand.self, ChatCommand.self, ServeCommand.self]),
            CommandGroup(name: "Get a model", subcommands: [ModelsCommand.self, PullCommand.self, ImportCommand.self]),
            CommandGroup(
                name: "Work on a model",
                subcommands: [
                    QuantizeCommand.self, ExportCommand.self, InspectCommand.self, BenchCommand.self,
                ]),
        ])

    static let version = "0.1.0"
}
