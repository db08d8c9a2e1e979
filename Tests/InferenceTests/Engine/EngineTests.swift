import Foundation
import Inference
import Locking
import Models
import Testing

@Suite struct EngineTests {
    @Test(arguments: ["llama_tiny", "qwen2_tiny", "qwen3_tiny"])
    func greedyTokensAreThoseOfTheReference(name: String) async throws {
        let meta = try TinyModel.meta(name)
        let expected = meta["greedy_from_first_20"]?.array?.compactMap { $0.integer.map(Int32.init) } ?? []
        let engine = try TinyModel.engine(name) { $0.loading.dataType = .float32 }
        let prompt = try GoldenInputs.tokens(name).prefix(20)
        let reply = try await engine.reply(to: TinyModel.request(Array(prompt), tokens: 40))
        #expect(reply.ids == expected)
        #expect(reply.summary?.reason == .length)
        #expect(reply.summary?.completionTokens == 40)
    }

    @Test func aReusedPrefixGivesTheSameTokensAsAColdRun() async throws {
        let warm = try TinyModel.engine()
        let cold = try TinyModel.engine { $0.reusesPrefixes = false }
        // A conversation that grows, a regenerated reply, an edited history, and a second conversation.
        var conversation = TinyModel.prompt(90)
        var prompts: [[Int32]] = []
        for turn in 0..<5 {
            prompts.append(conversation)
            conversation += TinyModel.prompt(23, seed: turn + 2)
        }
        prompts.append(prompts[2])
        prompts.append(Array(prompts[3].prefix(101)) + TinyModel.prompt(30, seed: 9))
        prompts.append(Array(prompts[0].prefix(64)) + TinyModel.prompt(5, seed: 11))
        var cachedTokens = 0
        for prompt in prompts {
            let reused = try await warm.reply(to: TinyModel.request(prompt))
            let fresh = try await cold.reply(to: TinyModel.request(prompt))
            #expect(reused.ids == fresh.ids)
            #expect(fresh.prompt?.cachedTokenCount == 0)
            cachedTokens += reused.prompt?.cachedTokenCount ?? 0
        }
        #expect(cachedTokens >= 90 + 113 + 136 + 159 + 135 + 101 + 64)
        #expect(warm.statistics().prefixCacheHits == cachedTokens)
    }

    @Test func aReplyBecomesPartOfTheReusedPrefix() async throws {
        let engine = try TinyModel.engine()
        let prompt = TinyModel.prompt(40)
        let first = try await engine.reply(to: TinyModel.request(prompt, tokens: 30))
        let second = try await engine.reply(to: TinyModel.request(prompt + first.ids + [3, 4], tokens: 2))
        // The reply's last token was chosen but never read.
        #expect(second.prompt?.cachedTokenCount == 69)
    }

    @Test func differentSaltsShareNothing() async throws {
        let engine = try TinyModel.engine()
        var request = TinyModel.request(TinyModel.prompt(80), tokens: 2)
        _ = try await engine.reply(to: request)
        request.cacheSalt = "other"
        request.id = "second"
        #expect(try await engine.reply(to: request).prompt?.cachedTokenCount == 0)
    }

    @Test func requestsTogetherGetTheTokensTheyGetAlone() async throws {
        let engine = try TinyModel.engine { $0.reusesPrefixes = false }
        let prompts = (1...6).map { TinyModel.prompt(30 * $0, seed: $0) }
        var alone: [[Int32]] = []
        for prompt in prompts { alone.append(try await engine.reply(to: TinyModel.request(prompt)).ids) }
        let together = try await withThrowingTaskGroup(of: (Int, [Int32]).self) { group in
            for (index, prompt) in prompts.enumerated() {
                group.addTask { (index, try await engine.reply(to: TinyModel.request(prompt)).ids) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for (index, ids) in alone.enumerated() { #expect(together[index] == ids) }
    }

    @Test func sequencesThatLoseTheirPagesEndWithTheSameTokens() async throws {
        let prompts = (1...4).map { TinyModel.prompt(100, seed: $0) }
        let roomy = try TinyModel.engine { $0.reusesPrefixes = false }
        let tight = try TinyModel.engine { $0.stateMemory = 7 * 65536 }
        var expected: [[Int32]] = []
        for prompt in prompts { expected.append(try await roomy.reply(to: TinyModel.request(prompt, tokens: 120)).ids) }
        // All four are in the queue before the first may choose a token.
        let gate = Gate()
        let streams = try prompts.map { prompt in
            var request = TinyModel.request(prompt, tokens: 120)
            request.constraint = gate
            return try tight.generate(request)
        }
        gate.open()
        for (stream, ids) in zip(streams, expected) {
            var reply: [Int32] = []
            for try await case .token(let token) in stream { reply.append(token.id) }
            #expect(reply == ids)
        }
        #expect(tight.statistics().preemptions > 0)
    }

    @Test func aLongPromptDoesNotFreezeAnotherStream() async throws {
        let engine = try TinyModel.engine {
            $0.interleavedPromptTokens = 16
            $0.reusesPrefixes = false
        }
        let order = Locked<[String]>([])
        let writer = Task {
            for try await event in try engine.generate(TinyModel.request([1, 2, 3], tokens: 200, id: "writer")) {
                if case .token = event { order.withLock { $0.append("w") } }
            }
        }
        while order.withLock({ $0.count < 3 }) { await Task.yield() }
        let reader = try await engine.reply(to: TinyModel.request(TinyModel.prompt(320), tokens: 1))
        let written = order.withLock { $0.count }
        #expect(reader.tokens.count == 1)
        #expect(written >= 3 + 320 / 16 - 1)
        try await writer.value
    }

    @Test func endingTheIterationCancelsTheGenerationWithinOneToken() async throws {
        let engine = try TinyModel.engine()
        let permits = StepByStep()
        var request = TinyModel.request([1, 2, 3], tokens: 400)
        request.constraint = permits
        permits.grant(3)
        var count = 0
        for try await event in try engine.generate(request) {
            if case .token = event { count += 1 }
            if count == 3 { break }
        }
        // The engine may already wait for its fourth token; it must not ask for a fifth.
        permits.grant(1)
        let deadline = ContinuousClock.now + .seconds(10)
        while engine.statistics().running > 0, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(2))
        }
        #expect(engine.statistics().running == 0)
        #expect(engine.statistics().generationTokens <= 4)
    }

    @Test func theSameSeedGivesTheSameTokensAndAnotherOneDoesNot() async throws {
        let engine = try TinyModel.engine()
        func ids(_ seed: UInt64) async throws -> [Int32] {
            var sampling = SamplingParameters()
            sampling.temperature = 3
            sampling.seed = seed
            return try await engine.reply(to: TinyModel.request([5, 6], sampling: sampling)).ids
        }
        let first = try await ids(7)
        #expect(try await ids(7) == first)
        #expect(try await ids(8) != first)
    }

    @Test func endTokensStopAReplyUnlessIgnored() async throws {
        let engine = try TinyModel.engine()
        let free = try await engine.reply(to: TinyModel.request([9, 8, 7], tokens: 30))
        var request = TinyModel.request([9, 8, 7], tokens: 30)
        request.stop.tokens = [free.ids[4]]
        let stopped = try await engine.reply(to: request)
        let first = free.ids.firstIndex(of: free.ids[4]) ?? 4
        #expect(stopped.ids == Array(free.ids.prefix(first + 1)))
        #expect(stopped.summary?.reason == .stopToken(free.ids[4]))
    }
}

/// Allows every token, once it is open.
private struct Gate: TokenConstraint, TokenMatcher {
    let semaphore = DispatchSemaphore(value: 0)
    var isComplete: Bool { false }
    func open() { semaphore.signal() }
    func makeMatcher() -> any TokenMatcher { self }
    mutating func apply(to mask: inout TokenMask) {
        semaphore.wait()
        semaphore.signal()
    }
    mutating func accept(_ token: Int32) {}
}

/// Lets the engine choose one token for each permit.
private struct StepByStep: TokenConstraint, TokenMatcher {
    let semaphore = DispatchSemaphore(value: 0)
    var isComplete: Bool { false }
    func grant(_ count: Int) { for _ in 0..<count { semaphore.signal() } }
    func makeMatcher() -> any TokenMatcher { self }
    mutating func apply(to mask: inout TokenMask) { semaphore.wait() }
    mutating func accept(_ token: Int32) {}
}
