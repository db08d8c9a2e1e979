import ArgumentParser

/// `annie options`: the option table as Markdown, from which docs/Options.md is made.
struct OptionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "options",
        abstract: "Print every option, with its environment variable and default.")

    func run() { print(optionsMarkdown(), terminator: "") }
}

package func optionsMarkdown() -> String {
    var text = """
        # Options

        Made by `annie options` from the table in `Sources/annie/Options/OptionTable.swift`; do not edit by hand.

        An option is taken from the first place that names it: the command line (`--port 9000`), the environment
        (`ANNIE_PORT=9000`), a YAML file (`port: 9000`), its default. The file is `--config FILE` or `ANNIE_CONFIG`,
        else `annie.yaml` in the current directory, else `~/.config/annie/annie.yaml`; a key it does not know is an error.
        Flags are turned off with `--no-` on the command line and `false` elsewhere. `ANNIE_CACHE` says where downloads
        are kept (`~/.cache/annie`), and `ANNIE_MODELS` where models are (`models` in there).

        """
    for group in OptionTable.groups {
        text += "\n## \(group.title)\n\n| option | environment | value | default | meaning |\n|---|---|---|---|---|\n"
        for setting in group.settings {
            let standard = setting.defaultText.map { "`\($0)`" } ?? ""
            let expectation = setting.expectation.replacing("|", with: " \\| ")
            text += "| `--\(setting.name)` | `\(setting.environmentName)` | \(expectation) | \(standard)"
            text += " | \(setting.help) |\n"
        }
    }
    return text
}
