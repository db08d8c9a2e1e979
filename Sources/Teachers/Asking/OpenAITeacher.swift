import Companion
import JSON
import Locking

/// A model behind any OpenAI-compatible endpoint: vLLM, llama.cpp, a router over many, or `annie serve`.
///
/// What a server does not know of a request (a schema, a temperature, the newer name of the limit) is left out or renamed
/// once it says so, and stays so.
public struct OpenAITeacher: Teacher {
    /// The model, and where it is.
    public var name: String { "\(model) at \(endpoint.base)" }
    private let model: String
    private let endpoint: TeacherEndpoint
    private let refusedFields: Locked<Set<String>>

    /// A model at an address: the server, its base (`…/v1`) or the whole path.
    ///
    /// - Parameters:
    ///   - model: Its name; nil asks for the server's first.
    ///   - key: Sent as a bearer token.
    ///   - sendsSchema: Whether replies are held to their schema by the server.
    public init(
        url: String, model: String?, key: String? = nil, sendsSchema: Bool = true, timeLimit: Double = 300
    ) async throws(TeacherError) {
        let headers = key.map { [("Authorization", "Bearer \($0)")] } ?? []
        endpoint = TeacherEndpoint(base: OpenAIEndpoint.base(of: url), headers: headers, seconds: timeLimit)
        refusedFields = Locked(sendsSchema ? [] : ["response_format"])
        if let model {
            self.model = model
        } else {
            let list = try await endpoint.request("/models")
            guard let first = list["data"]?[0]?["id"]?.string else {
                throw .malformed(place: endpoint.base, found: "a list of models with none in it")
            }
            self.model = first
        }
    }

    /// See ``Teacher/reply(to:)``.
    public func reply(to request: TeacherRequest) async throws(TeacherError) -> TeacherReply {
        while true {
            let refused = refusedFields.withLock { $0 }
            do {
                return try Self.read(
                    try await endpoint.request("/chat/completions", body(of: request, without: refused)),
                    place: endpoint.base)
            } catch .refused(_, 400, let message, _) where Self.field(in: message, besides: refused) != nil {
                guard let field = Self.field(in: message, besides: refused) else { continue }
                refusedFields.withLock { _ = $0.insert(field) }
            }
        }
    }

    private static let optional = ["response_format", "max_tokens", "temperature", "seed"]

    /// The field that a refusal is about.
    private static func field(in message: String, besides refused: Set<String>) -> String? {
        if message.contains("json_schema"), !refused.contains("response_format") { return "response_format" }
        return optional.first { message.contains($0) && !refused.contains($0) }
    }

    private func body(of request: TeacherRequest, without refused: Set<String>) -> JSONValue {
        var body = JSONObject()
        body["model"] = .string(model)
        body["messages"] = [
            ["role": "system", "content": .string(request.instructions)],
            ["role": "user", "content": .string(request.task)],
        ]
        body[refused.contains("max_tokens") ? "max_completion_tokens" : "max_tokens"] = .integer(request.maximumTokens)
        if let temperature = request.temperature, !refused.contains("temperature") {
            body["temperature"] = .number(temperature)
        }
        if !refused.contains("seed") { body["seed"] = .integer(request.seed) }
        if !refused.contains("response_format") {
            body["response_format"] = [
                "type": "json_schema",
                "json_schema": ["name": "conversations", "schema": request.schema],
            ]
        }
        return .object(body)
    }

    static func read(_ answer: JSONValue, place: String) throws(TeacherError) -> TeacherReply {
        guard let message = answer["choices"]?[0]?["message"], message.object != nil else {
            throw .malformed(place: place, found: "an answer without choices")
        }
        return TeacherReply(
            text: message["content"]?.string ?? "", promptTokens: answer["usage"]?["prompt_tokens"]?.integer,
            completionTokens: answer["usage"]?["completion_tokens"]?.integer)
    }
}
