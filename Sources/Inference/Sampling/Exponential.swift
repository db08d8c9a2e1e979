/// Exponentials over whole vocabularies.
///
/// The arithmetic is plain multiplication and addition in a fixed order, so that results do not depend on the C library,
/// and the loops have the shape the compiler turns into vector code.
package enum Exponential {
    /// e to the x for x ≤ 0, within 2 units in the last place; 0 below -87 and for NaN.
    @inline(__always)
    package static func ofNonPositive(_ x: Float) -> Float {
        let inRange = x > -87
        let clamped = inRange ? x : 0
        // Adding 1.5 * 2^23 rounds to an integer, which then stands in the low bits.
        let rounded = clamped * 1.442_695_04 + 12_582_912
        let whole = rounded - 12_582_912
        let rest = (clamped - whole * 0.693_359_375) - whole * -2.121_944_4e-4
        var series: Float = 1.987_569_15e-4
        series = series * rest + 1.398_199_95e-3
        series = series * rest + 8.333_451_91e-3
        series = series * rest + 4.166_579_59e-2
        series = series * rest + 0.166_666_655
        series = series * rest + 0.5
        series = series * rest * rest + rest + 1
        let power = Float(bitPattern: rounded.bitPattern << 23 &+ 0x3F80_0000)
        return inRange ? series * power : 0
    }

    /// The sum of exp((logit - maximum) * scale) over all logits, added up in blocks of 64.
    package static func sum(
        _ logits: UnsafeBufferPointer<Float>, maximum: Float, scale: Float
    ) -> Double {
        var total = 0.0
        withUnsafeTemporaryAllocation(of: Float.self, capacity: LogitScan.blockSize) { weights in
            var start = 0
            while start < logits.count {
                let end = min(start + LogitScan.blockSize, logits.count)
                let block = UnsafeBufferPointer(rebasing: logits[start..<end])
                total += Double(blockSum(block, maximum: maximum, scale: scale, weights: weights))
                start = end
            }
        }
        return total
    }

    /// The sum over at most 64 logits; `weights` is scratch for 64 and holds the partial sums afterwards.
    @inline(__always)
    package static func blockSum(
        _ logits: UnsafeBufferPointer<Float>, maximum: Float, scale: Float, weights: UnsafeMutableBufferPointer<Float>
    ) -> Float {
        guard let input = logits.baseAddress, let output = weights.baseAddress else { return 0 }
        let count = logits.count
        var index = 0
        while index < count {
            output[index] = ofNonPositive((input[index] - maximum) * scale)
            index &+= 1
        }
        while index < 64 {
            output[index] = 0
            index &+= 1
        }
        return foldedSum(output)
    }

    /// The sum of 64 numbers, halving: a fixed order that vectorises.
    @inline(__always)
    package static func foldedSum(_ values: UnsafeMutablePointer<Float>) -> Float {
        var half = 32
        while half > 0 {
            var index = 0
            while index < half {
                values[index] += values[index &+ half]
                index &+= 1
            }
            half >>= 1
        }
        return values[0]
    }
}
