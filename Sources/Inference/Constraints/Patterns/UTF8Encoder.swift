/// Spells sets of code points as edges on UTF-8 bytes, sharing what comes after the first byte.
struct UTF8Encoder {
    private struct Tail: Hashable {
        var ranges: [ClosedRange<UInt8>]
        var target: Grammar.NodeIndex
    }

    private var tails: [Tail: Grammar.NodeIndex] = [:]

    /// Adds edges from one node to another on every code point of the set; surrogates are left out.
    mutating func addEdges(
        from node: Grammar.NodeIndex, _ set: CodePointSet, to target: Grammar.NodeIndex, in grammar: inout Grammar
    ) throws(ConstraintError) {
        for range in set.intersection(.all).ranges {
            for sequence in Self.sequences(of: range) {
                let next = try tail(Array(sequence.dropFirst()), target, &grammar)
                grammar.addEdge(from: node, sequence[0], to: next)
            }
        }
    }

    private mutating func tail(
        _ ranges: [ClosedRange<UInt8>], _ target: Grammar.NodeIndex, _ grammar: inout Grammar
    ) throws(ConstraintError) -> Grammar.NodeIndex {
        guard let first = ranges.first else { return target }
        let key = Tail(ranges: ranges, target: target)
        if let node = tails[key] { return node }
        let node = try grammar.addNode()
        tails[key] = node
        grammar.addEdge(from: node, first, to: try tail(Array(ranges.dropFirst()), target, &grammar))
        return node
    }

    /// Splits a range so that each part is a product of byte ranges.
    static func sequences(of range: ClosedRange<UInt32>) -> [[ClosedRange<UInt8>]] {
        // Parts of one encoded length first, then parts whose continuation bytes are whole or fixed.
        for limit: UInt32 in [0x7F, 0x7FF, 0xFFFF] where range.contains(limit) && range.upperBound > limit {
            return sequences(of: range.lowerBound...limit) + sequences(of: limit + 1...range.upperBound)
        }
        if range.upperBound > 0x7F {
            for shift: UInt32 in [6, 12, 18] {
                let mask = UInt32(1) << shift - 1
                guard range.lowerBound & ~mask != range.upperBound & ~mask else { break }
                if range.lowerBound & mask != 0 {
                    return sequences(of: range.lowerBound...range.lowerBound | mask)
                        + sequences(of: (range.lowerBound | mask) + 1...range.upperBound)
                }
                if range.upperBound & mask != mask {
                    return sequences(of: range.lowerBound...(range.upperBound & ~mask) - 1)
                        + sequences(of: range.upperBound & ~mask...range.upperBound)
                }
            }
        }
        return [zip(encode(range.lowerBound), encode(range.upperBound)).map { $0...$1 }]
    }

    static func encode(_ codePoint: UInt32) -> [UInt8] {
        func continuation(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(codePoint >> shift & 0x3F) }
        switch codePoint {
        case ..<0x80: return [UInt8(codePoint)]
        case ..<0x800: return [0xC0 | UInt8(codePoint >> 6), continuation(0)]
        case ..<0x10000: return [0xE0 | UInt8(codePoint >> 12), continuation(6), continuation(0)]
        default: return [0xF0 | UInt8(codePoint >> 18), continuation(12), continuation(6), continuation(0)]
        }
    }
}
