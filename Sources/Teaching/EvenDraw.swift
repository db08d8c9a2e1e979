import TrainingData

/// Draws some of the conversations so that every category keeps its share.
package enum EvenDraw {
    /// So many of them, in their order; the same seed draws the same, and a larger count mostly the same and more.
    package static func draw(_ count: Int, of conversations: [TrainingConversation], seed: UInt64)
        -> [TrainingConversation]
    {
        guard count < conversations.count else { return conversations }
        var random = SeededGenerator(seed: seed)
        let shuffled = random.shuffled(conversations.indices)
        let byCategory = Dictionary(grouping: shuffled) { conversations[$0].category ?? "" }
        // Each conversation's place within its category, from 0 to 1: the first ones of every category come first.
        let places = byCategory.sorted { $0.key < $1.key }.flatMap { _, indices in
            indices.enumerated().map { (place: (Double($0) + 0.5) / Double(indices.count), index: $1) }
        }
        let drawn = places.sorted { ($0.place, $0.index) < ($1.place, $1.index) }.prefix(count).map(\.index)
        return drawn.sorted().map { conversations[$0] }
    }
}
