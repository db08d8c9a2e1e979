import Foundation
import JSON
import Speech
import Testing

/// The fixture was computed by Pipecat 1.14's `compute_whisper_log_mel_features` from the same signal.
@Suite("The log-mel spectrogram for the end of a turn") struct LogMelTests {
    /// Two tones, one of them rising, and noise.
    private static func signal(_ count: Int) -> [Float] {
        (0..<count).map { index in
            let i = Double(index)
            let tones = 0.3 * sin(2 * .pi * 220 * i / 16_000) + 0.1 * sin(2 * .pi * (300 + i * 0.02) * i / 16_000)
            return Float(tones + 0.05 * (Double(index * 7919 % 2003) / 2003 - 0.5))
        }
    }

    @Test("it is what the model was trained with", arguments: [24_000, 128_000, 150_000])
    func matchesReference(count: Int) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/speech/log_mel.json")
        let fixture = try JSONValue(parsing: Data(contentsOf: file))
        let features = LogMelSpectrogram().features(Self.signal(count))
        #expect(features.count == 80 * 800)
        for point in try #require(fixture["\(count)"]?.array) {
            let (band, frame) = (try #require(point[0]?.integer), try #require(point[1]?.integer))
            let expected = try #require(point[2]?.double)
            #expect(abs(Double(features[band * 800 + frame]) - expected) < 2e-4, "band \(band), frame \(frame)")
        }
        let mean = features.reduce(0) { $0 + Double($1) } / Double(features.count)
        #expect(abs(mean - (try #require(fixture["\(count).mean"]?.double))) < 1e-4)
    }

    @Test("silence gives no infinities")
    func survivesSilence() {
        #expect(LogMelSpectrogram().features([]).allSatisfy { $0.isFinite })
    }

    @Test("the transform's power is that of the definition", arguments: [2, 10, 16, 30, 400])
    func transforms(count: Int) {
        var random = SeededRandom(UInt64(count))
        let frame = (0..<count).map { _ in Double.random(in: -1...1, using: &random) }
        for (k, power) in FourierTransform(count: count).power(frame).enumerated() {
            let angles = (0..<count).map { -2 * Double.pi * Double(k * $0) / Double(count) }
            let real = zip(frame, angles).reduce(0) { $0 + $1.0 * cos($1.1) }
            let imaginary = zip(frame, angles).reduce(0) { $0 + $1.0 * sin($1.1) }
            #expect(abs(power - (real * real + imaginary * imaginary)) < 1e-9 * Double(count))
        }
    }
}
