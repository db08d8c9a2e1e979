import Foundation
import JSON

/// A running MCP server: from its start and handshake to its end.
final class MCPConnection: Sendable {
    private let session: JSONRPCSession
    private let process: ChildProcess

    /// The protocol's versions we speak, newest first. What we use of it is the same in all.
    static let versions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]
    private static let maximumPages = 20
    private static let maximumTools = 128

    /// Starts the server.
    ///
    /// - Parameter onExit: Called once when it is gone, with how it ended.
    init(_ settings: MCPServerSettings, onExit: @escaping @Sendable (String) -> Void) throws {
        let session = JSONRPCSession()
        self.session = session
        let own = ProcessInfo.processInfo.environment.filter { MCPServerSettings.inheritedVariables.contains($0.key) }
        process = try ChildProcess(
            command: settings.command, arguments: settings.arguments,
            environment: own.merging(settings.environment) { $1 },
            onLine: { process, line in
                do {
                    for reply in try session.receive(line) { process.send(line: reply) }
                } catch {
                    process.kill(because: "\(error)")
                }
            },
            onExit: { reason in
                session.close("it is not running: \(reason)")
                onExit(reason)
            })
    }

    /// The handshake, and the server's tools.
    func open(within limit: Duration) async throws -> [MCPToolDescription] {
        do {
            return try await withDeadline(limit) { [self] in
                try await initialize(limit)
                return try await listTools(limit)
            }
        } catch is DeadlineExceeded {
            throw ToolError("it did not say which tools it has within \(limit.inWords)")
        } catch let error as ToolError {
            let complaints = process.complaints
            throw complaints.isEmpty ? error : ToolError("\(error.message); it complained: \(complaints)")
        }
    }

    private func initialize(_ limit: Duration) async throws {
        let answer = try await request(
            "initialize",
            [
                "protocolVersion": .string(Self.versions[0]), "capabilities": [:],
                "clientInfo": ["name": "annie", "version": "1"],
            ], within: limit)
        guard let version = answer["protocolVersion"]?.string else {
            throw ToolError("it does not speak the Model Context Protocol: it named no version")
        }
        guard Self.versions.contains(version) else {
            let known = Self.versions.joined(separator: ", ")
            throw ToolError(
                "it speaks version \(ToolText.line(version, limit: 40)) of the protocol; known are \(known)")
        }
        process.send(line: Self.message("notifications/initialized", nil, id: nil))
    }

    private func listTools(_ limit: Duration) async throws -> [MCPToolDescription] {
        var tools: [MCPToolDescription] = []
        var cursors: Set<String> = []
        var cursor: String?
        repeat {
            let page = try await request("tools/list", cursor.map { ["cursor": .string($0)] } ?? [:], within: limit)
            guard let list = page["tools"]?.array else { throw ToolError("its list of tools is not a list") }
            tools += list.compactMap(MCPToolDescription.init(json:))
            cursor = page["nextCursor"]?.string
            // One that repeats itself would have us ask for ever.
        } while cursor.map { cursors.insert($0).inserted } == true && cursors.count < Self.maximumPages
        return Array(tools.prefix(Self.maximumTools))
    }

    /// Calls a tool and gives the answer's text.
    ///
    /// - Throws: ``ToolError``, `CancellationError`, or ``DeadlineExceeded``.
    func call(_ tool: String, _ arguments: JSONObject, within limit: Duration) async throws -> String {
        let answer = try await request(
            "tools/call", ["name": .string(tool), "arguments": .object(arguments)], within: limit)
        let text = try MCPToolAnswer.text(of: answer)
        if answer["isError"]?.bool == true { throw ToolError(text) }
        return text
    }

    private func request(_ method: String, _ params: JSONValue, within limit: Duration) async throws -> JSONValue {
        let id = session.open()
        process.send(line: Self.message(method, params, id: id))
        do {
            return try await withDeadline(limit) { [session] in try await session.answer(to: id) }
        } catch {
            if error is DeadlineExceeded || error is CancellationError {
                let params: JSONValue = ["requestId": .integer(id), "reason": "no longer needed"]
                process.send(line: Self.message("notifications/cancelled", params, id: nil))
            }
            throw error
        }
    }

    private static func message(_ method: String, _ params: JSONValue?, id: Int?) -> String {
        var message = JSONObject([("jsonrpc", "2.0")])
        if let id { message["id"] = .integer(id) }
        message["method"] = .string(method)
        if let params { message["params"] = params }
        return JSONValue.object(message).text()
    }

    /// Ends the server as it deserves: it was stopped by us, or does not answer.
    func stop() async { await process.stop() }

    func kill(because reason: String) { process.kill(because: reason) }
}

/// A tool as its server describes it.
struct MCPToolDescription: Sendable, Equatable {
    /// The server's own name of it.
    let name: String
    let description: String
    let parameters: JSONValue
    let isReadOnly: Bool

    private static let maximumDescription = 1000
    private static let maximumSchema = 16_000

    /// Nil for what is no tool, and for one whose schema would fill the prompt.
    init?(json: JSONValue) {
        guard let name = json["name"]?.string, name.utf8.count <= 200, !MCPToolName.cleaned(name).isEmpty else {
            return nil
        }
        let schema = json["inputSchema"]?.object == nil ? ["type": "object"] : json["inputSchema"] ?? .null
        guard schema.text().utf8.count <= Self.maximumSchema else { return nil }
        self.name = name
        description = ToolText.line(json["description"]?.string ?? "", limit: Self.maximumDescription)
        parameters = Self.cleaned(schema)
        isReadOnly = json["annotations"]?["readOnlyHint"]?.bool ?? false
    }

    /// The prompt holds the schema, and what is in it is another's text.
    private static func cleaned(_ json: JSONValue) -> JSONValue {
        switch json {
        case .string(let text): .string(ToolText.line(text, limit: maximumDescription))
        case .array(let elements): .array(elements.map(cleaned))
        case .object(let object):
            .object(JSONObject(object.filter { isPlain($0.key) }.map { ($0.key, cleaned($0.value)) }))
        default: json
        }
    }

    /// A key cannot be cleaned, because the server must know it again; one that is no name is left out.
    private static func isPlain(_ key: String) -> Bool {
        key.utf8.count <= 200 && ToolText.line(key, limit: 200) == key
    }
}

/// What a tool's answer says.
enum MCPToolAnswer {
    private static let maximumLength = 100_000

    /// - Throws: ``ToolError`` when it is no answer of a tool.
    static func text(of answer: JSONValue) throws -> String {
        guard let content = answer["content"]?.array else {
            guard let structure = answer["structuredContent"], !structure.isNull else {
                throw ToolError("it answered with something that is not a tool's result")
            }
            return String(structure.text(.python).unicodeScalars.prefix(maximumLength))
        }
        var text = content.prefix(1000).compactMap(words).joined(separator: "\n")
        if text.isEmpty, let structure = answer["structuredContent"], !structure.isNull {
            text = structure.text(.python)
        }
        return String(text.unicodeScalars.prefix(maximumLength))
    }

    private static func words(_ item: JSONValue) -> String? {
        switch item["type"]?.string {
        case "text": item["text"]?.string
        case "resource": item["resource"]?["text"]?.string
        case "resource_link": item["uri"]?.string
        case "image": "(an image)"
        case "audio": "(a sound)"
        default: nil
        }
    }
}
