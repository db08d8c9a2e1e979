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
        let answers = await answers(of: servers)
        var tools: [any Tool] = []
        var problems: [String] = []
        var taken = Set(reserved)
        for answer in answers {
            let server = servers[answer.position]
            for description in answer.descriptions {
                let name = MCPToolName.free(description.name, of: server.settings.name, taken: taken)
                taken.insert(name)
                tools.append(MCPTool(name: name, description: description, server: server))
            }
            if let problem = answer.problem {
                problems.append("MCP server \(server.settings.name) (\(server.settings.command)): \(problem)")
            }
        }
        return MCPServers(tools: tools, problems: problems, servers: servers)
    }

    /// What a server said when it was started.
    private struct Answer: Sendable {
        var position: Int
        var descriptions: [MCPToolDescription] = []
        var problem: String?
    }

    /// The servers' answers, in the servers' order.
    private static func answers(of servers: [MCPServer]) async -> [Answer] {
        await withTaskGroup(of: Answer.self, returning: [Answer].self) { group in
            for (position, server) in servers.enumerated() {
                group.addTask { await answer(of: server, at: position) }
            }
            var answers: [Answer] = []
            for await answer in group { answers.append(answer) }
            return answers.sorted { $0.position < $1.position }
        }
    }

    private static func answer(of server: MCPServer, at position: Int) async -> Answer {
        do { return Answer(position: position, descriptions: try await server.start()) } catch {
            return Answer(position: position, problem: "\(error)")
        }
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
