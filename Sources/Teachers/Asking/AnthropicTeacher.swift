import JSON

/// A model behind Anthropic's Messages API. It is held to the reply's form by a tool that it must call.
public struct AnthropicTeacher: Teacher {
    /// Where the API is unless another place is named.
    public static let usualURL = "https://api.anthropic.com"
    /// The model.
    public var name: String { "\(model) at \(endpoint.base)" }
    private let model: String
    private let sendsSchema: Bool
    private let endpoint: TeacherEndpoint
    private static let tool = "write_conversations"

    /// A model by name.
    ///
    /// - Parameters:
    ///   - url: Before `/v1/messages`; nil is Anthropic's own.
    ///   - sendsSchema: Whether the reply is asked for as a tool's arguments.
    public init(url: String? = nil, model: String, key: String, sendsSchema: Bool = true, timeLimit: Double = 300) {
        self.model = model
        self.sendsSchema = sendsSchema
        var base = url ?? Self.usualURL
        if !base.contains("://") { base = "http://" + base }
        while base.hasSuffix("/") { base.removeLast() }
        for ending in ["/messages", "/v1"] where base.hasSuffix(ending) { base.removeLast(ending.count) }
        endpoint = TeacherEndpoint(
            base: base, headers: [("x-api-key", key), ("anthropic-version", "2023-06-01")], seconds: timeLimit)
    }

    /// See ``Teacher/reply(to:)``.
    public func reply(to request: TeacherRequest) async throws(TeacherError) -> TeacherReply {
        var body = JSONObject()
        body["model"] = .string(model)
        body["max_tokens"] = .integer(request.maximumTokens)
        // The mark lets the API keep what all requests begin with.
        body["system"] = [
            ["type": "text", "text": .string(request.instructions), "cache_control": ["type": "ephemeral"]]
        ]
        body["messages"] = [["role": "user", "content": .string(request.task)]]
        if let temperature = request.temperature { body["temperature"] = .number(min(1, temperature)) }
        if sendsSchema {
            body["tools"] = [
                [
                    "name": .string(Self.tool), "description": "Hands in the conversations.",
                    "input_schema": request.schema,
                ]
            ]
            body["tool_choice"] = ["type": "tool", "name": .string(Self.tool)]
        }
        return try Self.read(try await endpoint.request("/v1/messages", .object(body)), place: endpoint.base)
    }

    static func read(_ answer: JSONValue, place: String) throws(TeacherError) -> TeacherReply {
        guard let blocks = answer["content"]?.array else {
            throw .malformed(place: place, found: "an answer without content")
        }
        let text = blocks.map { $0["input"]?.text() ?? $0["text"]?.string ?? "" }.joined(separator: "\n")
        let usage = answer["usage"]
        let prompt = ["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"]
            .compactMap { TeacherReply.plausible(usage?[$0]?.integer) }
        return TeacherReply(
            text: text, promptTokens: prompt.isEmpty ? nil : prompt.reduce(0, +),
            completionTokens: usage?["output_tokens"]?.integer)
    }
}
