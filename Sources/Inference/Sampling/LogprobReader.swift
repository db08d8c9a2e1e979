import Foundation

/// Reads log-probabilities out of logits, keeping its buffers from token to token.
///
/// They are those of the model itself, before bias, penalties, temperature and constraint (vLLM's `raw_logprobs`).
public struct LogprobReader: Sendable {
    private var scan = LogitScan()
    private var candidates = CandidateSet()

    /// A reader without buffers yet.
    public init() {}

    /// The chosen token's log-probability and rank, and the `topCount` most likely tokens, best first.
    ///
    /// A rank is one more than the number of tokens with a larger logit; equal ones are listed by rising id.
    ///
    /// - Parameter logits: One per token of the vocabulary, without padding.
    public mutating func read(
        _ logits: UnsafeBufferPointer<Float>, chosen: Int32, topCount: Int
    ) -> TokenLogprobs {
        scan.scan(logits, allowed: nil)
        let normalizer = logSumExp(logits)
        let entries = topCount > 0 ? top(topCount, of: logits, normalizer) : []
        guard logits.indices.contains(Int(chosen)) else {
            let entry = TokenLogprobs.Entry(token: chosen, logprob: -.infinity, rank: logits.count)
            return TokenLogprobs(chosen: entry, top: entries)
        }
        let logit = logits[Int(chosen)]
        let rank = 1 + larger(than: logit, in: logits)
        let entry = TokenLogprobs.Entry(token: chosen, logprob: Float(Double(logit) - normalizer), rank: rank)
        return TokenLogprobs(chosen: entry, top: entries)
    }

    private func logSumExp(_ logits: UnsafeBufferPointer<Float>) -> Double {
        let maximum = LogitScan.logit(of: scan.maximum)
        guard maximum.isFinite else { return Double(maximum) }
        return Double(maximum) + log(Exponential.sum(logits, maximum: maximum, scale: 1))
    }

    private func larger(than logit: Float, in logits: UnsafeBufferPointer<Float>) -> Int {
        var count = 0
        for other in logits { count &+= other > logit ? 1 : 0 }
        return count
    }

    private mutating func top(
        _ count: Int, of logits: UnsafeBufferPointer<Float>, _ normalizer: Double
    ) -> [TokenLogprobs.Entry] {
        candidates.removeAll()
        scan.forEach(reaching: scan.bound(forLargest: count), in: logits, allowed: nil) { token, key in
            candidates.append(token: token, key: key, weight: 0)
        }
        candidates.keepLargest(count)
        return candidates.sorted().enumerated().map { place, candidate in
            let logprob = Float(Double(LogitScan.logit(of: candidate.key)) - normalizer)
            return TokenLogprobs.Entry(token: Int32(candidate.token), logprob: logprob, rank: place + 1)
        }
    }
}
