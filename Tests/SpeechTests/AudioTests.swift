import Foundation
import Speech
import Testing

@Suite("Changing the sampling rate") struct ResamplerTests {
    /// The noise that resampling adds to a sine, in dB below it; the ends, where the sine begins, are left out.
    private func signalToNoise(from input: Int, to output: Int, frequency: Double) -> Double {
        let samples = (0..<input).map { Float(0.8 * sin(2 * .pi * frequency * Double($0) / Double(input))) }
        let resampled = Resampler.resample(samples, from: input, to: output)
        var (signal, noise) = (0.0, 0.0)
        for index in output / 10..<output * 9 / 10 {
            let expected = 0.8 * sin(2 * .pi * frequency * Double(index) / Double(output))
            signal += expected * expected
            noise += (Double(resampled[index]) - expected) * (Double(resampled[index]) - expected)
        }
        return 10 * log10(signal / noise)
    }

    @Test(
        "a sine stays a sine",
        arguments: [
            (22_050, 24_000, 440.0), (22_050, 24_000, 9000), (44_100, 16_000, 1000), (48_000, 16_000, 6000),
            (8000, 16_000, 3000), (24_000, 16_000, 5000),
        ])
    func keepsSines(input: Int, output: Int, frequency: Double) {
        #expect(signalToNoise(from: input, to: output, frequency: frequency) > 75)
    }

    @Test("an odd rate is met to a few parts in a million")
    func meetsOddRates() {
        #expect(signalToNoise(from: 12_347, to: 16_000, frequency: 200) > 50)
    }

    @Test("what the lower rate cannot carry is removed, not folded down")
    func removesAliases() {
        let samples = (0..<48_000).map { Float(sin(2 * .pi * 11_000 * Double($0) / 48_000)) }
        let resampled = Resampler.resample(samples, from: 48_000, to: 16_000)
        #expect(resampled[1000..<15_000].allSatisfy { abs($0) < 1e-3 })
    }

    @Test("pieces of a stream give what the whole gives, in the same length")
    func streams() {
        var random = SeededRandom(3)
        let samples = (0..<5000).map { _ in Float.random(in: -1...1, using: &random) }
        var resampler = Resampler(from: 22_050, to: 24_000)
        var (pieces, position) = ([Float](), 0)
        while position < samples.count {
            let count = min(Int.random(in: 0...700, using: &random), samples.count - position)
            pieces += resampler.process(samples[position..<position + count])
            position += count
        }
        pieces += resampler.finish()
        #expect(pieces == Resampler.resample(samples, from: 22_050, to: 24_000))
        #expect(abs(pieces.count - 5000 * 24_000 / 22_050) <= 1)
    }

    @Test("the same rate changes nothing")
    func passesThrough() {
        #expect(Resampler.resample([0.1, 0.2], from: 16_000, to: 16_000) == [0.1, 0.2])
    }
}

@Suite("WAV files") struct WaveFileTests {
    private func header(
        code: UInt16 = 1, channels: UInt16 = 1, rate: UInt32 = 16_000, bits: UInt16 = 16, dataCount: UInt32
    ) -> [UInt8] {
        func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
        let frame = channels &* (bits / 8)
        return Array("RIFF".utf8) + bytes(36 &+ dataCount) + Array("WAVEfmt ".utf8) + bytes(UInt32(16)) + bytes(code)
            + bytes(channels) + bytes(rate) + bytes(rate &* UInt32(frame)) + bytes(frame) + bytes(bits)
            + Array("data".utf8) + bytes(dataCount)
    }

    @Test("what is written is read")
    func roundTrips() throws {
        let samples: [Float] = [0, 0.5, -0.5, 1, -1, 0.25]
        let read = try WaveFile(parsing: WaveFile(samples: samples, sampleRate: 24_000).bytes)
        #expect(read.sampleRate == 24_000)
        #expect(zip(read.samples, samples).allSatisfy { abs($0 - $1) < 1e-4 })
    }

    @Test("channels are averaged, and floats are read")
    func readsStereoFloats() throws {
        let values: [Float] = [0.5, 0.25, -1, 1, .nan, 0.5]
        let bytes = header(code: 3, channels: 2, bits: 32, dataCount: 24) + values.withUnsafeBytes { Array($0) }
        #expect(try WaveFile(parsing: bytes).samples == [0.375, 0, 0.25])
    }

    @Test("a length beyond the file means all there is")
    func readsStreamedFiles() throws {
        let bytes = header(dataCount: .max) + [0, 64, 0, 192]
        #expect(try WaveFile(parsing: bytes).samples == [0.5, -0.5])
    }

    @Test("unknown parts are skipped")
    func skipsOtherParts() throws {
        var bytes = header(dataCount: 2) + [0, 64]
        bytes.insert(contentsOf: Array("LIST".utf8) + [3, 0, 0, 0, 1, 2, 3, 0], at: 12)
        #expect(try WaveFile(parsing: bytes).samples == [0.5])
    }

    @Test(
        "what is no such file is refused with what was found",
        arguments: [
            ([], "RIFF"), (Array("RIFFxxxxWAVE".utf8), "no format"), (Array("ID3".utf8), "RIFF"),
        ])
    func refuses(bytes: [UInt8], reason: String) {
        let error = #expect(throws: SpeechError.self) { try WaveFile(parsing: bytes) }
        #expect("\(String(describing: error))".contains(reason))
    }

    @Test("formats that cannot be read are named")
    func refusesFormats() {
        for bytes in [
            header(code: 6, bits: 8, dataCount: 0), header(bits: 24, dataCount: 0), header(channels: 0, dataCount: 0),
            header(channels: 65_535, dataCount: 0), header(rate: 0, dataCount: 0), header(rate: .max, dataCount: 0),
        ] {
            #expect(throws: SpeechError.self) { try WaveFile(parsing: bytes + [0, 0, 0, 0]) }
        }
    }

    @Test("no bytes break the reader")
    func survivesDamage() {
        var random = SeededRandom(11)
        let whole = header(channels: 2, dataCount: 64) + [UInt8](repeating: 9, count: 64)
        for _ in 0..<3000 {
            var bytes = Array(whole.prefix(Int.random(in: 0...whole.count, using: &random)))
            for _ in 0..<4 where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let file = try? WaveFile(parsing: bytes) else { continue }
            #expect(file.samples.count <= 64)
        }
    }
}
