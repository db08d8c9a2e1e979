/// Remembers what was heard lately, so that the same speech with more at its end is decoded quickly.
package struct DraftMemory {
    private struct Entry {
        var opening: [Float]
        var count: Int
        var tokens: [Int64]
    }

    private var entries: [Entry] = []
    /// Two recordings that agree in this many samples are the same.
    private static let openingCount = 4000
    /// A few more than there are callers at once.
    private static let capacity = 8

    package init() {}

    /// The tokens found for an earlier part of this speech, or none.
    package func draft(for samples: [Float]) -> [Int64] {
        guard samples.count >= Self.openingCount else { return [] }
        let opening = samples[..<Self.openingCount]
        return entries.last { $0.count <= samples.count && opening.elementsEqual($0.opening) }?.tokens ?? []
    }

    /// Keeps what was found.
    package mutating func remember(_ samples: [Float], _ tokens: [Int64]) {
        guard samples.count >= Self.openingCount, !tokens.isEmpty else { return }
        let opening = Array(samples[..<Self.openingCount])
        entries.removeAll { $0.opening == opening }
        if entries.count == Self.capacity { entries.removeFirst() }
        entries.append(Entry(opening: opening, count: samples.count, tokens: tokens))
    }
}
