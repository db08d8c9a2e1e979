/// Finds conversations that say the same as an earlier one, word for word or nearly, whatever their system prompts.
///
/// It keeps a few hundred bytes for each conversation and not its text: a signature of the smallest hashes of its three-word runs
/// (MinHash), which are the same in two texts as often as the texts are alike.
public struct DuplicateFinder: Sendable {
    /// How a conversation resembles an earlier one.
    public enum Likeness: Sendable, Equatable {
        /// It says the same, word for word.
        case exact(line: Int)
        /// It shares about this part of its three-word runs.
        case near(line: Int, share: Double)
    }

    private static let signatureLength = 32
    private static let bandLength = 4
    private let threshold: Double
    private var exact: [UInt64: Int] = [:]
    private var bands: [[UInt64: Int]]
    private var signatures: [(line: Int, minima: [UInt32])] = []

    /// A finder.
    ///
    /// - Parameter threshold: From which share of common three-word runs on conversations are near-duplicates.
    public init(threshold: Double = 0.8) {
        self.threshold = threshold
        bands = Array(repeating: [:], count: Self.signatureLength / Self.bandLength)
    }

    /// What earlier conversation this one resembles, if any; it is known from now on.
    public mutating func add(_ conversation: TrainingConversation) -> Likeness? {
        let words = conversation.messages.filter { $0.role != .system }.flatMap { message in
            [message.role.rawValue] + Words.spoken(in: message.content)
                + message.toolCalls.flatMap {
                    [$0.name] + Words.spoken(in: $0.arguments.map { $0.value.text() }.joined(separator: " "))
                }
        }
        var whole = StableHash()
        for word in words { whole.add(word) }
        if let line = exact[whole.value] { return .exact(line: line) }
        exact[whole.value] = conversation.line
        let minima = Self.signature(words)
        let near = nearest(minima)
        remember(minima, line: conversation.line)
        return near
    }

    private func nearest(_ minima: [UInt32]) -> Likeness? {
        var best: (line: Int, share: Double)?
        for (band, table) in bands.enumerated() {
            guard let index = table[Self.key(minima, band)] else { continue }
            let other = signatures[index]
            let share = Double(zip(minima, other.minima).count { $0 == $1 }) / Double(Self.signatureLength)
            if share >= threshold, share > best?.share ?? 0 { best = (other.line, share) }
        }
        return best.map { .near(line: $0.line, share: $0.share) }
    }

    private mutating func remember(_ minima: [UInt32], line: Int) {
        for band in bands.indices { bands[band][Self.key(minima, band)] = signatures.count }
        signatures.append((line, minima))
    }

    private static func key(_ minima: [UInt32], _ band: Int) -> UInt64 {
        minima[band * bandLength..<(band + 1) * bandLength].reduce(0xCBF2_9CE4_8422_2325) { hash, value in
            (hash ^ UInt64(value)) &* 0x100_0000_01B3
        }
    }

    private static func signature(_ words: [String]) -> [UInt32] {
        var minima = [UInt32](repeating: .max, count: signatureLength)
        for start in 0..<max(1, words.count - 2) {
            var hash = StableHash()
            for word in words.dropFirst(start).prefix(3) { hash.add(word) }
            var variants = SeededGenerator(seed: hash.value)
            for index in minima.indices {
                minima[index] = min(minima[index], UInt32(truncatingIfNeeded: variants.next()))
            }
        }
        return minima
    }
}
