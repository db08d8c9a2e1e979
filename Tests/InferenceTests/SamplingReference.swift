import Foundation
import Inference

/// The plain twin of the sampler: every step over the whole vocabulary in double precision, with a full sort.
struct ReferenceSampler {
    var parameters = SamplingParameters()
    var stop = StopConditions(maximumTokens: 1000)
    var endTokens: Set<Int32> = []
    var prompt: [Int32] = []
    var reply: [Int32] = []

    /// The probability of each token to be drawn next.
    func distribution(_ logits: [Float], mask: TokenMask? = nil) -> [Double] {
        var values = logits.map(Double.init)
        for token in values.indices {
            if let mask, token >= mask.count || !mask[token] { values[token] = -.infinity }
            if let allowed = parameters.allowedTokens, !allowed.contains(Int32(token)) { values[token] = -.infinity }
        }
        applyBans(&values)
        for (token, bias) in parameters.logitBias { values[Int(token)] += Double(bias) }
        applyPenalties(&values)
        if parameters.temperature == 0 {
            let largest = values.max() ?? 0
            let winner = values.firstIndex(of: largest)
            return values.indices.map { $0 == winner ? 1 : 0 }
        }
        values = values.map { $0 / Double(parameters.temperature) }
        filter(&values)
        return Self.softmax(values)
    }

    private func applyBans(_ values: inout [Double]) {
        for word in parameters.badWords where Array(reply.suffix(word.count - 1)) == Array(word.dropLast()) {
            values[Int(word[word.count - 1])] = -.infinity
        }
        guard reply.count < stop.minimumTokens else { return }
        for token in endTokens.union(stop.tokens) { values[Int(token)] = -.infinity }
    }

    private func applyPenalties(_ values: inout [Double]) {
        for token in values.indices {
            let count = reply.filter { Int($0) == token }.count
            if count > 0 || prompt.contains(Int32(token)) {
                let penalty = Double(parameters.repetitionPenalty)
                values[token] = values[token] > 0 ? values[token] / penalty : values[token] * penalty
            }
            values[token] -= Double(parameters.frequencyPenalty) * Double(count)
            if count > 0 { values[token] -= Double(parameters.presencePenalty) }
        }
    }

    private func filter(_ values: inout [Double]) {
        let largest = values.max() ?? 0
        for token in values.indices where exp(values[token] - largest) < Double(parameters.minP) {
            values[token] = -.infinity
        }
        let order = values.indices.sorted { (values[$0], $1) > (values[$1], $0) }
        if parameters.topK > 0 { for token in order.dropFirst(parameters.topK) { values[token] = -.infinity } }
        guard parameters.topP < 1 else { return }
        let probabilities = Self.softmax(values)
        var mass = 0.0
        for token in order {
            if mass >= Double(parameters.topP) { values[token] = -.infinity }
            mass += probabilities[token]
        }
    }

    static func softmax(_ values: [Double]) -> [Double] {
        let largest = values.max() ?? 0
        let weights = values.map { exp($0 - largest) }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }
}

/// Draws `count` tokens from the same logits, each by a fresh sampler state but one line of random numbers.
func draws(
    _ count: Int, from logits: [Float], _ reference: ReferenceSampler, mask: TokenMask? = nil
) throws -> [Int] {
    var tally = Array(repeating: 0, count: logits.count)
    var parameters = reference.parameters
    for draw in 0..<count {
        parameters.seed = UInt64(draw) &* 7919 &+ 1
        var sampler = try Sampler(
            parameters, stop: reference.stop, endTokens: reference.endTokens, prompt: reference.prompt,
            vocabularySize: logits.count)
        for token in reference.reply { sampler.record(token) }
        var copy = logits
        let token = copy.withUnsafeMutableBufferPointer { sampler.sample(logits: $0, mask: mask) }
        tally[Int(token ?? 0)] += 1
    }
    return tally
}

/// Normal numbers from a seed, so that tests do not depend on chance.
func randomLogits(_ count: Int, seed: UInt64, spread: Double = 2) -> [Float] {
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in
        Float(spread * (-2 * log(1 - random.nextUnit())).squareRoot() * cos(2 * .pi * random.nextUnit()))
    }
}
