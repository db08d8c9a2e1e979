/// Cuts long speech where it is quietest, so that no word is cut in two.
package enum QuietCut {
    /// Pieces of at most `maximumCount` samples, in order; one piece when that is enough.
    package static func pieces(of samples: [Float], maximumCount: Int) -> [ArraySlice<Float>] {
        var pieces: [ArraySlice<Float>] = []
        var rest = samples[...]
        while rest.count > maximumCount {
            let cut = quietest(in: rest.prefix(maximumCount).dropFirst(maximumCount / 2))
            pieces.append(rest[..<cut])
            rest = rest[cut...]
        }
        pieces.append(rest)
        return pieces
    }

    /// The middle of the 100 ms with the least energy.
    private static func quietest(in samples: ArraySlice<Float>) -> Int {
        let length = 1600
        var (best, least) = (samples.endIndex, Float.infinity)
        for start in stride(from: samples.startIndex, through: samples.endIndex - length, by: length / 2) {
            let energy = samples[start..<start + length].reduce(0) { $0 + $1 * $1 }
            if energy <= least { (best, least) = (start + length / 2, energy) }
        }
        return best
    }
}
