import Foundation
import Inference
import Testing

@Suite struct EngineRequestTests {
    @Test func requestsThatCannotBeServedAreRefusedWithTheReason() throws {
        let engine = try TinyModel.engine { $0.maximumModelLength = 128 }
        #expect(throws: GenerationError.emptyPrompt) { try engine.generate(TinyModel.request([])) }
        #expect(throws: GenerationError.promptTooLong(tokens: 128, limit: 128)) {
            try engine.generate(TinyModel.request(TinyModel.prompt(128)))
        }
        #expect(throws: GenerationError.unknownToken(512, vocabularySize: 512)) {
            try engine.generate(TinyModel.request([1, 512]))
        }
        #expect(throws: GenerationError.unknownToken(-1, vocabularySize: 512)) {
            try engine.generate(TinyModel.request([-1]))
        }
        var sampling = SamplingParameters()
        sampling.topP = 0
        #expect(throws: GenerationError.self) { try engine.generate(TinyModel.request([1], sampling: sampling)) }
    }

    @Test func aRequestThatNeverFitsTheMemoryIsRefusedWithFigures() throws {
        let engine = try TinyModel.engine { $0.stateMemory = 1 }
        #expect {
            try engine.generate(TinyModel.request(TinyModel.prompt(100), tokens: 100))
        } throws: { error in
            guard case GenerationError.outOfMemory(let needed, let limit) = error else { return false }
            return needed > limit && limit > 0
        }
    }

    @Test func aFullQueueRefuses() throws {
        let engine = try TinyModel.engine { $0.queueLimit = 0 }
        #expect(throws: GenerationError.queueFull(limit: 0)) { try engine.generate(TinyModel.request([1])) }
    }

    @Test func aStoppedEngineRefuses() throws {
        let engine = try TinyModel.engine()
        engine.shutDown()
        #expect(throws: GenerationError.shuttingDown) { try engine.generate(TinyModel.request([1])) }
    }

    @Test func theContextsEndEndsTheReply() async throws {
        let engine = try TinyModel.engine { $0.maximumModelLength = 32 }
        let reply = try await engine.reply(to: TinyModel.request(TinyModel.prompt(20), tokens: 1000))
        #expect(reply.ids.count == 12)
        #expect(reply.summary?.reason == .length)
    }

    @Test func logprobsAreThoseOfTheLogits() async throws {
        let engine = try TinyModel.engine { $0.loading.dataType = .float32 }
        var request = TinyModel.request(TinyModel.prompt(30), tokens: 4)
        request.logprobs = 512
        let reply = try await engine.reply(to: request)
        for token in reply.tokens {
            let logprobs = try #require(token.logprobs)
            #expect(logprobs.chosen.token == token.id)
            #expect(logprobs.chosen.rank == 1)
            let total = logprobs.top.reduce(0.0) { $0 + exp(Double($1.logprob)) }
            #expect(abs(total - 1) < 1e-4)
            #expect(zip(logprobs.top, logprobs.top.dropFirst()).allSatisfy { $0.logprob >= $1.logprob })
        }
    }

    @Test func promptLogprobsScoreEveryTokenButTheFirst() async throws {
        let engine = try TinyModel.engine("qwen3_tiny") { $0.loading.dataType = .float32 }
        let prompt = try GoldenInputs.tokens("qwen3_tiny")
        var request = TinyModel.request(prompt, tokens: 1)
        request.promptLogprobs = 1
        let reply = try await engine.reply(to: request)
        let scored = try #require(reply.prompt?.logprobs)
        #expect(scored.map(\.chosen.token) == Array(prompt.dropFirst()))
        let expected = try GoldenInputs.meanLogprob("qwen3_tiny")
        let mean = scored.reduce(0.0) { $0 + Double($1.chosen.logprob) } / Double(scored.count)
        #expect(abs(mean - expected) < 1e-3)
    }

    @Test func aConstraintDecidesTheTokens() async throws {
        let engine = try TinyModel.engine()
        var request = TinyModel.request([1, 2], tokens: 10, ignoresEnd: false)
        request.constraint = FixedReply(tokens: [3, 1, 4, 1, 5], end: 511)
        let reply = try await engine.reply(to: request)
        #expect(reply.ids == [3, 1, 4, 1, 5])
        #expect(reply.summary?.reason == .endOfSequence)
    }
}

/// Allows exactly one reply.
private struct FixedReply: TokenConstraint {
    let tokens: [Int32]
    let end: Int32
    func makeMatcher() -> any TokenMatcher { Matcher(rest: tokens[...], end: end) }

    struct Matcher: TokenMatcher {
        var rest: ArraySlice<Int32>
        let end: Int32
        var isComplete: Bool { rest.isEmpty }
        mutating func apply(to mask: inout TokenMask) {
            let next = rest.first ?? end
            for token in 0..<mask.count where token != next { mask[token] = false }
        }
        mutating func accept(_ token: Int32) { rest = rest.dropFirst() }
    }
}
