import Yams

/// A server of the Model Context Protocol that is started as a child process and spoken to over its standard streams.
public struct MCPServerSettings: Sendable, Equatable {
    /// What people call it; goes before its tools' names where two tools have the same.
    public var name: String
    /// The program, looked for in `PATH`.
    public var command: String
    /// The program's arguments.
    public var arguments: [String]
    /// Variables it gets beside the few it inherits (``inheritedVariables``).
    public var environment: [String: String]
    /// How long a call of a tool may take.
    public var timeLimit = Duration.seconds(20)
    /// How long it may take to say which tools it has; the first start of some downloads them.
    public var startLimit = Duration.seconds(30)

    /// All that a server sees of our own environment: enough to run, and no keys of other services.
    public static let inheritedVariables = ["HOME", "LANG", "LOGNAME", "PATH", "SHELL", "TERM", "TMPDIR", "TZ", "USER"]

    /// Settings with these parts.
    public init(name: String, command: String, arguments: [String] = [], environment: [String: String] = [:]) {
        self.name = name
        self.command = command
        self.arguments = arguments
        self.environment = environment
    }
}

/// Why the settings of MCP servers cannot be used.
public struct MCPSettingsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was found and what was expected.
    public var message: String

    /// The message.
    public var description: String { message }
}

extension MCPServerSettings {
    /// The servers under the key `mcp` of a YAML file; none when there is no such key.
    public static func list(yaml text: String) throws -> [MCPServerSettings] {
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch {
            throw MCPSettingsError(message: "the settings are not YAML: \(error)")
        }
        return try root?.mapping?["mcp"].map(list) ?? []
    }

    /// The servers of a YAML list, each with `name`, `command`, and where wanted `args` and `env`.
    package static func list(_ node: Node) throws -> [MCPServerSettings] {
        if node.null != nil { return [] }
        guard let entries = node.sequence else {
            throw MCPSettingsError(message: "mcp: expected a list of servers, each with a name and a command")
        }
        var servers: [MCPServerSettings] = []
        for (position, entry) in entries.enumerated() {
            let server = try server(entry, place: "mcp entry \(position + 1)")
            guard !servers.contains(where: { $0.name == server.name }) else {
                throw MCPSettingsError(message: "mcp: two servers are called '\(server.name)'; rename one")
            }
            servers.append(server)
        }
        return servers
    }

    private static func server(_ node: Node, place: String) throws -> MCPServerSettings {
        guard let mapping = node.mapping else {
            throw MCPSettingsError(message: "\(place): expected name, command, args and env")
        }
        let known = ["name", "command", "args", "env"]
        if let key = mapping.keys.compactMap(\.string).first(where: { !known.contains($0) }) {
            throw MCPSettingsError(message: "\(place): '\(key)' is unknown; known are \(known.joined(separator: ", "))")
        }
        guard let name = mapping["name"]?.string, !MCPToolName.cleaned(name).isEmpty else {
            throw MCPSettingsError(message: "\(place): expected a name of letters and digits")
        }
        guard let command = mapping["command"]?.string, !command.isEmpty else {
            throw MCPSettingsError(message: "\(place) (\(name)): expected a command, such as npx")
        }
        return MCPServerSettings(
            name: name, command: command, arguments: try strings(mapping["args"], "\(place) (\(name)): args"),
            environment: try variables(mapping["env"], "\(place) (\(name)): env"))
    }

    private static func strings(_ node: Node?, _ place: String) throws -> [String] {
        guard let node, node.null == nil else { return [] }
        let texts = node.sequence?.compactMap(\.string)
        guard let texts, texts.count == node.sequence?.count, texts.allSatisfy({ !$0.utf8.contains(0) }) else {
            throw MCPSettingsError(message: "\(place): expected a list of texts")
        }
        return texts
    }

    private static func variables(_ node: Node?, _ place: String) throws -> [String: String] {
        guard let node, node.null == nil else { return [:] }
        var variables: [String: String] = [:]
        for (key, value) in node.mapping ?? [:] {
            if let key = key.string, let value = value.string, !key.contains("="), !(key + value).utf8.contains(0) {
                variables[key] = value
            }
        }
        guard let mapping = node.mapping, variables.count == mapping.count else {
            throw MCPSettingsError(message: "\(place): expected names with texts, such as TOKEN: abc")
        }
        return variables
    }
}
