import ArgumentParser
import Foundation
import ModelHub

/// `annie models`: what there is to pull, and what is here.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "List the models that can be pulled, and those that are here.")

    func run() {
        let installed = ModelStore().installedModels()
        var table = TextTable(("NAME", .left), ("SIZE", .right), ("LICENCE", .left), ("HERE", .left), ("WHAT", .left))
        if ModelFinder.taughtAdapter != nil {
            let here = ModelFinder().isHere(ModelFinder.taughtName) ? "yes" : ""
            table.add(
                ModelFinder.taughtName, "", "Apache-2.0", here, "SmolLM2 135M taught to be Annie: what `up` serves")
        }
        for entry in ModelCatalogue.entries {
            let here = installed.first { $0.name == entry.name }
            let size = here?.byteCount ?? entry.downloadByteCount
            table.add(entry.name, size.map(byteText) ?? "", entry.licence, here == nil ? "" : "yes", entry.summary)
        }
        for part in SpeechCatalogue.entries {
            let here = ModelStore().hasSpeechPart(part)
            table.add(part.name, byteText(part.byteCount), part.licence, here ? "yes" : "", part.summary)
        }
        for model in installed where ModelCatalogue.entry(named: model.name) == nil {
            table.add(model.name, byteText(model.byteCount), "", "yes", "")
        }
        print(table.text)
        print(
            "\nModels are kept in \(ModelLocations().models.path). `annie pull hf:owner/name` fetches others, "
                + "`annie pull speech` all that hearing and speaking need.")
    }
}
