import Foundation

/// Cosines and sines of a rotary embedding for positions from 0, computed as far as they were needed.
final class RotaryTable {
    let embedding: RotaryEmbedding
    private(set) var cosines: [Float] = []
    private(set) var sines: [Float] = []
    private var positions = 0

    init(_ embedding: RotaryEmbedding) { self.embedding = embedding }

    /// Makes positions `0 ..< count` available.
    ///
    /// The angle is rounded to fp32 before the cosine is taken, as in the reference implementations.
    func reach(_ count: Int) {
        guard count > positions else { return }
        let target = max(count, 2 * positions, 256)
        let pairs = embedding.inverseFrequencies.count
        cosines.reserveCapacity(target * pairs)
        sines.reserveCapacity(target * pairs)
        for position in positions..<target {
            for frequency in embedding.inverseFrequencies {
                let angle = Double(Float(position) * frequency)
                cosines.append(Float(cos(angle)) * embedding.scale)
                sines.append(Float(sin(angle)) * embedding.scale)
            }
        }
        positions = target
    }
}
