import Foundation

/// What can tell how likely a text is to a model: an endpoint, or an engine in this process.
public protocol LikelihoodSource: Sendable {
    /// The text's tokens, as the model reads them.
    func tokens(of text: String) async throws -> [Int]
    /// How likely each of the tokens but the first is after those before it, with that many likeliest alternatives.
    func scores(of tokens: [Int], alternatives: Int) async throws -> [TokenScore]
}

/// How likely a token was, and what else was.
public struct TokenScore: Sendable, Equatable {
    /// The token that stands there.
    public var token: Int
    /// Its natural-log probability.
    public var logprob: Double
    /// Natural-log probabilities of the likeliest tokens; the one that stands there may be among them.
    public var alternatives: [Int: Double]

    /// A score with these parts.
    public init(token: Int, logprob: Double, alternatives: [Int: Double] = [:]) {
        self.token = token
        self.logprob = logprob
        self.alternatives = alternatives
    }
}

/// How well a model foretells texts.
public struct Perplexity: Sendable, Equatable {
    /// Negative log-likelihood in nats, of how many tokens, which stand for how many bytes of text.
    public var nats: Double, tokens: Int, bytes: Int

    /// A sum of these.
    public init(nats: Double = 0, tokens: Int = 0, bytes: Int = 0) {
        self.nats = nats
        self.tokens = tokens
        self.bytes = bytes
    }

    /// e to the mean per token; comparable between models of one tokenizer.
    public var value: Double? { tokens > 0 ? Foundation.exp(nats / Double(tokens)) : nil }
    /// Comparable between any models, but for the first token of each window, which nobody foretells.
    public var bitsPerByte: Double? { bytes > 0 ? nats / Foundation.log(2) / Double(bytes) : nil }

    /// Measures texts, each cut into windows of so many tokens that do not overlap.
    public static func measure(
        _ texts: [String], with source: any LikelihoodSource, window: Int = 1024
    ) async throws -> Perplexity {
        var sum = Perplexity()
        for text in texts {
            for tokens in windows(try await source.tokens(of: text), of: window) {
                let scores = try await source.scores(of: tokens, alternatives: 0)
                sum.nats -= scores.reduce(0) { $0 + $1.logprob }
                sum.tokens += scores.count
            }
            sum.bytes += text.utf8.count
        }
        return sum
    }

    /// Pieces of at least two tokens: a single one cannot be scored.
    static func windows(_ tokens: [Int], of window: Int) -> [[Int]] {
        stride(from: 0, to: tokens.count, by: max(2, window)).map { start in
            Array(tokens[start..<min(tokens.count, start + max(2, window))])
        }.filter { $0.count >= 2 }
    }
}

/// How far one model's foretelling is from another's: KL divergence, from the likeliest tokens that both report.
///
/// At each place the vocabulary is split into the tokens whose probability both models tell, and one class of all the
/// rest. The divergence over that split is what is reported. Merging classes can only lose divergence, so it is a lower
/// bound of the divergence over the whole vocabulary, and close to it when the reported tokens hold most of the
/// probability (``coverage``).
public struct Divergence: Sendable, Equatable {
    /// Nats in all, and over how many tokens.
    public var nats: Double, tokens: Int
    /// The reference's probability that the shared tokens hold, summed over all places.
    public var covered: Double

    /// A sum of these.
    public init(nats: Double = 0, tokens: Int = 0, covered: Double = 0) {
        self.nats = nats
        self.tokens = tokens
        self.covered = covered
    }

    /// Mean nats per token.
    public var value: Double? { tokens > 0 ? nats / Double(tokens) : nil }
    /// The mean share of the reference's probability that is compared token by token.
    public var coverage: Double? { tokens > 0 ? covered / Double(tokens) : nil }

    /// Measures KL(reference ‖ other) over texts, on the reference's tokens; both must have the same vocabulary.
    public static func measure(
        _ texts: [String], reference: any LikelihoodSource, other: any LikelihoodSource, alternatives: Int = 20,
        window: Int = 1024
    ) async throws -> Divergence {
        var sum = Divergence()
        for text in texts {
            for tokens in Perplexity.windows(try await reference.tokens(of: text), of: window) {
                let wanted = try await reference.scores(of: tokens, alternatives: alternatives)
                let found = try await other.scores(of: tokens, alternatives: alternatives)
                for (reference, other) in zip(wanted, found) { sum.add(reference, other) }
            }
        }
        return sum
    }

    /// Measures KL(reference ‖ other) over documents of tokens, where `isCounted` says so of a document's token.
    public static func measure(
        documents: [[Int]], reference: any LikelihoodSource, other: any LikelihoodSource, alternatives: Int = 20,
        isCounted: (_ document: Int, _ token: Int) -> Bool
    ) async throws -> Divergence {
        var sum = Divergence()
        for (document, tokens) in documents.enumerated() where tokens.count >= 2 {
            let wanted = try await reference.scores(of: tokens, alternatives: alternatives)
            let found = try await other.scores(of: tokens, alternatives: alternatives)
            // The first token of a document has no score.
            for (index, scores) in zip(wanted, found).enumerated() where isCounted(document, index + 1) {
                sum.add(scores.0, scores.1)
            }
        }
        return sum
    }

    /// Adds one place.
    mutating func add(_ reference: TokenScore, _ other: TokenScore) {
        let (p, q) = (Self.probabilities(reference), Self.probabilities(other))
        var (sum, restP, restQ) = (0.0, 1.0, 1.0)
        for (token, probability) in p {
            guard let otherProbability = q[token] else { continue }
            if probability > 0 { sum += probability * Foundation.log(probability / max(otherProbability, Self.least)) }
            restP -= probability
            restQ -= otherProbability
        }
        if restP > Self.least { sum += restP * Foundation.log(restP / max(restQ, Self.least)) }
        // Rounding in the reports can leave a little below nothing.
        nats += max(0, sum)
        covered += 1 - max(0, restP)
        tokens += 1
    }

    /// Below this, a probability is rounding.
    private static let least = 1e-9

    private static func probabilities(_ score: TokenScore) -> [Int: Double] {
        var probabilities = score.alternatives.mapValues { Foundation.exp($0) }
        probabilities[score.token] = Foundation.exp(score.logprob)
        return probabilities
    }
}
