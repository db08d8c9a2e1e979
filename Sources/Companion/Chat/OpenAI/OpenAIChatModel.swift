import AsyncHTTPClient
import Foundation
import JSON
import NIOCore

/// A model behind any OpenAI-compatible endpoint: vLLM, llama.cpp, Ollama, a router over many, or `annie serve` elsewhere.
public struct OpenAIChatModel: ChatModel {
    /// The model's name at the server.
    public let name: String
    /// Tokens of prompt and reply together.
    public let contextLength: Int
    private let endpoint: OpenAIEndpoint

    /// A model whose name and context are known; nothing is asked yet.
    ///
    /// - Parameters:
    ///   - url: The server (`http://host:8000`), its base (`…/v1`) or the whole address (`…/v1/chat/completions`).
    ///   - key: Sent as a bearer token, and nowhere else.
    ///   - silenceLimit: Seconds without a byte after which a reply has failed.
    public init(url: String, model: String, key: String? = nil, contextLength: Int = 8192, silenceLimit: Double = 60) {
        name = model
        self.contextLength = contextLength
        endpoint = OpenAIEndpoint(url: url, key: key, silenceLimit: silenceLimit)
    }

    /// Asks the server for what is not given: its first model's name, and its context's length where it tells that.
    ///
    /// - Throws: ``ChatModelError``.
    public static func connect(
        url: String, model: String? = nil, key: String? = nil, contextLength: Int? = nil, silenceLimit: Double = 60
    ) async throws -> OpenAIChatModel {
        let endpoint = OpenAIEndpoint(url: url, key: key, silenceLimit: silenceLimit)
        let list = try await list(endpoint)
        let entries = list["data"]?.array ?? list["models"]?.array ?? []
        let entry = model.map { name in entries.first { $0["id"]?.string == name } ?? .null } ?? entries.first ?? .null
        guard let name = model ?? entry["id"]?.string ?? entry["name"]?.string else {
            throw ChatModelError.malformed(url: endpoint.base, found: "a list of models with none in it")
        }
        let told = entry["max_model_len"] ?? entry["context_length"] ?? entry["meta"]?["n_ctx"]
        let length = contextLength ?? told?.integer ?? 8192
        return OpenAIChatModel(
            url: url, model: name, key: key, contextLength: max(512, length), silenceLimit: silenceLimit)
    }

    private static func list(_ endpoint: OpenAIEndpoint) async throws -> JSONValue {
        let response = try await endpoint.request("/models")
        do {
            let body = try await response.body.collect(upTo: 1 << 22)
            return try JSONValue(parsing: body.readableBytesView)
        } catch is JSONError {
            throw ChatModelError.malformed(url: endpoint.base, found: "a list of models that is not JSON")
        } catch { throw endpoint.failure(error, hasBegun: true) }
    }

    /// Streams a reply. - Throws: ``ChatModelError`` in the stream.
    public func reply(to prompt: ChatPrompt) -> AsyncThrowingStream<ChatModelEvent, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await stream(prompt) { continuation.yield($0) }
                    continuation.finish()
                } catch { continuation.finish(throwing: error) }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// Nothing: a request whose reply nobody wants would cost the server, and many a user, as much as one that is wanted.
    public func prepare(_ prompt: ChatPrompt) async {}

    /// An estimate from above: a token for three bytes of plain text, and one for every other character.
    public func tokenCount(of prompt: ChatPrompt) async throws -> Int {
        var count = prompt.tools.reduce(0) { $0 + Self.estimate($1.json.text()) }
        for message in prompt.messages {
            count += 8 + Self.estimate(message.content)
            for call in message.toolCalls { count += 16 + Self.estimate(call.name + call.arguments) }
        }
        return count
    }

    private static func estimate(_ text: String) -> Int {
        let plain = text.utf8.reduce(0) { $0 + ($1 < 0x80 ? 1 : 0) }
        return (plain + 2) / 3 + (text.unicodeScalars.count - plain)
    }

    // MARK: The stream

    private func stream(_ prompt: ChatPrompt, _ yield: (ChatModelEvent) -> Void) async throws {
        let response = try await endpoint.request("/chat/completions", body: body(of: prompt))
        var reader = OpenAIChunkReader()
        var isOver = false
        do {
            if response.headers.first(name: "Content-Type")?.lowercased().hasPrefix("application/json") == true {
                let body = try await response.body.collect(upTo: 1 << 24)
                isOver = try read(Array(body.readableBytesView), &reader, yield)
                isOver = isOver || reader.isFinished
            } else {
                isOver = try await readEvents(response, &reader, yield)
            }
        } catch { throw endpoint.failure(error, hasBegun: true) }
        guard isOver || reader.isFinished else {
            throw ChatModelError.connectionLost(url: endpoint.base, reason: "the stream ended before the reply did")
        }
        for event in reader.finish() { yield(event) }
    }

    private func readEvents(
        _ response: HTTPClientResponse, _ reader: inout OpenAIChunkReader, _ yield: (ChatModelEvent) -> Void
    ) async throws -> Bool {
        var events = ServerSentEvents()
        do {
            for try await part in response.body {
                for data in try events.append(part.readableBytesView) where try read(data, &reader, yield) {
                    return true
                }
            }
            for data in try events.finish() where try read(data, &reader, yield) { return true }
        } catch is ServerSentEvents.TooLong {
            throw ChatModelError.malformed(url: endpoint.base, found: "an event of more than 4 MiB")
        } catch let error as HTTPClientError where error == .remoteConnectionClosed && reader.isFinished {
            // Some servers hang up instead of ending the body.
            return true
        }
        return false
    }

    /// Reads the data of one event; true when it says that there are no more.
    private func read(
        _ data: [UInt8], _ reader: inout OpenAIChunkReader, _ yield: (ChatModelEvent) -> Void
    ) throws -> Bool {
        if data.elementsEqual("[DONE]".utf8) { return true }
        guard let chunk = try? JSONValue(parsing: data) else {
            throw ChatModelError.malformed(url: endpoint.base, found: "an event that is not JSON")
        }
        do throws(OpenAIChunkReader.ServerError) {
            for event in try reader.read(chunk) { yield(event) }
        } catch {
            let message = String(oneLine(error.message).prefix(300))
            throw ChatModelError.refused(url: endpoint.base, status: 200, body: message)
        }
        return false
    }

    private func body(of prompt: ChatPrompt) -> JSONValue {
        var body = JSONObject()
        body["model"] = .string(name)
        body["messages"] = .array(prompt.messages.map(\.json))
        body["stream"] = true
        body["stream_options"] = ["include_usage": true]
        if !prompt.tools.isEmpty { body["tools"] = .array(prompt.tools.map(\.json)) }
        if let tokens = prompt.maximumTokens { body["max_tokens"] = .integer(tokens) }
        if let temperature = prompt.temperature { body["temperature"] = .number(temperature) }
        // JSON's numbers are exact only so far in many a server.
        if let seed = prompt.seed { body["seed"] = .integer(Int(seed & 0x7FFF_FFFF)) }
        return .object(body)
    }
}
