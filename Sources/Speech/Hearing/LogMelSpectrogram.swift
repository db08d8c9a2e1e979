import Foundation

/// The log-mel spectrogram that Whisper's encoder reads, of the last eight seconds of a turn.
///
/// Source: `WhisperFeatureExtractor` of Hugging Face Transformers.
package struct LogMelSpectrogram {
    /// Bands on Slaney's mel scale, up to 8 kHz.
    package static let bandCount = 80
    /// Frames of 25 ms, every 10 ms.
    package static let frameCount = 800

    private static let sampleCount = 8 * 16_000
    private static let windowCount = 400
    private static let hop = 160

    private let transform = FourierTransform(count: windowCount)
    private let window: [Double]
    /// For each band, its first frequency and the weights from there on.
    private let filters: [(first: Int, weights: [Double])]

    package init() {
        window = (0..<Self.windowCount).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(Self.windowCount)) }
        filters = Self.makeFilters()
    }

    /// The features of 16 kHz samples, `[bands][frames]`; silence stands before a shorter turn.
    package func features(_ samples: [Float]) -> [Float] {
        let samples = samples.suffix(Self.sampleCount)
        let padding = Self.sampleCount - samples.count
        let normalized = Self.normalized(samples, padding: padding)
        var bands = [Double](repeating: 0, count: Self.bandCount * Self.frameCount)
        var loudest = -Double.infinity
        var silent: [Double]?
        for frame in 0..<Self.frameCount {
            // Frames within the padding are all alike.
            let start = frame * Self.hop - Self.windowCount / 2
            let isPadding = start >= 0 && start + Self.windowCount <= padding
            let powers = isPadding ? silent ?? melPowers(normalized, from: start) : melPowers(normalized, from: start)
            if isPadding { silent = powers }
            for (band, power) in powers.enumerated() {
                let logarithm = log10(max(1e-10, power))
                bands[band * Self.frameCount + frame] = logarithm
                loudest = max(loudest, logarithm)
            }
        }
        return bands.map { Float((max($0, loudest - 8) + 4) / 4) }
    }

    /// Mean 0 and variance 1, with the padding counted in.
    private static func normalized(_ samples: ArraySlice<Float>, padding: Int) -> [Double] {
        let count = Double(sampleCount)
        let mean = samples.reduce(0.0) { $0 + Double($1) } / count
        let squares = samples.reduce(Double(padding) * mean * mean) { $0 + (Double($1) - mean) * (Double($1) - mean) }
        let scale = 1 / (squares / count + 1e-7).squareRoot()
        return [Double](repeating: -mean * scale, count: padding) + samples.map { (Double($0) - mean) * scale }
    }

    private func melPowers(_ samples: [Double], from start: Int) -> [Double] {
        let frame = (0..<Self.windowCount).map { samples[Self.mirrored(start + $0)] * window[$0] }
        let powers = transform.power(frame)
        return filters.map { filter in
            zip(filter.weights, powers[filter.first...]).reduce(0) { $0 + $1.0 * $1.1 }
        }
    }

    /// Beyond its ends the signal is continued as its own mirror image.
    private static func mirrored(_ index: Int) -> Int {
        if index < 0 { return -index }
        return index < sampleCount ? index : 2 * (sampleCount - 1) - index
    }

    /// Triangles between neighbouring mels, each of area one.
    private static func makeFilters() -> [(first: Int, weights: [Double])] {
        let edges = (0...bandCount + 1).map { hertz(ofMel: mel(ofHertz: 8000) * Double($0) / Double(bandCount + 1)) }
        let frequencies = (0...windowCount / 2).map { Double($0) * 8000 / Double(windowCount / 2) }
        return (0..<bandCount).map { band in
            let (low, middle, high) = (edges[band], edges[band + 1], edges[band + 2])
            let weights = frequencies.map { frequency in
                max(0, min((frequency - low) / (middle - low), (high - frequency) / (high - middle)))
                    * 2 / (high - low)
            }
            let first = weights.firstIndex { $0 > 0 } ?? 0
            let last = weights.lastIndex { $0 > 0 } ?? first
            return (first, Array(weights[first...last]))
        }
    }

    /// Slaney's scale: linear up to 1 kHz, logarithmic above.
    private static func mel(ofHertz hertz: Double) -> Double {
        hertz < 1000 ? 3 * hertz / 200 : 15 + log(hertz / 1000) * 27 / log(6.4)
    }

    private static func hertz(ofMel mel: Double) -> Double {
        mel < 15 ? 200 * mel / 3 : 1000 * exp(log(6.4) / 27 * (mel - 15))
    }
}
