import ArgumentParser
import ModelHub

/// `annie pull`: brings a model to this machine.
struct PullCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Fetch a model by its catalogue name or as hf:owner/name.",
        discussion: "A download that broke off goes on where it stopped. HF_ENDPOINT and HF_TOKEN are honoured.")

    @Argument(
        help: "A name from `annie models` (with -nvfp4 it is quantised too), speech, or hf:owner/name[@revision].")
    var name = ModelCatalogue.defaultName

    func run() async throws {
        if name == SpeechCatalogue.name { return try await SpeechFinder.pull() }
        let finder = ModelFinder()
        let isMadeHere = ModelFinder.quantizedBase(of: name) != nil
        let directory = try await isMadeHere ? finder.directory(of: name) : finder.pull(name)
        print(directory.path)
    }
}
