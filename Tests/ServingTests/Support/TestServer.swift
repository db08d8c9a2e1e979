import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Inference
import JSON
import Logging
import NIOCore
import Serving
import Testing

/// The two ways a test body is run: straight into the router, and over a socket.
enum Surface: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case router, live

    var testDescription: String { rawValue }
    var setup: TestingSetup { self == .router ? .router : .live }
}

/// Runs a body against a server's router.
func withServer<Value: Sendable>(
    _ generator: any TextGenerator, logger: Logger = .silent, configure: (inout ServerOptions) -> Void = { _ in },
    _ body: @Sendable (Client) async throws -> Value
) async throws -> Value {
    try await withServer(.router, generator, logger: logger, configure: configure, body)
}

/// Runs a body against a server.
func withServer<Value: Sendable>(
    _ surface: Surface, _ generator: any TextGenerator, logger: Logger = .silent,
    configure: (inout ServerOptions) -> Void = { _ in },
    _ body: @Sendable (Client) async throws -> Value
) async throws -> Value {
    try await withServer(surface, slot: ModelSlot(generator), logger: logger, configure: configure, body)
}

/// Runs a body against a server whose model may not be there yet.
func withServer<Value: Sendable>(
    _ surface: Surface = .router, slot: ModelSlot, logger: Logger = .silent,
    configure: (inout ServerOptions) -> Void = { _ in },
    _ body: @Sendable (Client) async throws -> Value
) async throws -> Value {
    var options = ServerOptions()
    options.servedModelNames = ["test", "second/name"]
    options.limits.shutdownSeconds = 5
    options.chat.enablesAutoToolChoice = true
    options.chat.toolCallParser = "hermes"
    options.chat.reasoningParser = "qwen3"
    configure(&options)
    let application = try AnnieServer.makeApplication(slot: slot, options: options, logger: logger)
    return try await application.test(surface.setup) { try await body(Client(client: $0)) }
}

extension Logger {
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

/// Asks a test server in JSON.
struct Client: Sendable {
    let client: any TestClientProtocol

    func post(_ path: String, _ body: JSONValue, headers: HTTPFields = [:]) async throws -> Reply {
        try await post(path, text: body.text(), headers: headers)
    }

    func post(_ path: String, text: String, headers: HTTPFields = [:]) async throws -> Reply {
        var headers = headers
        if headers[.contentType] == nil { headers[.contentType] = "application/json" }
        return try await send(.post, path, headers: headers, body: ByteBuffer(string: text))
    }

    func get(_ path: String, headers: HTTPFields = [:]) async throws -> Reply {
        try await send(.get, path, headers: headers)
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields = [:], body: ByteBuffer? = nil
    ) async throws -> Reply {
        Reply(response: try await client.executeRequest(uri: path, method: method, headers: headers, body: body))
    }

    /// A chat request with one user message.
    func chat(_ fields: [(String, JSONValue)] = [], headers: HTTPFields = [:]) async throws -> Reply {
        try await post("/v1/chat/completions", chatBody(fields), headers: headers)
    }

    func complete(_ fields: [(String, JSONValue)] = []) async throws -> Reply {
        try await post("/v1/completions", .object(JSONObject([("model", "test"), ("prompt", "Once")] + fields)))
    }
}

/// A chat request with one user message.
func chatBody(_ fields: [(String, JSONValue)] = []) -> JSONValue {
    let messages: JSONValue = [["role": "user", "content": "Hello"]]
    return .object(JSONObject([("model", "test"), ("messages", messages)] + fields))
}

/// What a test server answered.
struct Reply: Sendable {
    let response: TestResponse

    var status: Int { response.status.code }
    var text: String { String(buffer: response.body) }
    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { response.headers[$0] } }

    /// The body in JSON; null if it is none.
    var json: JSONValue { (try? JSONValue(parsing: text)) ?? .null }
    var error: JSONValue? { json["error"] }
    var message: String { error?["message"]?.string ?? "" }
    var choice: JSONValue { json["choices"]?[0] ?? .null }

    /// The data of each server-sent event, in order.
    var events: [String] {
        text.components("\n\n").filter { !$0.isEmpty }.map { String($0.drop { $0 != " " }.dropFirst()) }
    }

    /// The events but the last `[DONE]`.
    var chunks: [JSONValue] { events.dropLast().compactMap { try? JSONValue(parsing: $0) } }

    /// The pieces of content that a choice's chunks carry.
    func streamedText(_ field: String = "content", choice: Int = 0) -> String {
        chunks.compactMap { $0["choices"]?[0] }.filter { $0["index"]?.integer == choice }
            .compactMap { $0["delta"]?[field]?.string }.joined()
    }
}

extension String {
    func components(_ separator: String) -> [String] { split(separator: separator).map(String.init) }
}

/// Waits until a condition holds.
///
/// - Returns: Whether it came to hold in time.
func eventually(within limit: Duration = .seconds(30), _ condition: () -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + limit
    while !condition() {
        guard ContinuousClock.now < deadline else { return false }
        try await Task.sleep(for: .milliseconds(5))
    }
    return true
}
