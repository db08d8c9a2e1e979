import Foundation

/// Changes the sampling rate of a stream of samples: a polyphase filter, a sinc under a Kaiser window.
///
/// Source: J. O. Smith, "Digital Audio Resampling", CCRMA.
public struct Resampler: Sendable {
    /// The ratio of the rates in lowest terms: `up` samples come out for `down` that go in.
    private let up: Int
    private let down: Int
    /// For each of `up` positions between two input samples, the weights of the input samples around it.
    private let phases: [Float]
    private let width: Int
    /// Input that later output still needs; starts with silence, as if that had come before.
    private var history: [Float]
    /// Where the next output lies, in units of 1/`up` input samples after the first weight's sample.
    private var position = 0

    /// Zero crossings of the sinc on each side; more make the passband's edge steeper.
    private static let crossings = 24.0
    /// Attenuates what would alias by about 90 dB.
    private static let kaiserBeta = 9.0
    /// The passband ends here, relative to half of the lower rate, so that the transition lies below it.
    private static let passband = 0.94
    /// Odd rates are met to one part in a million, which nobody hears, rather than with a table for each.
    private static let maximumPhases = 1000

    /// A resampler between two rates in hertz.
    public init(from input: Int, to output: Int) {
        precondition(input > 0 && output > 0)
        (up, down) = Self.ratio(output, input)
        let scale = min(1, Double(up) / Double(down)) * Self.passband
        let reach = Self.crossings / scale
        width = 2 * Int(reach.rounded(.up))
        phases = Self.table(up: up, width: width, scale: scale, reach: reach)
        history = [Float](repeating: 0, count: width / 2 - 1)
    }

    /// The samples that can be computed after these came.
    public mutating func process(_ samples: some Collection<Float>) -> [Float] {
        guard up != down else { return Array(samples) }
        history.append(contentsOf: samples)
        var output: [Float] = []
        output.reserveCapacity(history.count * up / down + 1)
        history.withUnsafeBufferPointer { history in
            phases.withUnsafeBufferPointer { phases in
                while position / up + width <= history.count {
                    let (first, phase) = (position / up, position % up)
                    var sum: Float = 0
                    for index in 0..<width { sum += history[first + index] * phases[phase * width + index] }
                    output.append(sum)
                    position += down
                }
            }
        }
        let used = min(position / up, history.count)
        history.removeFirst(used)
        position -= used * up
        return output
    }

    /// The samples that remain when nothing follows.
    public mutating func finish() -> [Float] {
        up == down ? [] : process(repeatElement(0, count: width / 2))
    }

    /// All samples at the other rate.
    public static func resample(_ samples: [Float], from input: Int, to output: Int) -> [Float] {
        var resampler = Resampler(from: input, to: output)
        return resampler.process(samples) + resampler.finish()
    }

    private static func ratio(_ output: Int, _ input: Int) -> (up: Int, down: Int) {
        var (a, b) = (output, input)
        while b != 0 { (a, b) = (b, a % b) }
        guard output / a > maximumPhases else { return (output / a, input / a) }
        let exact = Double(input) / Double(output)
        let error = { (up: Int) in abs((Double(up) * exact).rounded() / Double(up) - exact) }
        let up = (1...maximumPhases).min { error($0) < error($1) } ?? maximumPhases
        return (up, max(1, Int((Double(up) * exact).rounded())))
    }

    private static func table(up: Int, width: Int, scale: Double, reach: Double) -> [Float] {
        var table: [Float] = []
        table.reserveCapacity(up * width)
        for phase in 0..<up {
            let center = Double(width / 2 - 1) + Double(phase) / Double(up)
            let weights = (0..<width).map { weight(Double($0) - center, scale: scale, reach: reach) }
            // The weights of a phase sum to one, or a constant would come out with a ripple.
            let sum = weights.reduce(0, +)
            table.append(contentsOf: weights.map { Float($0 / sum) })
        }
        return table
    }

    private static func weight(_ distance: Double, scale: Double, reach: Double) -> Double {
        guard abs(distance) < reach else { return 0 }
        let x = Double.pi * distance * scale
        let sinc = abs(x) < 1e-9 ? 1 : sin(x) / x
        let edge = distance / reach
        return sinc * bessel(kaiserBeta * (1 - edge * edge).squareRoot()) / bessel(kaiserBeta)
    }

    /// The modified Bessel function of the first kind and order zero.
    private static func bessel(_ x: Double) -> Double {
        var (sum, term, index) = (1.0, 1.0, 1.0)
        while term > sum * 1e-12 {
            term *= (x / (2 * index)) * (x / (2 * index))
            sum += term
            index += 1
        }
        return sum
    }
}
