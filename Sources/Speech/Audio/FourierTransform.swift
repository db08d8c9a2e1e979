import Foundation

/// The discrete Fourier transform of real frames of one even length, by halving and by direct sums for other factors.
package struct FourierTransform {
    /// Samples in a frame.
    package let count: Int
    private let factors: [Int]
    /// `e^(-2πi k / count)`, of which the half-length transform uses every second.
    private let roots: [(real: Double, imaginary: Double)]

    package init(count: Int) {
        precondition(count > 0 && count % 2 == 0)
        self.count = count
        var (rest, factors) = (count / 2, [Int]())
        for factor in [4, 2, 3, 5] {
            while rest % factor == 0 {
                factors.append(factor)
                rest /= factor
            }
        }
        self.factors = rest == 1 ? factors : factors + [rest]
        roots = (0..<count).map {
            let angle = -2 * Double.pi * Double($0) / Double(count)
            return (cos(angle), sin(angle))
        }
    }

    /// The power `|X(k)|²` for `k` in `0...count/2`.
    package func power(_ frame: [Double]) -> [Double] {
        let half = count / 2
        // Even samples as real parts, odd ones as imaginary parts: one complex transform of half the length.
        let packed = (0..<half).map { (real: frame[2 * $0], imaginary: frame[2 * $0 + 1]) }
        var spectrum = packed
        transform(packed, 0, 1, &spectrum, 0, half, 0)
        return (0...half).map { k in
            let (a, b) = (spectrum[k % half], spectrum[(half - k) % half])
            let even = (real: (a.real + b.real) / 2, imaginary: (a.imaginary - b.imaginary) / 2)
            let odd = (real: (a.imaginary + b.imaginary) / 2, imaginary: (b.real - a.real) / 2)
            let root = roots[k % count]
            let real = even.real + odd.real * root.real - odd.imaginary * root.imaginary
            let imaginary = even.imaginary + odd.real * root.imaginary + odd.imaginary * root.real
            return real * real + imaginary * imaginary
        }
    }

    private typealias Complex = (real: Double, imaginary: Double)

    /// Decimation in time: transforms `length` elements from `start` with `step` into `output` from `offset`.
    private func transform(
        _ input: [Complex], _ start: Int, _ step: Int, _ output: inout [Complex], _ offset: Int, _ length: Int,
        _ level: Int
    ) {
        guard length > 1 else {
            output[offset] = input[start]
            return
        }
        let factor = factors[level]
        let part = length / factor
        for index in 0..<factor {
            transform(input, start + index * step, step * factor, &output, offset + index * part, part, level + 1)
        }
        let stride = count / length
        var values = [Complex](repeating: (0, 0), count: factor)
        for k in 0..<part {
            for index in 0..<factor { values[index] = output[offset + index * part + k] }
            for block in 0..<factor {
                let position = k + block * part
                var sum: Complex = (0, 0)
                for index in 0..<factor {
                    let root = roots[index * position * stride % count]
                    sum.real += values[index].real * root.real - values[index].imaginary * root.imaginary
                    sum.imaginary += values[index].real * root.imaginary + values[index].imaginary * root.real
                }
                output[offset + position] = sum
            }
        }
    }
}
