import ArgumentParser

/// The `annie` command.
@main
struct Annie: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "annie",
        abstract: "A voice companion and her language model in NVFP4, all on your own machine.",
        version: version,
        // No group shows these: they make the documentation, are timed by `annie bench`, and run the models of speech.
        subcommands: [OptionsCommand.self, FirstTokenCommand.self, SpeechWorkerCommand.self],
        groupedSubcommands: [
            CommandGroup(
                name: "Talk with her",
                subcommands: [
                    UpCommand.self, InitCommand.self, MemoryCommand.self, SayCommand.self, HearCommand.self,
                    DoctorCommand.self,
                ]),
            CommandGroup(name: "Run a model", subcommands: [ChatCommand.self, ServeCommand.self]),
            CommandGroup(name: "Get a model", subcommands: [ModelsCommand.self, PullCommand.self, ImportCommand.self]),
            CommandGroup(
                name: "Teach a model",
                subcommands: [
                    TrainCommand.self, GenerateCommand.self, DataCommand.self, EvaluateCommand.self,
                    CompareCommand.self,
                ]),
            CommandGroup(
                name: "Work on a model",
                subcommands: [
                    QuantizeCommand.self, ExportCommand.self, InspectCommand.self, BenchCommand.self,
                    FabricateCommand.self,
                ]),
        ])

    static let version = "0.1.0"

    /// Runs the command that the arguments name. A setting that cannot be used is a mistake of usage wherever it was found,
    /// and ends with the same status (64) as one on the command line.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let error as SettingError {
            exit(withError: ValidationError(error.description))
        } catch {
            exit(withError: error)
        }
    }
}
