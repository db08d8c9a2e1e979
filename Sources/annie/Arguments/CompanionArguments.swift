import ArgumentParser
import Companion
import Foundation

/// The options of who she is, who you are, and what thinks for her.
struct CompanionArguments: ParsableArguments {
    @Option(OptionTable.persona) var persona: String?
    @Option(OptionTable.profile) var profile: String?
    @Option(OptionTable.data) var data: String?
    @Option(OptionTable.chatModel) var chatModel: String?
    @Option(OptionTable.chatModelName) var chatModelName: String?
    @Option(OptionTable.chatModelKey) var chatModelKey: String?
    @Option(OptionTable.searchURL) var searchUrl: String?
    @Option(OptionTable.braveKey) var braveKey: String?
    @Option(OptionTable.tavilyKey) var tavilyKey: String?

    /// Where the profile is unless another file is named.
    static func usualProfile(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
        let base = environment["XDG_CONFIG_HOME"] ?? (environment["HOME"] ?? ".") + "/.config"
        return base + "/annie/profile.yaml"
    }

    func readPersona(_ configuration: Configuration) throws -> Persona {
        guard let path = try configuration.optional(OptionTable.persona, persona) else { return .annie }
        return try Persona(contentsOf: path)
    }

    /// The tool servers that the persona brings.
    func toolServers(_ configuration: Configuration) throws -> [MCPServerSettings] {
        guard let path = try configuration.optional(OptionTable.persona, persona) else { return [] }
        return try MCPServerSettings.list(yaml: String(contentsOfFile: path, encoding: .utf8))
    }

    /// The profile; an empty one where nobody has written any.
    func readProfile(_ configuration: Configuration) throws -> Profile {
        if let path = try configuration.optional(OptionTable.profile, profile) { return try Profile(contentsOf: path) }
        let usual = Self.usualProfile()
        return FileManager.default.fileExists(atPath: usual) ? try Profile(contentsOf: usual) : Profile()
    }

    func openStore(_ configuration: Configuration) throws -> CompanionStore {
        try CompanionStore(path: try configuration.optional(OptionTable.data, data) ?? CompanionStore.defaultPath())
    }

    /// The first of SearXNG, Brave and Tavily that is set up.
    func searchService(_ configuration: Configuration) throws -> WebSearchService? {
        if let url = try configuration.optional(OptionTable.searchURL, searchUrl) { return .searxng(url) }
        if let key = try configuration.optional(OptionTable.braveKey, braveKey) { return .brave(key: key) }
        if let key = try configuration.optional(OptionTable.tavilyKey, tavilyKey) { return .tavily(key: key) }
        return WebSearchService.configured(in: ProcessInfo.processInfo.environment)
    }
}
