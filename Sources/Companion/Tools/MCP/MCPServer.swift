import Foundation
import JSON
import Logging

/// Keeps one MCP server running: started once, started again when it crashes or hangs, ended at the end.
actor MCPServer {
    nonisolated let settings: MCPServerSettings
    private let logger: Logger
    private let backoff: Duration
    private var connection: MCPConnection?
    /// One whose handshake is not over.
    private var opening: MCPConnection?
    private var generation = 0
    /// The last generation whose process is known to be gone.
    private var endedGeneration = 0
    private var failures = 0
    private var timeouts = 0
    private var restart: Task<Void, Never>?
    private var isStopped = false
    private static let maximumBackoff = Duration.seconds(60)
    private static let maximumTimeouts = 2

    /// - Parameter backoff: How long to wait before the first restart; doubles with each that fails.
    init(_ settings: MCPServerSettings, logger: Logger, backoff: Duration = .milliseconds(500)) {
        self.settings = settings
        self.logger = logger
        self.backoff = backoff
    }

    /// Starts the server and asks for its tools.
    ///
    /// - Throws: ``ToolError``; the server is then ended and stays so.
    func start() async throws -> [MCPToolDescription] {
        do { return try await connect() } catch {
            isStopped = true
            throw error
        }
    }

    /// Calls one of its tools.
    func call(_ tool: String, _ arguments: JSONObject) async throws -> String {
        guard let connection else {
            throw ToolError(
                isStopped ? "its server has been stopped" : "its server is being restarted; go on without it")
        }
        do {
            let text = try await connection.call(tool, arguments, within: settings.timeLimit)
            (failures, timeouts) = (0, 0)
            return text
        } catch let error as DeadlineExceeded {
            timeouts += 1
            if timeouts >= Self.maximumTimeouts { connection.kill(because: "it did not answer") }
            throw error
        }
    }

    /// Ends the server and all it has started.
    func stop() async {
        isStopped = true
        restart?.cancel()
        let ending = [connection, opening]
        (connection, opening) = (nil, nil)
        for connection in ending { await connection?.stop() }
    }

    // MARK: Running

    private func connect() async throws -> [MCPToolDescription] {
        generation += 1
        let current = generation
        let new = try MCPConnection(settings) { reason in
            Task { [weak self] in await self?.ended(current, reason) }
        }
        opening = new
        defer { opening = nil }
        do {
            let tools = try await new.open(within: settings.startLimit)
            guard !isStopped else { throw ToolError("its server has been stopped") }
            guard endedGeneration != current else { throw ToolError("it ended as soon as it had started") }
            connection = new
            timeouts = 0
            return tools
        } catch {
            // Its end is no news: the caller hears of it.
            generation += 1
            await new.stop()
            throw error
        }
    }

    private func ended(_ ended: Int, _ reason: String) {
        endedGeneration = max(endedGeneration, ended)
        guard ended == generation, !isStopped, connection != nil else { return }
        connection = nil
        scheduleRestart(after: reason)
    }

    private func scheduleRestart(after reason: String) {
        let wait = min(backoff * (1 << min(failures, 10)), Self.maximumBackoff)
        failures += 1
        logger.warning("MCP server \(settings.name) is gone: \(reason). It is started again in \(wait.inWords).")
        restart = Task {
            do { try await Task.sleep(for: wait) } catch { return }
            await reconnect()
        }
    }

    private func reconnect() async {
        guard !isStopped else { return }
        do {
            // Its tools are already in the prompt; that it has others now does not change it.
            _ = try await connect()
            logger.info("MCP server \(settings.name) is back.")
        } catch {
            guard !isStopped else { return }
            scheduleRestart(after: "it did not start")
        }
    }
}
