/// A set of Unicode code points as ranges in rising order.
package struct CodePointSet: Hashable, Sendable {
    package private(set) var ranges: [ClosedRange<UInt32>] = []

    static let last: UInt32 = 0x10FFFF

    package init() {}

    package init(_ range: ClosedRange<UInt32>) { ranges = [range] }

    package init(_ ranges: some Sequence<ClosedRange<UInt32>>) {
        self.ranges = Array(ranges)
        normalize()
    }

    /// Every code point but the surrogates, which UTF-8 cannot carry.
    static let all = CodePointSet([0...0xD7FF, 0xE000...last])

    package var isEmpty: Bool { ranges.isEmpty }

    package func contains(_ codePoint: UInt32) -> Bool { ranges.contains { $0.contains(codePoint) } }

    package mutating func formUnion(_ other: CodePointSet) {
        ranges += other.ranges
        normalize()
    }

    package mutating func insert(_ range: ClosedRange<UInt32>) { formUnion(CodePointSet(range)) }

    private mutating func normalize() {
        ranges.sort { $0.lowerBound < $1.lowerBound }
        var merged: [ClosedRange<UInt32>] = []
        for range in ranges {
            if let previous = merged.last, range.lowerBound <= previous.upperBound &+ 1 {
                merged[merged.count - 1] = previous.lowerBound...max(previous.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        ranges = merged
    }

    package mutating func subtract(_ other: CodePointSet) {
        for hole in other.ranges {
            ranges = ranges.flatMap { range -> [ClosedRange<UInt32>] in
                guard range.overlaps(hole) else { return [range] }
                var parts: [ClosedRange<UInt32>] = []
                if range.lowerBound < hole.lowerBound { parts.append(range.lowerBound...hole.lowerBound - 1) }
                if range.upperBound > hole.upperBound { parts.append(hole.upperBound + 1...range.upperBound) }
                return parts
            }
        }
    }

    package func subtracting(_ other: CodePointSet) -> CodePointSet {
        var set = self
        set.subtract(other)
        return set
    }

    package func intersection(_ other: CodePointSet) -> CodePointSet { subtracting(subtracting(other)) }

    var inverted: CodePointSet { Self.all.subtracting(self) }
}
