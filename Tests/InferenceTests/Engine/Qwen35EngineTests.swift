import Foundation
import Inference
import Testing

@Suite struct Qwen35EngineTests {
    @Test(arguments: ["qwen3_5_tiny", "qwen3_5_tiny_tied"])
    func greedyTokensAreThoseOfTheReference(name: String) async throws {
        let meta = try TinyModel.meta(name)
        let expected = meta["greedy_from_first_20"]?.array?.compactMap { $0.integer.map(Int32.init) } ?? []
        let engine = try TinyModel.engine(name) { $0.loading.dataType = .float32 }
        let prompt = try GoldenInputs.tokens(name).prefix(20)
        #expect(try await engine.reply(to: TinyModel.request(Array(prompt), tokens: 40)).ids == expected)
    }

    @Test func requestsTogetherGetTheTokensTheyGetAlone() async throws {
        let engine = try TinyModel.engine("qwen3_5_tiny") { $0.maximumBatchedTokens = 48 }
        let prompts = (1...5).map { TinyModel.prompt(30 * $0, seed: $0) }
        var alone: [[Int32]] = []
        for prompt in prompts { alone.append(try await engine.reply(to: TinyModel.request(prompt)).ids) }
        let fresh = try TinyModel.engine("qwen3_5_tiny") { $0.maximumBatchedTokens = 48 }
        let together = try await withThrowingTaskGroup(of: (Int, [Int32]).self) { group in
            for (index, prompt) in prompts.enumerated() {
                group.addTask { (index, try await fresh.reply(to: TinyModel.request(prompt)).ids) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for (index, ids) in alone.enumerated() { #expect(together[index] == ids) }
    }

    @Test func sequencesThatLoseTheirPagesEndWithTheSameTokens() async throws {
        let prompts = (1...3).map { TinyModel.prompt(100, seed: $0) }
        let roomy = try TinyModel.engine("qwen3_5_tiny") { $0.reusesPrefixes = false }
        let tight = try TinyModel.engine("qwen3_5_tiny") { $0.stateMemory = 5 * 17_000 }
        var expected: [[Int32]] = []
        for prompt in prompts { expected.append(try await roomy.reply(to: TinyModel.request(prompt, tokens: 100)).ids) }
        let found = try await withThrowingTaskGroup(of: (Int, [Int32]).self) { group in
            for (index, prompt) in prompts.enumerated() {
                group.addTask { (index, try await tight.reply(to: TinyModel.request(prompt, tokens: 100)).ids) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for (index, ids) in expected.enumerated() { #expect(found[index] == ids) }
    }
}
