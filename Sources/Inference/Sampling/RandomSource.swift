/// The random numbers behind sampling: xoshiro256**, its state filled from the seed by SplitMix64.
///
/// Both generators are fixed by their authors' reference code (Blackman and Vigna, <https://prng.di.unimi.it>) and use
/// only integer arithmetic, so a seed gives the same numbers on every machine and in every release.
public struct RandomSource: RandomNumberGenerator, Sendable, Equatable {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// The sequence that belongs to a seed.
    public init(seed: UInt64) {
        var mixer = seed
        func next() -> UInt64 {
            mixer &+= 0x9E37_79B9_7F4A_7C15
            var z = mixer
            z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
            return z ^ z >> 31
        }
        state = (next(), next(), next(), next())
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        let scrambled = Self.rotate(state.1 &* 5, by: 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = Self.rotate(state.3, by: 45)
        return scrambled
    }

    /// A number in [0, 1), from the upper 53 bits.
    public mutating func nextUnit() -> Double { Double(next() >> 11) * 0x1p-53 }

    private static func rotate(_ value: UInt64, by count: UInt64) -> UInt64 { value << count | value >> (64 - count) }

    /// Whether both go on with the same numbers.
    public static func == (left: RandomSource, right: RandomSource) -> Bool { left.state == right.state }
}
