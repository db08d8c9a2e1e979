import Foundation
import Inference
import Testing

@Suite struct PromptLookupTests {
    /// A prompt that says everything twice, so that there is something to find.
    private static func prompt(_ seed: Int) -> [Int32] {
        let part = TinyModel.prompt(40, seed: seed)
        return part + part + part.prefix(20)
    }

    @Test(arguments: ["llama_tiny", "qwen3_5_tiny"])
    func repliesAreTheSameWithAndWithoutGuesses(name: String) async throws {
        let plain = try TinyModel.engine(name)
        let guessing = try TinyModel.engine(name) { $0.guessedTokens = 4 }
        for seed in 1...4 {
            for sampling in [SamplingParameters.greedy, Self.warm(seed)] {
                let request = TinyModel.request(Self.prompt(seed), tokens: 120, sampling: sampling)
                let expected = try await plain.reply(to: request)
                let found = try await guessing.reply(to: request)
                #expect(found.ids == expected.ids)
                #expect(found.summary?.reason == expected.summary?.reason)
            }
        }
        #expect(guessing.statistics().guessedTokens > 0)
    }

    /// With three tokens to choose from, what came before comes again.
    @Test(arguments: ["llama_tiny", "qwen3_5_tiny"])
    func rightGuessesAreAccepted(name: String) async throws {
        let engine = try TinyModel.engine(name) {
            $0.guessedTokens = 4
            $0.guessesWhateverItCosts = true
        }
        let plain = try TinyModel.engine(name)
        var sampling = SamplingParameters.greedy
        sampling.allowedTokens = [7, 8, 9]
        let request = TinyModel.request(Self.prompt(3), tokens: 150, sampling: sampling)
        let reply = try await engine.reply(to: request)
        #expect(reply.ids == (try await plain.reply(to: request)).ids)
        #expect(engine.statistics().acceptedTokens > 0)
    }

    @Test func aReplyThatGuessedIsReusedAsAnyOther() async throws {
        let engine = try TinyModel.engine("llama_tiny") { $0.guessedTokens = 4 }
        let cold = try TinyModel.engine("llama_tiny") { $0.reusesPrefixes = false }
        let prompt = Self.prompt(2)
        let reply = try await engine.reply(to: TinyModel.request(prompt, tokens: 60))
        let next = TinyModel.request(prompt + reply.ids + [3, 4], tokens: 30)
        #expect(try await engine.reply(to: next).ids == (try await cold.reply(to: next)).ids)
    }

    private static func warm(_ seed: Int) -> SamplingParameters {
        var sampling = SamplingParameters()
        sampling.temperature = 0.8
        sampling.seed = UInt64(seed)
        return sampling
    }
}
