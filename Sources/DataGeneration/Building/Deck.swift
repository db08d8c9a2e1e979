import TrainingData

/// Cards drawn in a random order, each once before any comes again.
struct Deck<Card> {
    private let cards: [Card]
    private var order: [Int] = []

    init(_ cards: [Card]) { self.cards = cards }

    mutating func draw(_ random: inout SeededGenerator) -> Card {
        if order.isEmpty { order = random.shuffled(cards.indices) }
        return cards[order.removeLast()]
    }

    /// The next card that fits; any card when none does.
    mutating func draw(_ random: inout SeededGenerator, where fits: (Card) -> Bool) -> Card {
        for _ in 0..<(cards.count * 2) {
            if order.isEmpty { order = random.shuffled(cards.indices) }
            guard let place = order.lastIndex(where: { fits(cards[$0]) }) else {
                order = []
                continue
            }
            return cards[order.remove(at: place)]
        }
        return draw(&random)
    }
}

extension SeededGenerator {
    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[next(below: elements.count)] }

    /// True in so many of a hundred cases.
    mutating func chance(_ percent: Int) -> Bool { next(below: 100) < percent }

    mutating func integer(_ range: ClosedRange<Int>) -> Int { range.lowerBound + next(below: range.count) }
}
