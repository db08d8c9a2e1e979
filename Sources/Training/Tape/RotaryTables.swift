import Compute
import Foundation

/// Cosines and sines of rotary embeddings for positions from 0, computed as far as they were needed.
final class RotaryTables {
    private var tables: [RotaryAngles] = []

    func table(_ embedding: RotaryEmbedding) -> RotaryAngles {
        if let table = tables.first(where: { $0.embedding == embedding }) { return table }
        let table = RotaryAngles(embedding)
        tables.append(table)
        return table
    }
}

/// The angles of one rotary embedding; the negative sines turn back.
final class RotaryAngles {
    let embedding: RotaryEmbedding
    private(set) var cosines: [Float] = []
    private(set) var sines: [Float] = []
    private(set) var negativeSines: [Float] = []
    private var positions = 0

    init(_ embedding: RotaryEmbedding) { self.embedding = embedding }

    /// Makes positions `0 ..< count` available; the angle is rounded to fp32 before the cosine is taken, as in the
    /// reference implementations.
    func reach(_ count: Int) {
        for position in min(positions, count)..<count {
            for frequency in embedding.inverseFrequencies {
                let angle = Double(Float(position) * frequency)
                let sine = Float(sin(angle)) * embedding.scale
                cosines.append(Float(cos(angle)) * embedding.scale)
                sines.append(sine)
                negativeSines.append(-sine)
            }
        }
        positions = max(positions, count)
    }
}
