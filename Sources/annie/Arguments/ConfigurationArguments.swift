import ArgumentParser

/// The option that says where the other options are.
struct ConfigurationArguments: ParsableArguments {
    @Option(
        help: "A YAML file of options. (ANNIE_CONFIG; else annie.yaml here, else ~/.config/annie/annie.yaml)",
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    /// Reads environment and file; misspelt variables are pointed out.
    func load() throws -> Configuration {
        let configuration = try Configuration(file: config)
        for (variable, nearest) in configuration.strayVariables() {
            note("warning: \(variable) sets nothing" + (nearest.map { "; did you mean \($0)?" } ?? "."))
        }
        return configuration
    }
}
