import JSON
import Logging

/// The MCP servers of a persona and the tools they bring.
public struct MCPServers: Sendable {
    /// The tools of all servers that started, in the order of the settings.
    public let tools: [any Tool]
    /// A line for each server that did not start: which, and why.
    public let problems: [String]
    private let servers: [MCPServer]

    /// Starts servers side by side and waits until each has said which tools it has, or has failed.
    ///
    /// - Parameters:
    ///   - reserved: Names that are taken by other tools; a server's tool of such a name gets the server's before it.
    ///   - logger: Is told of restarts, never of what is said.
    public static func start(
        _ settings: [MCPServerSettings], reserved: some Sequence<String> = BuiltinTools.names,
        logger: Logger = Logger(label: "annie.mcp")
    ) async -> MCPServers {
        await start(settings.map { MCPServer($0, logger: logger) }, reserved: reserved)
    }

    package static func start(
        _ settings: [MCPServerSettings], backoff: Duration, logger: Logger
    ) async -> MCPServers {
        await start(
            settings.map { MCPServer($0, logger: logger, backoff: backoff) }, reserved: BuiltinTools.names)
    }

    private static func start(_ servers: [MCPServer], reserved: some Sequence<String>) async -> MCPServers {
        var outcomes: [Int: Result<[MCPToolDescription], any Error>] = [:]
        await withTaskGroup(of: (Int, Result<[MCPToolDescription], any Error>).self) { group in
            for (position, server) in servers.enumerated() {
                group.addTask {
                    do { return (position, .success(try await server.start())) } catch {
                        return (position, .failure(error))
                    }
                }
            }
            for await (position, outcome) in group { outcomes[position] = outcome }
        }
        var (tools, problems, taken) = ([any Tool](), [String](), Set(reserved))
        for (position, server) in servers.enumerated() {
            switch outcomes[position] {
            case .success(let descriptions):
                for description in descriptions {
                    let name = MCPToolName.free(description.name, of: server.settings.name, taken: taken)
                    taken.insert(name)
                    tools.append(MCPTool(name: name, description: description, server: server))
                }
            case .failure(let error):
                problems.append("MCP server \(server.settings.name) (\(server.settings.command)): \(error)")
            case nil: break
            }
        }
        return MCPServers(tools: tools, problems: problems, servers: servers)
    }

    /// Ends all servers and whatever they have started.
    public func stop() async {
        await withTaskGroup(of: Void.self) { group in
            for server in servers { group.addTask { await server.stop() } }
        }
    }
}

/// A tool that an MCP server runs.
struct MCPTool: Tool {
    let definition: ToolDefinition
    let hasSideEffects: Bool
    let timeLimit: Duration
    private let name: String
    private let server: MCPServer

    init(name: String, description: MCPToolDescription, server: MCPServer) {
        definition = ToolDefinition(
            name: name, description: description.description, parameters: description.parameters)
        hasSideEffects = !description.isReadOnly
        // The server's own limit comes first: it tells the server.
        timeLimit = server.settings.timeLimit + .seconds(1)
        self.name = description.name
        self.server = server
    }

    func run(arguments: JSONObject, context: ToolContext) async throws -> String {
        try await server.call(name, arguments)
    }
}
