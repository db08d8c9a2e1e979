import Foundation

/// Sound in a WAV file: samples of one channel.
public struct WaveFile: Sendable, Equatable {
    /// Samples in -1…1.
    public var samples: [Float]
    /// Samples per second.
    public var sampleRate: Int

    /// Sound of this rate.
    public init(samples: [Float], sampleRate: Int) {
        self.samples = samples
        self.sampleRate = sampleRate
    }

    /// Reads 16-bit or 32-bit float PCM with any number of channels, which are averaged.
    ///
    /// A length of the samples that goes beyond the file, as programs leave it when they stream, means all there is.
    ///
    /// - Throws: ``SpeechError/invalidInput(_:)``, which says what was found.
    public init(parsing bytes: [UInt8]) throws(SpeechError) {
        let chunks = try Self.chunks(bytes)
        guard let header = chunks.first(where: { $0.name == "fmt " }) else { throw Self.wrong("has no format") }
        let format = try Format(header.content)
        guard let data = chunks.first(where: { $0.name == "data" }) else { throw Self.wrong("has no samples") }
        sampleRate = format.sampleRate
        samples = format.samples(data.content)
    }

    /// The file's bytes, in 16-bit PCM with one channel.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        let dataCount = UInt32(clamping: samples.count * 2)
        bytes.reserveCapacity(44 + Int(dataCount))
        func add(_ text: String) { bytes += Array(text.utf8) }
        add("RIFF")
        bytes.append(number: (36 + dataCount).littleEndian)
        add("WAVEfmt ")
        bytes.append(number: UInt32(16).littleEndian)
        for value in [UInt16(1), 1] { bytes.append(number: value.littleEndian) }
        for value in [UInt32(sampleRate), UInt32(sampleRate) * 2] { bytes.append(number: value.littleEndian) }
        for value in [UInt16(2), 16] { bytes.append(number: value.littleEndian) }
        add("data")
        bytes.append(number: dataCount.littleEndian)
        for sample in samples {
            bytes.append(number: Int16(max(-1, min(1, sample.isNaN ? 0 : sample)) * 32_767).littleEndian)
        }
        return bytes
    }

    /// The sound at 16 kHz, as hearing wants it.
    public var samplesForHearing: [Float] { Resampler.resample(samples, from: sampleRate, to: 16_000) }

    /// The named parts of a RIFF file. The last one may be cut short.
    private static func chunks(_ bytes: [UInt8]) throws(SpeechError) -> [(name: String, content: ArraySlice<UInt8>)] {
        var scanner = ByteScanner(bytes[...])
        guard scanner.text(4) == "RIFF", scanner.number(UInt32.self) != nil, scanner.text(4) == "WAVE" else {
            throw wrong("does not begin with RIFF and WAVE")
        }
        var chunks: [(name: String, content: ArraySlice<UInt8>)] = []
        var position = 12
        while bytes.count - position >= 8 {
            var head = ByteScanner(bytes[position...])
            guard let name = head.text(4), let size = head.number(UInt32.self) else { break }
            let start = position + 8
            let end = start + min(Int(UInt32(littleEndian: size)), bytes.count - start)
            chunks.append((name, bytes[start..<end]))
            // Parts begin at even places.
            position = end + (end - start) % 2
        }
        return chunks
    }

    fileprivate static func wrong(_ what: String) -> SpeechError {
        .invalidInput("the WAV file \(what); expected 16-bit or 32-bit float PCM")
    }
}

extension WaveFile {
    /// What the header of a file says about its samples.
    private struct Format {
        let isFloat: Bool
        let channelCount: Int
        let sampleRate: Int

        init(_ bytes: ArraySlice<UInt8>) throws(SpeechError) {
            var scanner = ByteScanner(bytes)
            guard var code = scanner.number(UInt16.self), let channels = scanner.number(UInt16.self),
                let rate = scanner.number(UInt32.self), scanner.number(UInt32.self) != nil,
                let frame = scanner.number(UInt16.self), let bits = scanner.number(UInt16.self)
            else { throw wrong("has a header that is too short") }
            // The extensible format says the same in its last field.
            if code == 0xfffe, scanner.number(UInt64.self) != nil { code = scanner.number(UInt16.self) ?? 0 }
            guard (code == 1 && bits == 16) || (code == 3 && bits == 32) else {
                throw wrong("has samples of format \(code) with \(bits) bits")
            }
            guard (1...64).contains(channels), Int(frame) == Int(channels) * Int(bits / 8) else {
                throw wrong("has \(channels) channels in frames of \(frame) bytes")
            }
            guard (4000...384_000).contains(rate) else { throw wrong("has \(rate) samples a second") }
            (isFloat, channelCount, sampleRate) = (code == 3, Int(channels), Int(rate))
        }

        func samples(_ bytes: ArraySlice<UInt8>) -> [Float] {
            let frameBytes = channelCount * (isFloat ? 4 : 2)
            let whole = bytes.prefix(bytes.count / frameBytes * frameBytes)
            var scanner = ByteScanner(whole)
            let values: [Float] =
                isFloat
                ? (scanner.numbers(Float.self) ?? []).map { $0.isFinite ? max(-1, min(1, $0)) : 0 }
                : (scanner.numbers(Int16.self) ?? []).map { Float($0) / 32_768 }
            guard channelCount > 1 else { return values }
            return stride(from: 0, to: values.count, by: channelCount).map { start in
                values[start..<start + channelCount].reduce(0, +) / Float(channelCount)
            }
        }
    }
}
