import Foundation

/// Who the companion is and how she speaks: a person's file, `Personas/annie/persona.yaml` by default.
public struct Persona: Sendable, Equatable {
    /// What she is called.
    public var name: String
    /// Who she is, as a sentence about her goes on after "You are Annie, ".
    public var about: String
    /// How she speaks; one sentence each.
    public var rules: [String]
    /// How she uses tools; told only where there are any.
    public var toolRules: [String]
    /// What she says when a call begins; empty: nothing.
    public var greeting: String
    /// Her voice's name in the catalogue; nil is the default voice.
    public var voiceName: String?
    /// 1 is the voice's own pace; larger is faster.
    public var voiceSpeed: Double
    /// The tools she may use, or beginnings of their names with a `*`; nil allows all.
    public var tools: [String]?
    /// 0 is greedy; nil is the model's own.
    public var temperature: Double?

    /// A persona with these parts.
    public init(
        name: String, about: String, rules: [String], toolRules: [String] = [], greeting: String = "",
        voiceName: String? = nil, voiceSpeed: Double = 1, tools: [String]? = nil, temperature: Double? = nil
    ) {
        self.name = name
        self.about = about
        self.rules = rules
        self.toolRules = toolRules
        self.greeting = greeting
        self.voiceName = voiceName
        self.voiceSpeed = voiceSpeed
        self.tools = tools
        self.temperature = temperature
    }

    /// Reads a persona's YAML.
    ///
    /// - Parameter file: What errors call it.
    public init(yaml: String, file: String = "persona.yaml") throws(PersonaFileError) {
        // `mcp` is for the tools to read: MCPServerSettings.list(yaml:).
        let keys = ["name", "about", "rules", "tool_rules", "greeting", "voice", "tools", "temperature", "mcp"]
        let root = try YAMLMapping(yaml, file: file, keys: keys)
        let voice = try root.mapping("voice", keys: ["name", "speed"])
        self.init(
            name: try root.requiredString("name"), about: try root.requiredString("about"),
            rules: try root.strings("rules") ?? [], toolRules: try root.strings("tool_rules") ?? [],
            greeting: try root.string("greeting") ?? "", voiceName: try voice.string("name"),
            voiceSpeed: try voice.number("speed", in: 0.25...4) ?? 1, tools: try root.strings("tools"),
            temperature: try root.number("temperature", in: 0...2))
    }

    /// Reads a persona's file.
    public init(contentsOf path: String) throws(PersonaFileError) {
        try self.init(yaml: try personaFileText(path), file: path)
    }

    /// The definitions of the tools she may use, in their order.
    public func allowed(_ definitions: [ToolDefinition]) -> [ToolDefinition] {
        definitions.filter { Toolbox.isAllowed($0.name, by: tools) }
    }
}

/// The text of a file, or why there is none.
package func personaFileText(_ path: String) throws(PersonaFileError) -> String {
    do { return try String(contentsOfFile: path, encoding: .utf8) } catch {
        throw PersonaFileError(file: path, problem: .unreadable(error.localizedDescription))
    }
}
