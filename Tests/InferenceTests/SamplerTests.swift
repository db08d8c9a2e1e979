import Foundation
import Inference
import Testing

@Suite struct SamplerTests {
    private func sampler(
        _ parameters: SamplingParameters, vocabulary: Int, stop: StopConditions = StopConditions(maximumTokens: 100),
        endTokens: Set<Int32> = []
    ) throws -> Sampler {
        try Sampler(parameters, stop: stop, endTokens: endTokens, vocabularySize: vocabulary)
    }

    private func next(_ sampler: inout Sampler, _ logits: [Float], mask: TokenMask? = nil) -> Int32? {
        var logits = logits
        return logits.withUnsafeMutableBufferPointer { sampler.sample(logits: $0, mask: mask) }
    }

    @Test func greedyTakesTheLowestOfEqualMaxima() throws {
        var logits = randomLogits(1000, seed: 3)
        for token in [300, 301, 900] { logits[token] = 50 }
        var greedy = try sampler(.greedy, vocabulary: 1000)
        #expect(next(&greedy, logits) == 300)
    }

    @Test func negativeZeroEqualsZero() throws {
        var greedy = try sampler(.greedy, vocabulary: 3)
        #expect(next(&greedy, [-1, -0.0, 0]) == 1)
    }

    @Test func notANumberNeverWins() throws {
        var greedy = try sampler(.greedy, vocabulary: 4)
        #expect(next(&greedy, [.nan, 1, -.nan, 2]) == 3)
        var warm = try sampler(SamplingParameters(), vocabulary: 4)
        for _ in 0..<100 { #expect([1, 3].contains(next(&warm, [.nan, 1, -.nan, 2]))) }
    }

    @Test func infinityWins() throws {
        var warm = try sampler(SamplingParameters(), vocabulary: 3)
        #expect(next(&warm, [1, .infinity, 2]) == 1)
    }

    @Test func paddingIsNeverChosen() throws {
        var greedy = try sampler(.greedy, vocabulary: 70)
        var logits = randomLogits(128, seed: 4)
        logits[100] = 100
        let token = try #require(next(&greedy, logits))
        #expect(token < 70)
    }

    @Test func anEmptyMaskGivesNothing() throws {
        var greedy = try sampler(.greedy, vocabulary: 70)
        #expect(next(&greedy, randomLogits(70, seed: 4), mask: TokenMask(count: 70, allowingAll: false)) == nil)
    }

    @Test func theMinimumLengthGivesWayToAConstraintThatIsComplete() throws {
        var stop = StopConditions(maximumTokens: 100)
        stop.minimumTokens = 10
        var greedy = try sampler(.greedy, vocabulary: 70, stop: stop, endTokens: [5])
        var mask = TokenMask(count: 70, allowingAll: false)
        mask[5] = true
        #expect(next(&greedy, randomLogits(70, seed: 4), mask: mask) == 5)
    }

    @Test func endTokensWaitForTheMinimumLength() throws {
        var stop = StopConditions(maximumTokens: 100)
        stop.minimumTokens = 2
        var greedy = try sampler(.greedy, vocabulary: 4, stop: stop, endTokens: [3])
        #expect((0..<3).map { _ in next(&greedy, [0, 1, 2, 3]) } == [2, 2, 3])
    }

    @Test func aBadWordIsNotCompleted() throws {
        var parameters = SamplingParameters.greedy
        parameters.badWords = [[3, 3, 2]]
        var greedy = try sampler(parameters, vocabulary: 4)
        greedy.record(3)
        greedy.record(3)
        #expect(next(&greedy, [0, 1, 2, -1]) == 1)
        #expect(next(&greedy, [0, 1, 2, -1]) == 2)
    }

    @Test func biasComesBeforeTheRepetitionPenalty() throws {
        // 1 + 2 halved is 1.5, below token 1's 1.6; the other order would give 2.5.
        var parameters = SamplingParameters.greedy
        parameters.logitBias = [0: 2]
        parameters.repetitionPenalty = 2
        var greedy = try sampler(parameters, vocabulary: 2)
        greedy.record(0)
        #expect(next(&greedy, [1, 1.6]) == 1)
    }

    @Test func logitsComeBackUnchanged() throws {
        var parameters = SamplingParameters()
        parameters.logitBias = [3: 5]
        parameters.repetitionPenalty = 1.5
        parameters.badWords = [[4]]
        var sampler = try sampler(parameters, vocabulary: 200)
        var logits = randomLogits(200, seed: 9)
        let before = logits
        for _ in 0..<20 { _ = logits.withUnsafeMutableBufferPointer { sampler.sample(logits: $0) } }
        #expect(logits == before)
    }

    @Test func theSameSeedGivesTheSameTokens() throws {
        var parameters = SamplingParameters()
        parameters.seed = 42
        var first = try sampler(parameters, vocabulary: 500)
        var second = try sampler(parameters, vocabulary: 500)
        let tokens = (0..<50).map { next(&first, randomLogits(500, seed: $0)) }
        #expect(tokens == (0..<50).map { next(&second, randomLogits(500, seed: $0)) })
        #expect(Set(tokens).count > 10)
    }

    @Test func withoutASeedRepliesDiffer() throws {
        var first = try sampler(SamplingParameters(), vocabulary: 500)
        var second = try sampler(SamplingParameters(), vocabulary: 500)
        let logits = Array(repeating: Float(0), count: 500)
        #expect((0..<20).map { _ in next(&first, logits) } != (0..<20).map { _ in next(&second, logits) })
    }

    /// From the authors' C code, state filled by SplitMix64 from 42.
    @Test func randomNumbersAreXoshiro() {
        var random = RandomSource(seed: 42)
        let expected: [UInt64] = [0x1578_0B2E_0C2E_C716, 0x6104_D986_6D11_3A7E, 0xAE17_5332_39E4_99A1]
        #expect((0..<3).map { _ in random.next() } == expected)
    }
}
