import Foundation
import Inference
import Testing

/// Every filter against the plain twin: what it forbids is never drawn, and what it allows is drawn as often as it should.
@Suite struct SamplingDistributionTests {
    /// Chi-square over the allowed tokens, expected counts below five pooled; about 1 in 10⁵ by chance, and seeds are fixed.
    private func expectAgreement(
        _ reference: ReferenceSampler, vocabulary: Int = 97, seed: UInt64 = 1, mask: TokenMask? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let logits = randomLogits(vocabulary, seed: seed)
        let count = 4000
        let expected = reference.distribution(logits, mask: mask).map { $0 * Double(count) }
        let observed = try draws(count, from: logits, reference, mask: mask)
        var statistic = 0.0
        var degrees = -1.0
        var pooled = (expected: 0.0, observed: 0.0)
        for token in logits.indices {
            if expected[token] == 0 { #expect(observed[token] == 0, "token \(token)", sourceLocation: sourceLocation) }
            if expected[token] < 5 {
                pooled = (pooled.expected + expected[token], pooled.observed + Double(observed[token]))
            } else {
                statistic += pow(Double(observed[token]) - expected[token], 2) / expected[token]
                degrees += 1
            }
        }
        if pooled.expected > 0 {
            statistic += pow(pooled.observed - pooled.expected, 2) / pooled.expected
            degrees += 1
        }
        let limit = degrees + 4.5 * (2 * max(degrees, 1)).squareRoot() + 4
        #expect(statistic < limit, "chi-square \(statistic), \(degrees) degrees", sourceLocation: sourceLocation)
    }

    @Test func plainSamplingFollowsTheSoftmax() throws { try expectAgreement(ReferenceSampler()) }

    @Test(arguments: [0.3, 0.7, 1.5] as [Float])
    func temperatureSharpensOrFlattens(temperature: Float) throws {
        var reference = ReferenceSampler()
        reference.parameters.temperature = temperature
        try expectAgreement(reference)
    }

    @Test(arguments: [1, 2, 5, 40, 96, 97, 500])
    func topKKeepsTheMostLikely(topK: Int) throws {
        var reference = ReferenceSampler()
        reference.parameters.topK = topK
        try expectAgreement(reference)
    }

    @Test(arguments: [0.01, 0.3, 0.9, 0.99] as [Float])
    func topPKeepsTheNucleus(topP: Float) throws {
        var reference = ReferenceSampler()
        reference.parameters.topP = topP
        try expectAgreement(reference)
    }

    @Test(arguments: [0.01, 0.2, 1] as [Float])
    func minPDropsTheUnlikely(minP: Float) throws {
        var reference = ReferenceSampler()
        reference.parameters.minP = minP
        try expectAgreement(reference)
    }

    @Test func penaltiesLowerWhatWasSaid() throws {
        var reference = ReferenceSampler()
        reference.parameters.repetitionPenalty = 1.3
        reference.parameters.presencePenalty = 0.5
        reference.parameters.frequencyPenalty = 0.25
        reference.prompt = Array(0..<30)
        reference.reply = [20, 21, 21, 40, 40, 40, 90]
        try expectAgreement(reference)
    }

    @Test func negativePenaltiesRaiseIt() throws {
        var reference = ReferenceSampler()
        reference.parameters.repetitionPenalty = 0.8
        reference.parameters.presencePenalty = -1
        reference.parameters.frequencyPenalty = -0.5
        reference.reply = [3, 4, 4]
        try expectAgreement(reference)
    }

    @Test func biasesBansAndMasksAct() throws {
        var reference = ReferenceSampler()
        reference.parameters.logitBias = [5: 3, 6: -2, 7: 100]
        reference.parameters.badWords = [[8], [50, 7], [51, 9]]
        reference.parameters.allowedTokens = Set(0..<60)
        reference.reply = [50]
        reference.stop.minimumTokens = 3
        reference.endTokens = [1]
        reference.stop.tokens = [2]
        var mask = TokenMask(count: 80, allowingAll: true)
        for token in 10..<20 { mask[token] = false }
        try expectAgreement(reference, mask: mask)
    }

    @Test(arguments: 0..<24)
    func everyCombinationAgrees(seed: Int) throws {
        var random = RandomSource(seed: UInt64(seed))
        var reference = ReferenceSampler()
        reference.parameters.temperature = [0, 0.6, 1, 1.4].randomElement(using: &random) ?? 1
        reference.parameters.topK = [0, 3, 10, 70].randomElement(using: &random) ?? 0
        reference.parameters.topP = [1, 0.8, 0.5].randomElement(using: &random) ?? 1
        reference.parameters.minP = [0, 0.05, 0.3].randomElement(using: &random) ?? 0
        reference.parameters.repetitionPenalty = [1, 1.2].randomElement(using: &random) ?? 1
        reference.parameters.frequencyPenalty = [0, 0.7].randomElement(using: &random) ?? 0
        reference.parameters.logitBias = Bool.random(using: &random) ? [3: 2, 64: -1] : [:]
        reference.prompt = [1, 2, 3]
        reference.reply = (0..<9).map { _ in Int32.random(in: 0..<150, using: &random) }
        var mask: TokenMask?
        if Bool.random(using: &random) {
            mask = TokenMask(count: 150, allowingAll: true)
            for token in 0..<150 where Bool.random(using: &random) { mask?[token] = false }
        }
        try expectAgreement(reference, vocabulary: 150, seed: UInt64(seed + 100), mask: mask)
    }
}
