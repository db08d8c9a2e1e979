/// A small generator with a seed (SplitMix64), so that a failing draw can be repeated.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// The text cut at random places, between scalars.
func pieces(of text: String, using generator: inout SeededGenerator) -> [String] {
    var result: [String] = []
    var piece = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        piece.append(scalar)
        if Int.random(in: 0..<4, using: &generator) == 0 {
            result.append(String(piece))
            piece = .init()
        }
    }
    return result + [String(piece)]
}
