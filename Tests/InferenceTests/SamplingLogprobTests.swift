import Foundation
import Inference
import Testing

@Suite struct SamplingLogprobTests {
    private func read(_ logits: [Float], chosen: Int32, top: Int) -> TokenLogprobs {
        var reader = LogprobReader()
        return logits.withUnsafeBufferPointer { reader.read($0, chosen: chosen, topCount: top) }
    }

    @Test(arguments: [0, 1, 5, 20, 300, 1000])
    func agreesWithSortingTheVocabulary(top: Int) {
        let logits = randomLogits(300, seed: 5, spread: 5)
        let probabilities = ReferenceSampler.softmax(logits.map(Double.init))
        let order = logits.indices.sorted { logits[$0] > logits[$1] }
        for chosen in stride(from: 0, to: 300, by: 37) {
            let found = read(logits, chosen: Int32(chosen), top: top)
            #expect(abs(Double(found.chosen.logprob) - log(probabilities[chosen])) < 1e-5)
            #expect(order[found.chosen.rank - 1] == chosen)
            #expect(found.top.map { Int($0.token) } == Array(order.prefix(top)))
            #expect(found.top.map(\.rank) == Array(1..<(min(top, 300) + 1)))
            for entry in found.top { #expect(abs(Double(entry.logprob) - log(probabilities[Int(entry.token)])) < 1e-5) }
        }
    }

    @Test func equalLogitsShareARankAndAreListedById() {
        let found = read([1, 3, 3, 3, 0], chosen: 3, top: 3)
        #expect(found.chosen.rank == 1)
        #expect(found.top.map(\.token) == [1, 2, 3])
    }

    @Test func probabilitiesOfALargeVocabularySumToOne() {
        let logits = randomLogits(50_000, seed: 6, spread: 3)
        let found = read(logits, chosen: 0, top: 50_000)
        #expect(abs(found.top.reduce(0) { $0 + exp(Double($1.logprob)) } - 1) < 1e-5)
    }

    @Test func theExponentialIsAccurate() {
        for step in 0..<20_000 {
            let x = -Float(step) * 0.0043
            let relative = abs(Double(Exponential.ofNonPositive(x)) / exp(Double(x)) - 1)
            #expect(relative < 3e-7)
        }
        #expect(Exponential.ofNonPositive(-.infinity) == 0)
        #expect(Exponential.ofNonPositive(.nan) == 0)
    }
}
