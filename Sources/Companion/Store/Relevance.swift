import Foundation
import GRDB

/// Okapi BM25, with the inverse document frequency that stays positive.
///
/// SQLite's own `bm25()` gives a word that stands in half of the rows no weight at all, which in a memory of three
/// facts is every word.
struct Relevance {
    private let weights: [String: Double]
    private let averageLength: Double
    /// How soon more occurrences stop to matter, and how much longer texts are marked down: the usual values.
    private static let saturation = 1.2
    private static let lengthPenalty = 0.75

    /// - Parameter documents: The words of the candidates, from which the average length is taken.
    init(terms: [String], documents: [[String]], _ database: Database) throws {
        let total = try Int.fetchOne(database, sql: "SELECT count(*) FROM memoryIndex_docsize") ?? 0
        var weights: [String: Double] = [:]
        for term in terms {
            let holding =
                try Int.fetchOne(database, sql: "SELECT doc FROM memoryTerm WHERE term = ?", arguments: [term]) ?? 0
            let rest = Double(max(0, total - holding))
            weights[term] = log(1 + (rest + 0.5) / (Double(holding) + 0.5))
        }
        self.weights = weights
        let length = documents.reduce(0) { $0 + $1.count }
        averageLength = max(1, Double(length) / Double(max(1, documents.count)))
    }

    /// Larger is better; 0 when no term is among the words.
    func score(_ words: [String]) -> Double {
        var counts: [String: Double] = [:]
        for word in words where weights[word] != nil { counts[word, default: 0] += 1 }
        let length = 1 - Self.lengthPenalty + Self.lengthPenalty * Double(words.count) / averageLength
        let sum = weights.reduce(0) { sum, weight in
            let count = counts[weight.key] ?? 0
            return sum + weight.value * count * (Self.saturation + 1) / (count + Self.saturation * length)
        }
        // The order of summing differs from call to call; scores that are equal shall also compare so.
        return (sum * 1e6).rounded() / 1e6
    }
}
