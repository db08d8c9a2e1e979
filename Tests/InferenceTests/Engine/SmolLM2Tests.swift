import Foundation
import Inference
import JSON
import Testing

/// SmolLM2-135M-Instruct against its GGUF file dequantised to fp32 and run by its reference implementation.
///
/// Our weights went through bf16 on import, which moves logits by some hundredths; the text stays the same.
@Suite(.enabled(if: SmolLM2.isHere, "the model is not in the cache; './annie pull smollm2-135m' fetches it"))
struct SmolLM2Tests {
    @Test func logitsScoresAndGreedyTextMatchTheReference() async throws {
        var options = EngineOptions()
        options.loading.dataType = .float32
        let engine = try Engine(loading: SmolLM2.directory, options: options)
        for reference in try SmolLM2.cases() {
            #expect(engine.model.tokenizer?.encode(reference.prompt) == reference.ids)
            let reply = try await engine.reply(to: reference.request)
            #expect(reply.ids == reference.greedy)
            #expect(abs(reply.meanPromptLoss - reference.meanLoss) < 0.03)
            let top = Dictionary(
                uniqueKeysWithValues: (reply.tokens.first?.logprobs?.top ?? []).map { ($0.token, Double($0.logprob)) })
            let best = try #require(reference.top.first)
            for (token, logit) in reference.top {
                // Differences of logits are differences of log-probabilities.
                let logprob = try #require(top[token])
                #expect(abs(logprob - (top[best.token] ?? 0) - (logit - best.logit)) < 0.08)
            }
        }
    }

    @Test(.enabled(if: SmolLM2.isQuantizedHere, "'./annie up' makes the quantised model once"))
    func quantisedActivationsStayCloseToExactProducts() async throws {
        var losses: [Double] = []
        for type in [EngineOptions().loading.dataType, .float32] {
            var options = EngineOptions()
            options.loading.dataType = type
            let engine = try Engine(loading: SmolLM2.quantized, options: options)
            for reference in try SmolLM2.cases() {
                losses.append(try await engine.reply(to: reference.request).meanPromptLoss)
            }
        }
        let count = losses.count / 2
        for (fast, exact) in zip(losses.prefix(count), losses.suffix(count)) { #expect(abs(fast - exact) < 0.2) }
    }
}

private enum SmolLM2 {
    static let models: URL = {
        let environment = ProcessInfo.processInfo.environment
        if let models = environment["ANNIE_MODELS"] { return URL(filePath: models) }
        let cache = environment["ANNIE_CACHE"].map { URL(filePath: $0) }
        return (cache ?? FileManager.default.homeDirectoryForCurrentUser.appending(path: ".cache/annie"))
            .appending(path: "models")
    }()
    static let directory = models.appending(path: "smollm2-135m")
    static let quantized = models.appending(path: "smollm2-135m-nvfp4")
    static var isQuantizedHere: Bool { FileManager.default.fileExists(atPath: quantized.path) }
    static var isHere: Bool {
        FileManager.default.fileExists(atPath: directory.appending(path: "model.safetensors").path)
    }

    struct Case {
        let prompt: String
        let ids: [Int32]
        let top: [(token: Int32, logit: Double)]
        let meanLoss: Double
        let greedy: [Int32]

        var request: GenerationRequest {
            var request = GenerationRequest(
                id: UUID().uuidString, prompt: ids, sampling: .greedy, stop: StopConditions(maximumTokens: 32))
            request.promptLogprobs = 0
            request.logprobs = 20
            return request
        }
    }

    static func cases() throws -> [Case] {
        let file = TinyModel.fixtures.deletingLastPathComponent().appending(path: "smollm2/fp32_reference.json")
        let json = try JSONValue(parsing: Data(contentsOf: file))
        return (json["cases"]?.array ?? []).map { value in
            func tokens(_ key: String) -> [Int32] { value[key]?.array?.compactMap { $0.integer.map(Int32.init) } ?? [] }
            return Case(
                prompt: value["prompt"]?.string ?? "", ids: tokens("ids"),
                top: value["top10"]?.array?.map { (Int32($0[0]?.integer ?? -1), $0[1]?.double ?? .nan) } ?? [],
                meanLoss: value["mean_nll"]?.double ?? .nan, greedy: tokens("greedy32"))
        }
    }
}

extension Reply {
    /// Mean negative log-likelihood of the prompt's tokens after the first.
    fileprivate var meanPromptLoss: Double {
        let scores = prompt?.logprobs.map { -Double($0.chosen.logprob) } ?? []
        return scores.reduce(0, +) / Double(max(1, scores.count))
    }
}
