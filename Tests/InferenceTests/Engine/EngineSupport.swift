import Foundation
import Inference
import JSON

/// Tiny random models that serve token ids only.
enum TinyModel {
    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures/models")

    static func engine(
        _ name: String = "llama_tiny", _ change: (inout EngineOptions) -> Void = { _ in }
    ) throws -> Engine {
        var options = EngineOptions()
        options.threads = 2
        change(&options)
        return try Engine(loading: fixtures.appending(path: name), options: options)
    }

    static func meta(_ name: String) throws -> JSONValue {
        let data = try Data(contentsOf: fixtures.appending(path: "\(name)/meta.json"))
        return try JSONValue(parsing: data)
    }

    /// Tokens that look random and are the same every time.
    static func prompt(_ count: Int, seed: Int = 1) -> [Int32] {
        (0..<count).map { Int32(($0 * 7919 + seed * 104_729 + $0 * $0 * 31) % 500) }
    }

    static func request(
        _ prompt: [Int32], tokens: Int = 24, id: String = UUID().uuidString, ignoresEnd: Bool = true,
        sampling: SamplingParameters = .greedy
    ) -> GenerationRequest {
        var request = GenerationRequest(
            id: id, prompt: prompt, sampling: sampling, stop: StopConditions(maximumTokens: tokens))
        request.stop.ignoresEndOfSequence = ignoresEnd
        return request
    }
}

/// Everything one generation reported.
struct Reply {
    var prompt: PromptReport?
    var tokens: [GeneratedToken] = []
    var summary: GenerationSummary?
    var ids: [Int32] { tokens.map(\.id) }
}

extension Engine {
    func reply(to request: GenerationRequest) async throws -> Reply {
        var reply = Reply()
        for try await event in try generate(request) {
            switch event {
            case .prompt(let report): reply.prompt = report
            case .token(let token): reply.tokens.append(token)
            case .finished(let summary): reply.summary = summary
            }
        }
        return reply
    }
}
