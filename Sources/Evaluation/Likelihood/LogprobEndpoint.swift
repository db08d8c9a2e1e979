import AsyncHTTPClient
import Foundation
import JSON
import NIOCore
import NIOHTTP1

/// A server that tells log-probabilities of prompts as vLLM does: `prompt_logprobs` on `/v1/completions`.
public final class LogprobEndpoint: LikelihoodSource {
    private let base: String
    private let model: String
    private let key: String?
    private let client: HTTPClient
    private static let longestAnswer = 1 << 28

    /// - Parameters:
    ///   - url: The API's base, `http://host:8000/v1`.
    ///   - model: The model's name at the server.
    public init(url: String, model: String, key: String? = nil) {
        var base = url
        while base.hasSuffix("/") { base.removeLast() }
        self.base = base
        self.model = model
        self.key = key
        var options = HTTPClient.Configuration()
        options.timeout = .init(connect: .seconds(10), read: .minutes(10))
        options.redirectConfiguration = .disallow
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: options)
    }

    deinit { client.shutdown { _ in } }

    /// See ``LikelihoodSource/tokens(of:)``; asks `/tokenize`, which stands beside `/v1`.
    public func tokens(of text: String) async throws -> [Int] {
        let root = base.hasSuffix("/v1") ? String(base.dropLast(3)) : base
        let body: JSONValue = ["model": .string(model), "prompt": .string(text), "add_special_tokens": false]
        guard let tokens = try await post(root + "/tokenize", body)["tokens"]?.array else {
            throw EvaluationError.endpoint(url: root + "/tokenize", problem: "the answer has no \"tokens\"")
        }
        return tokens.compactMap(\.integer)
    }

    /// See ``LikelihoodSource/scores(of:alternatives:)``.
    public func scores(of tokens: [Int], alternatives: Int) async throws -> [TokenScore] {
        let url = base + "/completions"
        let answer = try await post(
            url,
            [
                "model": .string(model), "prompt": .array(tokens.map(JSONValue.integer)), "max_tokens": 1,
                "temperature": 0, "prompt_logprobs": .integer(alternatives),
            ])
        guard let entries = answer["choices"]?[0]?["prompt_logprobs"]?.array else {
            throw EvaluationError.endpoint(
                url: url, problem: "the answer has no \"prompt_logprobs\"; vLLM and `annie serve` give them")
        }
        return try Self.scores(entries, of: tokens, url: url)
    }

    /// vLLM's shape: null for the first token, then for each an object by token.
    static func scores(_ entries: [JSONValue], of tokens: [Int], url: String) throws -> [TokenScore] {
        guard entries.count == tokens.count else {
            throw EvaluationError.endpoint(
                url: url,
                problem: "log-probabilities of \(entries.count) tokens, not of the \(tokens.count) that were sent")
        }
        return try zip(tokens, entries).dropFirst().map { token, entry in
            var alternatives: [Int: Double] = [:]
            for (key, value) in entry.object ?? JSONObject() {
                if let id = Int(key), let logprob = value["logprob"]?.double, logprob <= 1e-3 {
                    alternatives[id] = min(0, logprob)
                }
            }
            guard let logprob = alternatives[token] else {
                throw EvaluationError.endpoint(
                    url: url, problem: "no log-probability of the token \(token) that was sent")
            }
            return TokenScore(token: token, logprob: logprob, alternatives: alternatives)
        }
    }

    private func post(_ url: String, _ body: JSONValue) async throws -> JSONValue {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        if let key, !key.isEmpty { request.headers.add(name: "Authorization", value: "Bearer \(key)") }
        request.body = .bytes(ByteBuffer(string: body.text(.compact)))
        let response: HTTPClientResponse
        do { response = try await client.execute(request, timeout: .minutes(15)) } catch {
            throw EvaluationError.endpoint(url: url, problem: "cannot be reached (\("\(error)".prefix(120)))")
        }
        let bytes = Array((try await response.body.collect(upTo: Self.longestAnswer)).readableBytesView)
        guard (200..<300).contains(response.status.code) else {
            let text = String(decoding: bytes.prefix(300), as: UTF8.self)
            throw EvaluationError.endpoint(url: url, problem: "status \(response.status.code): \(text)")
        }
        do { return try JSONValue(parsing: bytes) } catch {
            throw EvaluationError.endpoint(url: url, problem: "the answer is not JSON: \(error)")
        }
    }
}
