import Evaluation
import Foundation
import JSON
import Testing

/// A model over four tokens with fixed probabilities, which tells as many as it is asked for.
private struct TinyModel: LikelihoodSource {
    let probabilities: [Double]

    func tokens(of text: String) async throws -> [Int] { text.utf8.map { Int($0) % 4 } }

    func scores(of tokens: [Int], alternatives: Int) async throws -> [TokenScore] {
        let ranked = probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }.prefix(alternatives)
        let told = Dictionary(uniqueKeysWithValues: ranked.map { ($0, log(probabilities[$0])) })
        return tokens.dropFirst().map { TokenScore(token: $0, logprob: log(probabilities[$0]), alternatives: told) }
    }
}

@Suite struct LikelihoodTests {
    private let text = "the quick brown fox"

    @Test func perplexityOfAnEvenModelIsItsVocabulary() async throws {
        let even = TinyModel(probabilities: [0.25, 0.25, 0.25, 0.25])
        let perplexity = try await Perplexity.measure([text], with: even, window: 8)
        #expect(abs(try #require(perplexity.value) - 4) < 1e-9)
        // Three windows, whose first tokens are not scored.
        #expect(perplexity.tokens == 19 - 3)
        #expect(perplexity.bytes == 19)
    }

    @Test func divergenceIsExactWhenAllIsToldAndLessWhenNot() async throws {
        let p = [0.6, 0.2, 0.15, 0.05], q = [0.3, 0.4, 0.1, 0.2]
        let exact = zip(p, q).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) }
        let whole = try await Divergence.measure(
            [text], reference: TinyModel(probabilities: p), other: TinyModel(probabilities: q), alternatives: 4)
        #expect(abs(try #require(whole.value) - exact) < 1e-9)
        #expect(abs(try #require(whole.coverage) - 1) < 1e-9)
        for told in 0..<4 {
            let part = try await Divergence.measure(
                [text], reference: TinyModel(probabilities: p), other: TinyModel(probabilities: q), alternatives: told)
            #expect(try #require(part.value) <= exact + 1e-9)
            #expect(try #require(part.value) >= 0)
        }
        let none = try await Divergence.measure(
            [text], reference: TinyModel(probabilities: p), other: TinyModel(probabilities: p), alternatives: 2)
        #expect(try #require(none.value) < 1e-12)
    }

    @Test func anEndpointTellsInVLLMsShape() async throws {
        let server = try await FakeServer { path, body in
            if path == "/tokenize" { return .json(["tokens": [5, 6, 7]]) }
            #expect(path == "/v1/completions")
            #expect(body["prompt"] == [5, 6, 7])
            return .json([
                "choices": [
                    [
                        "prompt_logprobs": [
                            nil, ["6": ["logprob": -1.5, "rank": 2], "9": ["logprob": -0.5, "rank": 1]],
                            ["7": ["logprob": -0.25, "rank": 1]],
                        ]
                    ]
                ]
            ])
        }
        let endpoint = LogprobEndpoint(url: server.url, model: "fake")
        let perplexity = try await Perplexity.measure(["abc"], with: endpoint)
        #expect(perplexity.tokens == 2 && abs(perplexity.nats - 1.75) < 1e-12)
        #expect(try await endpoint.scores(of: [5, 6, 7], alternatives: 2)[0].alternatives == [6: -1.5, 9: -0.5])
        await server.stop()
    }

    @Test(arguments: [
        FakeServer.Reply.json([:]), .json(["choices": []]), .json(["choices": [["prompt_logprobs": [nil]]]]),
        .json(["choices": [["prompt_logprobs": [nil, nil, nil]]]]), .status(404),
        .json(["choices": [["prompt_logprobs": [nil, ["8": ["logprob": -1]], ["7": ["logprob": -1]]]]]]),
    ])
    func whatIsNoSuchAnswerIsSaid(reply: FakeServer.Reply) async throws {
        let server = try await FakeServer { _, _ in reply }
        let endpoint = LogprobEndpoint(url: server.url, model: "fake")
        await #expect(throws: EvaluationError.self) { try await endpoint.scores(of: [5, 6, 7], alternatives: 1) }
        await server.stop()
    }
}
