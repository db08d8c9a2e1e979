import ArgumentParser

/// The `annie` command.
@main
struct Annie: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "annie",
        abstract: "Serves language models in NVFP4 from your own machine, in the terminal and over the OpenAI API.",
        version: version,
        subcommands: [Options.self])

    static let version = "0.1.0"
}
