import CRealtime

/// Turns 24 kHz speech into Opus with in-band forward error correction.
package final class OpusEncoder {
    /// Bits a second: what speech needs to sound like the voice it was.
    static let bitRate: Int32 = 32_000
    // More costs more processor time than is heard at this rate.
    static let complexity: Int32 = 5

    private let pointer: OpaquePointer

    package init() throws(WebRTCError) {
        guard let pointer = rt_opus_encoder_create(Self.bitRate, Self.complexity) else {
            throw .libraryFailed("Opus could not make an encoder")
        }
        self.pointer = pointer
        expectLoss(percent: 0)
    }

    deinit {
        rt_opus_encoder_free(pointer)
    }

    /// How much loss to protect against. A little always is: a first loss comes without warning.
    package func expectLoss(percent: Int) {
        rt_opus_encoder_set_loss(pointer, Int32(min(max(percent, 5), 40)))
    }

    /// The packet for a frame, or nil when the library failed.
    package func encode(_ frame: UnsafeBufferPointer<Int16>) -> [UInt8]? {
        guard let samples = frame.baseAddress else { return nil }
        return takeBytes(capacity: 1000) { rt_opus_encode(pointer, samples, frame.count, $0, $1) }
    }
}

/// Turns Opus into 16 kHz mono sound, and guesses what is missing.
package final class OpusDecoder {
    static let sampleRate = 16_000
    // What Opus calls the finest grain of time, 2.5 ms.
    private static let grain = 40
    private static let longestPacket = 1920

    private let pointer: OpaquePointer

    package init() throws(WebRTCError) {
        guard let pointer = rt_opus_decoder_create() else {
            throw .libraryFailed("Opus could not make a decoder")
        }
        self.pointer = pointer
    }

    deinit {
        rt_opus_decoder_free(pointer)
    }

    /// How many samples a packet holds; 0 when it is malformed.
    package static func samples(in packet: [UInt8]) -> Int {
        rt_opus_packet_samples(packet, packet.count)
    }

    /// Whether the packet holds a coarse copy of the packet before it.
    package static func hasForwardErrorCorrection(_ packet: [UInt8]) -> Bool {
        rt_opus_packet_has_fec(packet, packet.count)
    }

    /// The packet's sound; empty when it is malformed.
    package func decode(_ packet: [UInt8]) -> [Float] {
        samples(Self.longestPacket) { rt_opus_decode(pointer, packet, packet.count, $0, Self.longestPacket) }
    }

    /// The last samples before this packet, from the coarse copy inside.
    package func decodeBefore(_ packet: [UInt8], samples count: Int) -> [Float] {
        let count = min(count, Self.longestPacket)
        return samples(count) { rt_opus_decode_fec(pointer, packet, packet.count, $0, count) }
    }

    /// A guess at what was lost, which fades into silence.
    package func conceal(samples count: Int) -> [Float] {
        var sound: [Float] = []
        while sound.count + Self.grain <= count {
            let part = min(count - sound.count, Self.longestPacket) / Self.grain * Self.grain
            let guess = samples(part) { rt_opus_conceal(pointer, $0, part) }
            guard !guess.isEmpty else { break }
            sound += guess
        }
        return sound
    }

    private func samples(_ count: Int, _ decode: (UnsafeMutablePointer<Float>) -> Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { buffer, written in
            written = buffer.baseAddress.map(decode) ?? 0
        }
    }
}
